import type { InstanceHead } from '../instance-head.ts';
import { inflatedBytes } from '../pixel/inflated-bytes.ts';
import type { StoredBytes } from '../pixel/stored-bytes.ts';
import type { Encoding } from '../read-element.ts';
import { toLittleEndian } from './rewrite-elements.ts';

/** A multiple of every word, so that words can be turned chunk by chunk. */
const CHUNK = 1_048_576;

/** Native Pixel Data in pieces, little endian; without the byte that an odd length lacks. */
export async function* nativePixels(
  { head, stored }: { readonly head: InstanceHead; readonly stored: StoredBytes },
  from: Encoding,
  pixels: { readonly offset: number; readonly length: number; readonly vr: string },
  deflated: boolean,
): AsyncGenerator<Buffer, void, undefined> {
  const object = deflated ? await inflatedBytes(stored) : stored;
  const bits = head.dataSet.uint16('x00280100') ?? 16;
  const words = ['OB', 'OF', 'OD'].includes(pixels.vr) ? pixels.vr : bits === 32 ? 'OL' : 'OW';
  for (let at = 0; at < pixels.length; at += CHUNK) {
    const bytes = await object.read(pixels.offset + at, Math.min(CHUNK, pixels.length - at));
    yield from.littleEndian ? bytes : toLittleEndian(bytes, words);
  }
}
