import { AppError } from '@archwire/contracts/app-error';
import type { DataSet } from 'dicom-parser';
import { assertFrameFits } from './assert-decodable.ts';
import type { FrameHead } from './frame-head.ts';
import type { ByteRange, FrameSource } from './frame-source.ts';
import type { StoredBytes } from './stored-bytes.ts';

interface NativeParts {
  readonly dataSet: DataSet;
  readonly pixelData: NonNullable<FrameHead['pixelData']>;
  readonly count: number;
  readonly stored: { open(): Promise<StoredBytes>; readonly direct: boolean };
  readonly bigEndian: boolean;
}

/** Frames of Pixel Data in native format: they follow one another without padding, 1-bit frames even without byte alignment. */
export function nativeFrames(parts: NativeParts): Pick<FrameSource, 'frame' | 'frameRanges'> {
  const { pixelData, stored, bigEndian } = parts;
  const { bits, bitsAllocated } = frameBits(parts.dataSet);

  const locate = async (frameNumber: number, object: StoredBytes) => {
    const firstBit = (frameNumber - 1) * bits;
    const offset = pixelData.offset + Math.floor(firstBit / 8);
    const shift = firstBit % 8;
    const length = Math.ceil((shift + bits) / 8);
    const end = Math.min(object.length, pixelData.offset + (pixelData.length ?? Infinity));
    if (offset + length > end) throw truncated(frameNumber);
    return { offset, length, shift };
  };

  return {
    frame: async (frameNumber) => {
      const object = await stored.open();
      const { offset, length, shift } = await locate(frameNumber, object);
      assertFrameFits(length);
      if (!bigEndian) {
        return shift === 0
          ? object.read(offset, length)
          : shiftBits(await object.read(offset, length), shift, bits);
      }
      // In big endian an 8-bit image with VR OW lies byte-swapped in pairs; with VR OB it does not (PS3.5 8.1).
      const unit = bitsAllocated > 8 ? bitsAllocated / 8 : pixelData.vr === 'OW' ? 2 : 1;
      return swapped(object, pixelData, { offset, length }, unit);
    },
    frameRanges: async (frameNumber) => {
      if (!stored.direct || bigEndian) return null;
      const { offset, length, shift } = await locate(frameNumber, await stored.open());
      return shift === 0 ? [{ offset, length }] : null;
    },
  };
}

function frameBits(dataSet: DataSet): { bits: number; bitsAllocated: number } {
  const rows = dataSet.uint16('x00280010') ?? 0;
  const columns = dataSet.uint16('x00280011') ?? 0;
  const bitsAllocated = dataSet.uint16('x00280100') ?? 0;
  const subsampled = ['YBR_FULL_422', 'YBR_PARTIAL_422'].includes(dataSet.string('x00280004') ?? '');
  const samples = subsampled ? 2 : (dataSet.uint16('x00280002') ?? 1);
  const bits = rows * columns * samples * bitsAllocated;
  if (bits === 0) {
    throw new AppError(
      'invalid',
      'Rows, Columns or Bits Allocated is missing or zero: frames cannot be located.',
    );
  }
  return { bits, bitsAllocated };
}

const truncated = (frameNumber: number) =>
  new AppError('invalid', 'Pixel Data ends before the frame does: the object was written incomplete.', {
    details: { frameNumber },
  });

async function swapped(
  object: StoredBytes,
  pixelData: { readonly offset: number },
  range: ByteRange,
  unit: number,
): Promise<Buffer> {
  // A frame of odd length starts in the middle of a word: read whole words and cut afterwards.
  const from = range.offset - ((range.offset - pixelData.offset) % unit);
  const to = Math.min(object.length, from + Math.ceil((range.offset + range.length - from) / unit) * unit);
  const bytes = Buffer.from(await object.read(from, to - from));
  if (unit === 2 && bytes.length % 2 === 0) bytes.swap16();
  if (unit === 4) bytes.swap32();
  if (unit === 8) bytes.swap64();
  return bytes.subarray(range.offset - from, range.offset - from + range.length);
}

function shiftBits(bytes: Buffer, shift: number, bits: number): Buffer {
  const out = Buffer.alloc(Math.ceil(bits / 8));
  for (let i = 0; i < out.length; i++) {
    out[i] = ((bytes[i] ?? 0) >> shift) | ((bytes[i + 1] ?? 0) << (8 - shift));
  }
  return out;
}
