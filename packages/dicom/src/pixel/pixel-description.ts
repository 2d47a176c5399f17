import type { PictureAdjustment } from '@archwire/contracts';
/** A DICOM look-up table: values below `first` map to the first entry, values above the last to the last (PS3.3 C.11.1.1.1). */
export interface LookupTable {
  readonly first: number;
  /** Bits of an entry: 8 to 16. */
  readonly bits: number;
  readonly entries: Uint16Array;
}

export interface Window {
  readonly center: number;
  readonly width: number;
  /** VOI LUT Function (0028,1056). */
  readonly function: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';
}

/** Graphics over the image: one bit per pixel (PS3.3 C.9.2). */
export interface Overlay {
  readonly rows: number;
  readonly columns: number;
  /** Where its first pixel lies on the image, from 0; may be negative. */
  readonly top: number;
  readonly left: number;
  /** Bits in order of the pixels, the lowest of a byte first; or the bit of the image's own words that holds them (retired). */
  readonly bits: Uint8Array | { readonly bit: number };
  /** Gray of the graphics, 0 to 255. */
  readonly gray: number;
}

/** What is covered (PS3.3 C.7.6.11 and C.7.6.15); positions are pixels from 0. Only what every shape leaves open is seen. */
export interface Shutter {
  readonly rectangle: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  } | null;
  readonly circle: { readonly x: number; readonly y: number; readonly radius: number } | null;
  readonly polygon: readonly (readonly [x: number, y: number])[] | null;
  readonly bitmap: Overlay | null;
  /** Gray of what is covered, 0 to 255. */
  readonly gray: number;
}

/** Everything needed to decode and show one frame, as plain data that can be sent to another thread. No patient data. */
export interface PixelDescription {
  readonly transferSyntaxUid: string;
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  /** Float Pixel Data or Double Float Pixel Data instead of integers. */
  readonly floating: boolean;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** Planar Configuration 1: all of one colour, then all of the next. */
  readonly planar: boolean;
  readonly photometricInterpretation: string;
  readonly palette: {
    readonly red: LookupTable;
    readonly green: LookupTable;
    readonly blue: LookupTable;
  } | null;
  readonly modality: { readonly slope: number; readonly intercept: number } | { readonly lut: LookupTable };
  /** The first window, else the first VOI LUT; `null`: from the smallest to the largest value present. */
  readonly voi: { readonly window: Window } | { readonly lut: LookupTable } | null;
  /** Low values are bright: MONOCHROME1, or Presentation LUT Shape INVERSE (which says the same). */
  readonly inverted: boolean;
  /** Applied to what the VOI gives, over its whole range; it decides the polarity too (PS3.3 C.11.6). */
  readonly presentationLut: LookupTable | null;
  /** Stored values that stand for "outside the picture", both ends included (PS3.3 C.7.5.1.1.2). */
  readonly padding: { readonly low: number; readonly high: number } | null;
  /** Height of a pixel divided by its width. */
  readonly pixelAspect: number;
  /** Of colour images: how their colours are meant; `null` is sRGB, or nobody knows. */
  readonly iccProfile: Uint8Array | null;
  readonly overlays: readonly Overlay[];
  readonly shutter: Shutter | null;
  /** How a person wants the pictures of it; decoding and rendering know nothing of it. */
  readonly adjustment?: PictureAdjustment;
}
