import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { AppError } from '@archwire/contracts';
import { describe, expect, it } from 'vitest';

import type { ObjectStore } from './object-store.ts';

const KEY = 't/11111111-1111-1111-1111-111111111111/series/22222222-2222-2222-2222-222222222222/pack-1';

const kindOf = async (attempt: () => Promise<unknown>): Promise<string> => {
  try {
    await attempt();
  } catch (error) {
    return error instanceof AppError ? error.kind : `not an AppError: ${String(error)}`;
  }
  return 'no error';
};

const pattern = (length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 0xff));

/**
 * What every store must do. `create` gives an empty store; `fetchUrl` reads a signed URL as a stranger would.
 * `signal.aborted` streams, partial writes and hostile keys are included.
 */
export const describeObjectStore = (
  name: string,
  create: () => Promise<ObjectStore>,
  fetchUrl: (url: string) => Promise<Buffer>,
): void => {
  describe(`${name} is an ObjectStore`, () => {
    it('gives back what was put, whole and by range', async () => {
      const store = await create();
      const bytes = pattern(3_000_000);
      expect(await store.put(KEY, Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]))).toEqual({
        key: KEY,
        length: bytes.length,
      });
      expect(await store.head(KEY)).toEqual({ key: KEY, length: bytes.length });
      expect(await store.read(KEY)).toEqual(bytes);
      expect(await buffer(await store.get(KEY))).toEqual(bytes);
      const range = { offset: 1_000_001, length: 777 };
      expect(await store.read(KEY, range)).toEqual(bytes.subarray(range.offset, range.offset + range.length));
      expect(await buffer(await store.get(KEY, range))).toEqual(
        bytes.subarray(range.offset, range.offset + range.length),
      );
    });

    it('keeps empty objects and empty ranges', async () => {
      const store = await create();
      expect(await store.put('empty', new Uint8Array())).toEqual({ key: 'empty', length: 0 });
      expect(await store.read('empty')).toEqual(Buffer.alloc(0));
      expect(await buffer(await store.get('empty', { offset: 0, length: 0 }))).toEqual(Buffer.alloc(0));
    });

    it('refuses a range outside the object', async () => {
      const store = await create();
      await store.put(KEY, pattern(10));
      for (const range of [
        { offset: 0, length: 11 },
        { offset: 11, length: 1 },
        { offset: -1, length: 2 },
        { offset: 1.5, length: 2 },
      ]) {
        expect(await kindOf(() => store.read(KEY, range))).toBe('range-not-satisfiable');
        expect(await kindOf(() => store.get(KEY, range))).toBe('range-not-satisfiable');
      }
    });

    it('says not-found, and deletes twice without complaint', async () => {
      const store = await create();
      await store.put(KEY, pattern(10));
      expect(await store.read(KEY)).toEqual(pattern(10));
      await store.delete(KEY);
      await store.delete(KEY);
      expect(await store.head(KEY)).toBeUndefined();
      expect(await kindOf(() => store.read(KEY))).toBe('not-found');
      expect(await kindOf(() => store.get(KEY))).toBe('not-found');
    });

    it('replaces an object at once: a reader sees the old or the new, whole', async () => {
      const store = await create();
      await store.put(KEY, pattern(500_000));
      const before = await store.get(KEY);
      expect(await store.read(KEY)).toEqual(pattern(500_000));
      await store.put(KEY, Buffer.from('new'));
      expect(await buffer(before)).toEqual(pattern(500_000));
      expect(await store.read(KEY)).toEqual(Buffer.from('new'));
    });

    it('leaves nothing when the body breaks off', async () => {
      const store = await create();
      const broken = Readable.from(
        (function* () {
          yield pattern(100_000);
          throw new Error('the peer went away');
        })(),
      );
      expect(await kindOf(() => store.put(KEY, broken))).not.toBe('no error');
      expect(await store.head(KEY)).toBeUndefined();
    });

    it('takes over a file, twice under one key as after a crash', async () => {
      const store = await create();
      const folder = await mkdtemp(join(tmpdir(), 'archwire-putfile-'));
      try {
        const path = join(folder, 'large.dcm');
        await writeFile(path, pattern(100_000));
        expect(await store.putFile(KEY, path)).toEqual({ key: KEY, length: 100_000 });
        await access(path).catch(() => writeFile(path, pattern(100_000)));
        expect(await store.putFile(KEY, path)).toEqual({ key: KEY, length: 100_000 });
        expect(await store.read(KEY)).toEqual(pattern(100_000));
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });

    it('refuses keys that could leave the store', async () => {
      const store = await create();
      for (const key of [
        '',
        '/',
        '/etc/passwd',
        '../x',
        'a/../b',
        'a//b',
        'a/',
        './a',
        'a/.b',
        'a\\b',
        'a b',
        'a\0b',
        'ä',
        'a+b',
        'x'.repeat(241),
      ]) {
        expect(await kindOf(() => store.put(key, new Uint8Array(1)))).toBe('invalid');
        expect(await kindOf(() => store.read(key))).toBe('invalid');
        expect(await kindOf(() => store.head(key))).toBe('invalid');
        expect(await kindOf(() => store.delete(key))).toBe('invalid');
      }
    });

    it('keeps objects apart whose keys are prefixes of one another', async () => {
      const store = await create();
      await store.put('a', Buffer.from('1'));
      await store.put('a/b', Buffer.from('2'));
      await store.put('a-b', Buffer.from('3'));
      expect(
        Buffer.concat([await store.read('a'), await store.read('a/b'), await store.read('a-b')]).toString(),
      ).toBe('123');
    });

    it('takes many puts at once, of one key too', async () => {
      const store = await create();
      await Promise.all(Array.from({ length: 40 }, (_, i) => store.put(`many/${i % 20}`, pattern(10_000))));
      const heads = await Promise.all(Array.from({ length: 20 }, (_, i) => store.head(`many/${i}`)));
      expect(heads).toEqual(Array.from({ length: 20 }, (_, i) => ({ key: `many/${i}`, length: 10_000 })));
    });

    it('signs a URL that reads the object without other credentials', async () => {
      const store = await create();
      await store.put(KEY, pattern(1000), { contentType: 'image/jpeg' });
      expect(
        await fetchUrl(await store.signedUrl(KEY, { expiresInSeconds: 3600, contentType: 'image/jpeg' })),
      ).toEqual(pattern(1000));
    });
  });
};
