import { createHash } from 'node:crypto';
import { decodeFrame, type DecodedFrame } from '../decode-frame.ts';
import { describePixels } from '../describe-pixels.ts';
import { frameSource } from '../frame-source.ts';
import { storedBuffer } from '../stored-bytes.ts';
import { storedValues } from '../stored-values.ts';
import { headOf } from './head-of.ts';

const ARRAYS = {
  signed: { 8: Int8Array, 16: Int16Array, 32: Int32Array },
  unsigned: { 8: Uint8Array, 16: Uint16Array, 32: Uint32Array },
};

/** All stored values of an object, little endian in the smallest type of Bits Allocated; `undefined` without Pixel Data. */
export async function pixelValues(bytes: Buffer): Promise<Buffer | undefined> {
  const head = headOf(bytes);
  if (head.pixelData === null) return undefined;
  const source = frameSource(head, storedBuffer(bytes));
  const frames: Uint8Array[] = [];
  for (let n = 1; n <= source.count; n++) {
    frames.push(valueBytes(await decodeFrame(describePixels(head, n), await source.frame(n))));
  }
  return Buffer.concat(frames);
}

function valueBytes(frame: DecodedFrame): Uint8Array {
  const { samples, bitsAllocated } = frame;
  if (samples instanceof Float32Array || samples instanceof Float64Array || bitsAllocated === 64) {
    return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  }
  const values = ARRAYS[frame.signed ? 'signed' : 'unsigned'][bitsAllocated].from(storedValues(frame));
  return new Uint8Array(values.buffer);
}

/** Start of the sha256 of values as `pixel-oracle.py` computes it. */
export const digestOf = (values: Uint8Array): string =>
  createHash('sha256').update(values).digest('hex').slice(0, 16);

/** Of all stored values; `undefined` without Pixel Data. */
export async function pixelDigest(bytes: Buffer): Promise<string | undefined> {
  const values = await pixelValues(bytes);
  return values && digestOf(values);
}
