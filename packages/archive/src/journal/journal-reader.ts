import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { AppError } from '@archwire/contracts';
import { type ObjectStore, readRange, resolveRange, storageError } from '@archwire/storage-adapters';

import { decodeSegmentHeader, generationOf, SEGMENT_HEADER_LENGTH } from './segment-file.ts';

/** What everybody who reads image bytes needs of a store. */
export type ObjectReader = Pick<ObjectStore, 'get' | 'read' | 'head'>;

const KEY_PATTERN = /^(?:segments\/[0-9]{15}\.seg|large\/[0-9a-f-]{36}\.dcm)$/;

const moved = (): AppError =>
  new AppError('not-found', 'The bytes have moved. Look their location up again.');

/** Reads ranges of segments and large files. A segment that was freed and serves again answers `not-found`, never foreign bytes. */
export const createJournalReader = (
  folder: string,
  /** The path in the folder that a key means. */
  inside: (key: string) => string = (key) => key,
): ObjectReader => {
  const pathOf = (name: string): string => {
    const key = inside(name);
    if (!KEY_PATTERN.test(key))
      throw new AppError(
        'invalid',
        'This is not a key of the journal. Use the location that the index gave.',
      );
    return join(folder, key);
  };

  const read: ObjectReader['read'] = async (key, range, into) => {
    const path = pathOf(key);
    try {
      const file = await open(path, 'r');
      try {
        const { size } = await file.stat();
        const { offset, length } = resolveRange(size, range);
        const bytes = await readRange(file, { offset, length }, into);
        const generation = generationOf(path);
        // Read after the bytes: a recycled file gets its new header before its first new record.
        if (
          generation !== undefined &&
          decodeSegmentHeader(await readRange(file, { offset: 0, length: SEGMENT_HEADER_LENGTH })) !==
            generation
        )
          throw moved();
        return bytes;
      } finally {
        await file.close();
      }
    } catch (error) {
      throw storageError(error);
    }
  };

  return {
    read,
    async get(key, range) {
      // Records are at most 1 MiB, so a range of a segment is read at once; nothing stays open on a file that may be recycled.
      if (inside(key).startsWith('segments/')) return Readable.from([await read(key, range)]);
      try {
        const file = await open(pathOf(key), 'r');
        try {
          const { offset, length } = resolveRange((await file.stat()).size, range);
          if (length > 0)
            return file.createReadStream({
              start: offset,
              end: offset + length - 1,
              highWaterMark: 256 * 1024,
            });
          await file.close();
          return Readable.from([]);
        } catch (error) {
          await file.close();
          throw error;
        }
      } catch (error) {
        throw storageError(error);
      }
    },
    async head(key) {
      try {
        return { key, length: (await stat(pathOf(key))).size };
      } catch (error) {
        const known = storageError(error);
        if (known.kind === 'not-found') return undefined;
        throw known;
      }
    },
  };
};
