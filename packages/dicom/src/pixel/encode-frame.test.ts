// Real: OpenJPH's encoder and two decoders of HTJ2K.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame } from './decode-frame.ts';
import { encodeFrame } from './encode-frame.ts';
import type { PixelDescription } from './pixel-description.ts';
import { describePixels } from './describe-pixels.ts';
import { storedValues } from './stored-values.ts';
import { headOf } from './testing/head-of.ts';
import { grayImage, part10 } from './testing/part10.ts';

const HTJ2K_RPCL = '1.2.840.10008.1.2.4.202';

const described = (rows: number, columns: number, more = {}): PixelDescription =>
  describePixels(headOf(part10({ elements: grayImage(rows, columns, more) })), 1);
const signed = { '00280101 US': [16], '00280102 US': [15], '00280103 US': [1] };
const words = (values: readonly number[]): Buffer => Buffer.from(Int16Array.from(values).buffer);
/** What a client sees that decodes the stream; its size is the frame's at that resolution. */
const seen = async (description: PixelDescription, stream: Uint8Array, rows: number, columns: number) => [
  ...storedValues(
    await decodeFrame({ ...description, transferSyntaxUid: HTJ2K_RPCL, rows, columns }, Buffer.from(stream)),
  ),
];

describe('a frame as a code stream of HTJ2K', () => {
  it('has every stored value, signed ones too, whatever lies above the stored bits', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 48, maxLength: 48 }),
        async (values) => {
          const asSigned = described(6, 8, signed);
          const stream = await encodeFrame(asSigned, words(values), 0);
          expect(await seen(asSigned, stream, 6, 8)).toEqual(values);
          const twelve = described(6, 8, { '00280101 US': [12], '00280102 US': [11] });
          const low = await encodeFrame(twelve, words(values), 0);
          expect(await seen(twelve, low, 6, 8)).toEqual(values.map((value) => value & 4095));
        },
      ),
      { numRuns: 20 },
    );
  });

  it('at a quarter of its size has the averages of squares of four, and a fraction of the bytes', async () => {
    const values = Array.from({ length: 10 * 8 }, (_, i) => (i % 8) * 100 - 300);
    const description = described(10, 8, signed);
    const stream = await encodeFrame(description, words(values), 2);
    const row = [-150, 250];
    expect(await seen(description, stream, 3, 2)).toEqual([...row, ...row, ...row]);

    const soft = Array.from({ length: 256 * 256 }, (_, i) => ((i * 7919) % 61) + Math.floor((i % 256) * 3));
    const large = described(256, 256, signed);
    const quarter = await encodeFrame(large, words(soft), 2);
    expect(quarter.length).toBeLessThan((256 * 256 * 2) / 20);
  });

  it('says what it cannot encode', async () => {
    const wide = described(2, 2, { '00280100 US': [32], '00280101 US': [32], '00280102 US': [31] });
    await expect(encodeFrame(wide, Buffer.alloc(16), 0)).rejects.toMatchObject({ kind: 'unsupported' });
  });
});
