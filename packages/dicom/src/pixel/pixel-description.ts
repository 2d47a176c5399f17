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
  /** Stored values that stand for "outside the picture", both ends included (PS3.3 C.7.5.1.1.2). */
  readonly padding: { readonly low: number; readonly high: number } | null;
  /** Height of a pixel divided by its width. */
  readonly pixelAspect: number;
}
