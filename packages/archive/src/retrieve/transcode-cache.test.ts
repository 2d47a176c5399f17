// Real: files on the disk of this machine, pixel threads. Counted: how often a frame is decoded.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createPixelPool,
  recompressBytes,
  openRecompressed,
  storedBuffer,
  type StoredBytes,
} from '@archwire/dicom';
import { grayImage, part10 } from '@archwire/dicom/testing';
import { createHash } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { createTranscodeCache } from './transcode-cache.ts';
import { transcodeInstance } from './transcode-instance.ts';

const home = mkdtempSync(join(tmpdir(), 'archwire-transcode-cache-'));
const pixels = createPixelPool({ threads: 1 });
afterAll(async () => {
  await pixels.close();
  rmSync(home, { recursive: true, force: true });
});

/** An object in HTJ2K. */
const compressed = async (): Promise<Buffer> => {
  const pixelData = Buffer.alloc(100 * 120 * 2 * 2);
  for (let at = 0; at < pixelData.length; at += 2) pixelData.writeUInt16LE((at >> 5) & 0xfff, at);
  const native = part10({
    elements: grayImage(100, 120, { '00280008 IS': '2 ', '00280101 US': [12], '00280102 US': [11] }),
    pixelData,
  });
  const made = await recompressBytes(native, createHash('sha256').update(native).digest('hex'));
  if (typeof made === 'string') throw new Error(made);
  const { recompressed } = await openRecompressed(storedBuffer(made.entry));
  return await recompressed.read(0, recompressed.length);
};

const taken = async (chunks: AsyncIterable<Buffer>): Promise<Buffer> => {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
};

it('decodes for the first who asks and for nobody after, each version and syntax by itself', async () => {
  let decoded = 0;
  const counted: Pick<typeof pixels, 'decode'> = {
    decode: async (description, bytes) => {
      decoded += 1;
      return await pixels.decode(description, bytes);
    },
  };
  const cache = createTranscodeCache({ folder: join(home, 'a') });
  // (7FE1,0010) behind Pixel Data, as vendors write it.
  const behind = Buffer.from([0xe1, 0x7f, 0x10, 0x00, 0x4c, 0x4f, 4, 0, 0x41, 0x42, 0x43, 0x44]);
  const object = Buffer.concat([await compressed(), behind]);
  const ask = async (syntax: string, version: string | undefined): Promise<Buffer> => {
    const stored: StoredBytes = {
      ...storedBuffer(Buffer.from(object)),
      ...(version === undefined ? {} : { version }),
    };
    return await taken(transcodeInstance(stored, counted, syntax, cache));
  };
  const first = await ask('1.2.840.10008.1.2.1', 'one');
  expect(first.subarray(-behind.length)).toEqual(behind);
  expect(decoded).toBe(2);
  expect((await ask('1.2.840.10008.1.2.1', 'one')).equals(first)).toBe(true);
  expect(decoded).toBe(2);
  expect((await ask('1.2.840.10008.1.2', 'one')).equals(first)).toBe(false);
  expect(decoded).toBe(4);
  await ask('1.2.840.10008.1.2.1', 'two');
  expect(decoded).toBe(6);
  // Nobody knows what these bytes are: they are never remembered.
  await ask('1.2.840.10008.1.2.1', undefined);
  await ask('1.2.840.10008.1.2.1', undefined);
  expect(decoded).toBe(10);
});

it('is bounded, forgets what was used longest ago, and keeps nothing that was not taken to its end', async () => {
  const folder = join(home, 'b');
  const cache = createTranscodeCache({ folder, mostBytes: 1000 });
  const made: string[] = [];
  const ask = (key: string, bytes = 400): AsyncGenerator<Buffer, void, undefined> =>
    cache.through(key, async function* () {
      made.push(key);
      yield Buffer.alloc(bytes / 2, key);
      yield Buffer.alloc(bytes / 2, key);
    });
  await taken(ask('a'));
  await taken(ask('b'));
  await taken(ask('a'));
  await taken(ask('c'));
  expect(await taken(ask('a'))).toEqual(Buffer.alloc(400, 'a'));
  await taken(ask('b'));
  expect(made).toEqual(['a', 'b', 'c', 'b']);
  expect(readdirSync(folder)).toHaveLength(2);
  await taken(ask('large', 900));
  const cut = ask('cut');
  await cut.next();
  await cut.return();
  expect(readdirSync(folder).length).toBeLessThanOrEqual(3);
  await taken(ask('large', 900));
  expect(made.slice(4)).toEqual(['large', 'cut', 'large']);
});
