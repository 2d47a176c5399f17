import { AppError } from '@archwire/contracts/app-error';
import { inflateRawSync } from 'node:zlib';
import { assertDecodable, MAX_FRAME_BYTES } from './assert-decodable.ts';
import { decodeRle } from './decode-rle.ts';
import { inspectCodestream } from './inspect-codestream.ts';
import type { PixelDescription } from './pixel-description.ts';
import { upsample422 } from './upsample-422.ts';

/** One decoded frame: samples interleaved by pixel, as bit patterns of `bitsAllocated` bits (see `storedValueOf`) or as numbers. */
export interface DecodedFrame {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly bitsAllocated: 8 | 16 | 32 | 64;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** Of these samples: the codec may have turned YBR_ICT and YBR_RCT into RGB. */
  readonly photometricInterpretation: string;
  readonly samples: Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;
}

/**
 * Decodes the bytes that `FrameSource.frame` returned.
 * @throws AppError `unsupported` (JPEG XL, video), `too-large`, `invalid` (damaged, cut short, or of another size
 *   than the data set says).
 */
export async function decodeFrame(description: PixelDescription, bytes: Buffer): Promise<DecodedFrame> {
  const { rows, columns, samplesPerPixel, bitsAllocated } = description;
  const coding = assertDecodable(description);
  switch (coding) {
    case 'native':
    case 'deflated':
    case 'big-endian':
      return decodeNative(description, bytes);
    case 'deflated-frame':
      return decodeNative(description, inflateFrame(bytes));
    case 'rle':
      return frameOf(
        description,
        decodeRle(bytes, rows * columns, samplesPerPixel, Math.ceil(bitsAllocated / 8)),
        bitsAllocated,
      );
    default:
      return decodeCodestream(description, bytes, coding);
  }
}

function inflateFrame(bytes: Buffer): Buffer {
  try {
    return inflateRawSync(bytes, { maxOutputLength: MAX_FRAME_BYTES });
  } catch (cause) {
    throw new AppError('invalid', 'The deflated frame is damaged: it does not inflate.', { cause });
  }
}

function decodeNative(description: PixelDescription, bytes: Buffer): DecodedFrame {
  const { rows, columns, samplesPerPixel, bitsAllocated, photometricInterpretation } = description;
  const pixels = rows * columns;
  const subsampled = photometricInterpretation.endsWith('_422') && samplesPerPixel === 3;
  const samples = pixels * (subsampled ? 2 : samplesPerPixel);
  if (bytes.length < Math.ceil((samples * bitsAllocated) / 8)) {
    throw new AppError('invalid', 'Pixel Data is shorter than the image.');
  }
  if (bitsAllocated === 1) return frameOf(description, unpackBits(bytes, samples), 8);
  const data = bytes.subarray(0, (samples * bitsAllocated) / 8);
  if (subsampled) return frameOf(description, upsample422(data, pixels), bitsAllocated);
  const { planar } = description;
  return frameOf(
    description,
    planar && samplesPerPixel > 1 ? interleave(data, pixels, samplesPerPixel, bitsAllocated / 8) : data,
    bitsAllocated,
  );
}

async function decodeCodestream(
  description: PixelDescription,
  bytes: Buffer,
  coding: 'jpeg' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k',
): Promise<DecodedFrame> {
  const { rows, columns, samplesPerPixel } = description;
  const stream = inspectCodestream(bytes, coding);
  if (stream.rows !== rows || stream.columns !== columns || stream.components !== samplesPerPixel) {
    throw new AppError('invalid', 'The compressed frame has another size than the data set says.', {
      details: { rows, columns, samplesPerPixel, stream },
    });
  }
  // Loaded when the first code stream comes: most frames are uncompressed, and a thread that starts does not wait for it.
  const { decodeWithNativeCodecs } = await import('./native-codecs.ts');
  assertPlausible(rows * columns * samplesPerPixel * (stream.precision > 8 ? 2 : 1), bytes.length);
  const decoded = await decodeWithNativeCodecs(bytes, coding, description, stream);
  const bytesPerSample = decoded.bitsAllocated / 8;
  const pixels = rows * columns;
  if (decoded.data.length !== pixels * samplesPerPixel * bytesPerSample) {
    throw new AppError('invalid', 'The compressed frame is damaged: it decodes to another size.');
  }
  const data =
    decoded.planar && samplesPerPixel > 1
      ? interleave(decoded.data, pixels, samplesPerPixel, bytesPerSample)
      : decoded.data;
  const transformed = ['YBR_ICT', 'YBR_RCT'].includes(description.photometricInterpretation);
  return {
    ...frameOf(description, data, decoded.bitsAllocated),
    // A code stream is right-aligned; High Bit describes native words only.
    highBit: description.bitsStored - 1,
    ...(transformed ? { photometricInterpretation: 'RGB' } : {}),
  };
}

/** Frames below this cost little, whatever they claim. */
const LARGE_FRAME_BYTES = 32 * 1024 * 1024;
const MOST_FOR_A_BYTE = 5000;

/** Some codecs make an image of any size from a few bytes: a gigabyte of memory for whoever sends three kilobytes. */
function assertPlausible(decodedBytes: number, codedBytes: number): void {
  if (decodedBytes > LARGE_FRAME_BYTES && decodedBytes > codedBytes * MOST_FOR_A_BYTE) {
    throw new AppError('too-large', 'The compressed frame claims more pixels than its bytes can hold.', {
      details: { decodedBytes, codedBytes },
    });
  }
}

function frameOf(description: PixelDescription, data: Uint8Array, bitsAllocated: number): DecodedFrame {
  const { rows, columns, samplesPerPixel, bitsStored, highBit, signed, photometricInterpretation } =
    description;
  const common = { rows, columns, samplesPerPixel, bitsStored, highBit, signed, photometricInterpretation };
  if (bitsAllocated === 16) return { ...common, bitsAllocated, samples: words(data) };
  if (description.floating) {
    return bitsAllocated === 64
      ? { ...common, bitsAllocated, samples: new Float64Array(aligned(data)) }
      : { ...common, bitsAllocated: 32, samples: new Float32Array(aligned(data)) };
  }
  if (bitsAllocated === 32) return { ...common, bitsAllocated, samples: new Uint32Array(aligned(data)) };
  return { ...common, bitsAllocated: 8, samples: data };
}

const words = (data: Uint8Array) => new Uint16Array(aligned(data));

/** A buffer that starts where the bytes start, copied only when it does not. */
function aligned(data: Uint8Array): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = data;
  return buffer instanceof ArrayBuffer && byteOffset === 0 && buffer.byteLength === byteLength
    ? buffer
    : new Uint8Array(data).buffer;
}

function unpackBits(bytes: Buffer, count: number): Uint8Array {
  const out = new Uint8Array(count);
  for (let i = 0; i < count; i++) out[i] = ((bytes[i >> 3] ?? 0) >> (i & 7)) & 1;
  return out;
}

function interleave(
  data: Uint8Array,
  pixels: number,
  samplesPerPixel: number,
  bytesPerSample: number,
): Uint8Array {
  const out = new Uint8Array(data.length);
  for (let sample = 0; sample < samplesPerPixel; sample++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const from = (sample * pixels + pixel) * bytesPerSample;
      const to = (pixel * samplesPerPixel + sample) * bytesPerSample;
      for (let byte = 0; byte < bytesPerSample; byte++) out[to + byte] = data[from + byte] ?? 0;
    }
  }
  return out;
}
