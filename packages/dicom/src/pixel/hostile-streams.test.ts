// Real: the codecs in pixel threads, DCMTK's and GDCM's encoders for the streams that are damaged here.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@archwire/contracts/app-error';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeFrame } from './decode-frame.ts';
import { describePixels } from './describe-pixels.ts';
import { frameSource } from './frame-source.ts';
import type { PixelDescription } from './pixel-description.ts';
import { createPixelPool } from './pixel-pool.ts';
import { storedBuffer } from './stored-bytes.ts';
import { digestOf } from './testing/decode-object.ts';
import { headOf } from './testing/head-of.ts';
import { madeObjects } from './testing/made-objects.ts';

const CODINGS = [
  'RLE by DCMTK, colour',
  'baseline by DCMTK, YBR',
  'extended by DCMTK',
  'lossless SV1 by DCMTK, signed',
  'JPEG-LS by line, by DCMTK',
  'JPEG 2000 by GDCM, colour',
  'by OpenJPH',
  'deflated frames',
] as const;

interface Stream {
  readonly description: PixelDescription;
  readonly bytes: Buffer;
  readonly digest: string;
}

const pool = createPixelPool({ threads: 1 });
const streams = new Map<string, Stream>();
const folder = mkdtempSync(join(tmpdir(), 'archwire-hostile-'));

const digest = ({ samples }: Awaited<ReturnType<typeof pool.decode>>): string =>
  digestOf(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));

beforeAll(async () => {
  for (const { name, bytes } of await madeObjects(folder)) {
    if (!CODINGS.some((coding) => coding === name)) continue;
    const head = headOf(bytes);
    const description = describePixels(head, 1);
    const frame = Buffer.from(await frameSource(head, storedBuffer(bytes)).frame(1));
    streams.set(name, { description, bytes: frame, digest: digest(await decodeFrame(description, frame)) });
  }
});
afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true });
});

const stream = (name: string): Stream => {
  const found = streams.get(name);
  if (found === undefined) throw new Error(`${name} was not made.`);
  return found;
};

/** Decoded in the one thread, so that whatever a damaged stream leaves behind meets the next. */
const decoded = async ({ description }: Stream, bytes: Buffer) =>
  await pool.decode(description, Buffer.from(bytes)).then(digest, (error: unknown) => {
    if (error instanceof AppError) return { kind: error.kind };
    throw error;
  });

/** Bytes overwritten (those of the headers more often), or the rest cut off. */
const damage = fc.record({
  coding: fc.constantFrom(...CODINGS),
  bytes: fc.array(fc.tuple(fc.oneof(fc.nat(150), fc.nat(5000)), fc.nat(255)), { minLength: 1, maxLength: 4 }),
  cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
});

describe('a damaged code stream', () => {
  it(
    'is an image of the right size or a reason, never anything else; what comes next decodes exactly',
    { timeout: 300_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(damage, async ({ coding, bytes, cut }) => {
          const good = stream(coding);
          const damaged = Buffer.from(
            good.bytes.subarray(0, cut === null ? undefined : Math.floor(cut * good.bytes.length)),
          );
          for (const [at, value] of bytes) if (at < damaged.length) damaged[at] = value;
          const outcome = await decoded(good, damaged);
          if (typeof outcome !== 'string')
            expect(['invalid', 'too-large', 'unsupported']).toContain(outcome.kind);
          expect(await decoded(good, good.bytes)).toBe(good.digest);
        }),
        { numRuns: 60, endOnFailure: true },
      );
    },
  );

  it('that makes WebAssembly trap is a reason, and the codec is made anew', async () => {
    for (const name of ['JPEG-LS by line, by DCMTK', 'by OpenJPH']) {
      const good = stream(name);
      // A component count or level count that the decoder did not expect: it aborts.
      const traps: unknown[] = [];
      for (let at = 4; at < 60 && traps.length < 2; at++) {
        const damaged = Buffer.from(good.bytes);
        damaged[at] = 0xff;
        await decodeFrame(good.description, damaged).catch((error: unknown) => {
          if (
            error instanceof AppError &&
            error.cause instanceof Error &&
            error.cause.name === 'RuntimeError'
          )
            traps.push(error.kind);
        });
        expect(digest(await decodeFrame(good.description, good.bytes))).toBe(good.digest);
      }
      expect([name, traps]).toEqual([name, ['invalid', 'invalid']]);
    }
  });

  it('that claims far more than it holds is refused before memory is taken for it', async () => {
    const { description, bytes } = stream('JPEG 2000 by GDCM, colour');
    const vast = Buffer.from(bytes);
    vast.writeUInt32BE(8000, 8);
    vast.writeUInt32BE(8000, 12);
    const before = process.memoryUsage.rss();
    await expect(decodeFrame({ ...description, rows: 8000, columns: 8000 }, vast)).rejects.toMatchObject({
      kind: 'too-large',
    });
    expect(process.memoryUsage.rss() - before).toBeLessThan(50_000_000);
    const lossless = stream('lossless SV1 by DCMTK, signed');
    const tall = Buffer.from(lossless.bytes);
    const header = tall.indexOf(Buffer.from([0xff, 0xc3]));
    tall.writeUInt16BE(5000, header + 5);
    tall.writeUInt16BE(5000, header + 7);
    await expect(
      decodeFrame({ ...lossless.description, rows: 5000, columns: 5000 }, tall),
    ).rejects.toMatchObject({
      kind: 'invalid',
      message: 'The compressed frame is damaged: it holds too few bytes for its image.',
    });
  });
});

it(
  'a thread that runs out of memory ends with a reason, and the next frame gets another',
  { timeout: 120_000 },
  async () => {
    const good = stream('by OpenJPH');
    expect(await decoded(good, good.bytes)).toBe(good.digest);
    await expect(
      pool.placeholder({ reason: 'no-picture', label: 'W'.repeat(20_000_000) }),
    ).rejects.toMatchObject({
      kind: 'too-large',
    });
    expect(await decoded(good, good.bytes)).toBe(good.digest);
  },
);
