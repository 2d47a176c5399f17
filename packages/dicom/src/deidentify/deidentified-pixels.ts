import { AppError } from '@archwire/contracts/app-error';
import { describePixels } from '../pixel/describe-pixels.ts';
import { frameSource } from '../pixel/frame-source.ts';
import { pixelCoding } from '../pixel/pixel-transfer-syntax.ts';
import { readPart10 } from '../read-part10.ts';
import { UNDEFINED_LENGTH } from '../read-element.ts';
import { decodedFrames } from '../transcode/decoded-frames.ts';
import { nativePixels } from '../transcode/native-pixels.ts';
import { elementHeader, itemHeader, type NewValue } from '../transcode/rewrite-elements.ts';
import type { TranscodeParts } from '../transcode/transcode-data-set.ts';
import { blankComments } from './blank-comments.ts';
import { blankRegions, type FrameLayout } from './blank-regions.ts';
import type { CleanRegion } from './deidentify-profile.ts';

const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const TO = { explicitVr: true };
const OFFSET_TABLES: readonly (readonly [string, null])[] = [
  ['x7fe00001', null],
  ['x7fe00002', null],
  ['x7fe00003', null],
];

/** Pixel Data of a de-identified object, header included, and what the data set must say of it. */
export interface DeidentifiedPixels {
  readonly TransferSyntaxUID: string;
  readonly changes: ReadonlyMap<string, NewValue | null>;
  bytes(): AsyncGenerator<Buffer, void, undefined>;
}

const layoutOf = (parts: TranscodeParts): FrameLayout => {
  const { rows, columns, samplesPerPixel, bitsAllocated, planar, photometricInterpretation } = describePixels(
    parts.head,
    1,
  );
  if (bitsAllocated % 8 !== 0 || photometricInterpretation === 'YBR_FULL_422')
    throw new AppError('unsupported', 'Regions of pixels of this form cannot be blanked.');
  const bytesPerSample = bitsAllocated / 8;
  return { rows, columns, samplesPerPixel, bytesPerSample, planar, photometricInterpretation };
};

/** Decoded, blanked where asked, and left uncompressed: every other pixel keeps its value. */
const decoded = async (
  parts: TranscodeParts,
  regions: readonly CleanRegion[],
): Promise<DeidentifiedPixels> => {
  const frames = await decodedFrames(parts.head, parts.stored, parts.decode);
  const { rows, columns, samplesPerPixel } = describePixels(parts.head, 1);
  const said = frames.changes.get('x00280004')?.value.toString('latin1').trim() ?? '';
  const bits = frames.changes.get('x00280100')?.value.readUInt16LE() ?? 8;
  const layout: FrameLayout = {
    rows,
    columns,
    samplesPerPixel,
    bytesPerSample: bits / 8,
    planar: false,
    photometricInterpretation: said,
  };
  return {
    TransferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN,
    changes: frames.changes,
    async *bytes() {
      yield elementHeader(0x7fe00010, frames.vr, frames.length, TO);
      for await (const frame of frames.bytes()) {
        // The byte that makes the length even comes last, on its own.
        if (frame.length > 1) blankRegions(frame, layout, regions);
        yield frame;
      }
    },
  };
};

/** The same code streams, each as one fragment, without the comments that they carry. */
const sameCompressed = (parts: TranscodeParts): DeidentifiedPixels => {
  const { TransferSyntaxUID } = parts.head.header;
  if (pixelCoding(TransferSyntaxUID) === undefined)
    throw new AppError('unsupported', 'Compressed pixels of this kind may carry words that cannot be found.');
  const source = frameSource(parts.head, parts.stored);
  return {
    TransferSyntaxUID,
    changes: new Map(OFFSET_TABLES),
    async *bytes() {
      yield elementHeader(0x7fe00010, 'OB', UNDEFINED_LENGTH, TO);
      yield itemHeader(0);
      for (let n = 1; n <= source.count; n += 1) {
        const frame = Buffer.from(await source.frame(n));
        blankComments(frame);
        yield itemHeader(frame.length + (frame.length % 2));
        yield frame;
        if (frame.length % 2 === 1) yield Buffer.alloc(1);
      }
      yield Buffer.from('feffdde000000000', 'hex');
    },
  };
};

const native = (
  parts: TranscodeParts,
  pixels: { readonly offset: number; readonly length: number; readonly tag: number; readonly vr: string },
  regions: readonly CleanRegion[],
): DeidentifiedPixels => {
  const { head, stored } = parts;
  const vr = pixels.vr === 'UN' || pixels.vr === '' ? 'OW' : pixels.vr;
  const layout = regions.length === 0 ? undefined : layoutOf(parts);
  const { encoding, deflated } = readPart10(head.bytes, head.header.TransferSyntaxUID);
  const length = pixels.length + (pixels.length % 2);
  return {
    TransferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN,
    changes: new Map(OFFSET_TABLES),
    async *bytes() {
      yield elementHeader(pixels.tag, vr, length, TO);
      if (layout === undefined) {
        yield* nativePixels(parts, encoding, { ...pixels, vr }, deflated);
        if (pixels.length % 2 === 1) yield Buffer.alloc(1);
        return;
      }
      const source = frameSource(head, stored);
      let sent = 0;
      for (let n = 1; n <= source.count; n += 1) {
        const frame = Buffer.from(await source.frame(n));
        blankRegions(frame, layout, regions);
        sent += frame.length;
        yield frame;
      }
      // Padding behind the last frame.
      if (sent < length) yield Buffer.alloc(length - sent);
    },
  };
};

/**
 * The pixels of an object with `regions` blanked; without regions they are as they were, but for comments of their code
 * streams. Compressed pixels become uncompressed ones where regions are blanked or `uncompressed` asks for it. @throws AppError `unsupported`, `too-large`,
 * `invalid` for what can be known before the first byte.
 */
export const deidentifiedPixels = async (
  parts: TranscodeParts,
  regions: readonly CleanRegion[],
  uncompressed: boolean,
): Promise<DeidentifiedPixels | undefined> => {
  const { pixelData } = parts.head;
  if (pixelData === null) return undefined;
  const { length } = pixelData;
  if (length !== undefined) return native(parts, { ...pixelData, length }, regions);
  return regions.length === 0 && !uncompressed ? sameCompressed(parts) : await decoded(parts, regions);
};
