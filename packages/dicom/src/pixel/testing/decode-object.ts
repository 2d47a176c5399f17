import { createHash } from 'node:crypto';
import { decodeFrame } from '../decode-frame.ts';
import { describePixels } from '../describe-pixels.ts';
import { frameSource } from '../frame-source.ts';
import { storedBuffer } from '../stored-bytes.ts';
import { storedValues } from '../stored-values.ts';
import { headOf } from './head-of.ts';

const ARRAYS = {
  signed: { 8: Int8Array, 16: Int16Array, 32: Int32Array },
  unsigned: { 8: Uint8Array, 16: Uint16Array, 32: Uint32Array },
};

/** Start of the sha256 of all stored values, as `pixel-oracle.py` computes it; `undefined` without Pixel Data. */
export async function pixelDigest(bytes: Buffer): Promise<string | undefined> {
  const head = headOf(bytes);
  if (head.pixelData === null) return undefined;
  const source = frameSource(head, storedBuffer(bytes));
  const hash = createHash('sha256');
  for (let n = 1; n <= source.count; n++) {
    const frame = await decodeFrame(describePixels(head, n), await source.frame(n));
    const values = ARRAYS[frame.signed ? 'signed' : 'unsigned'][frame.bitsAllocated].from(
      storedValues(frame),
    );
    hash.update(new Uint8Array(values.buffer));
  }
  return hash.digest('hex').slice(0, 16);
}
