import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { AppError } from '@archwire/contracts';
import {
  frameItem,
  type LeftAlone,
  openRecompressed,
  type PixelPool,
  readInstanceHead,
  planRecompression,
  recompressInstance,
  restoredBytes,
  type StoredBytes,
} from '@archwire/dicom';

import { readStoredHead } from '../retrieve/instance-reader.ts';

/** An entry of a pack, proven to give the original back; its bytes are to be taken once. */
export interface ProvenEntry {
  readonly length: number;
  /** Of the entry. */
  readonly sha256: string;
  readonly chunks: AsyncIterable<Buffer> | Iterable<Buffer>;
}

/** Makes entries of objects, or says why not. */
export interface Recompressor {
  /** Objects worked on at once. */
  readonly width: number;
  /** @throws AppError of a kind that may heal: try again later. */
  recompress(stored: StoredBytes, sha256: string): Promise<ProvenEntry | LeftAlone>;
}

export type RecompressPool = Pick<PixelPool, 'threads' | 'recompress' | 'encodeHtj2k' | 'decodeHtj2k'>;

/** Larger objects are not held in memory: their code streams wait in a file until all are there. */
const WHOLE = 32 * 1024 * 1024;
const CHUNK = 1 << 20;
const SPOOL = '.spool';

const isTimeout = (error: unknown): boolean =>
  error instanceof AppError && (error.kind === 'too-large' || error.details['reason'] === 'timeout');

/** Bytes one after the other: what stands before the code streams, their file, and what stands behind. */
const joined = (before: Buffer, file: FileHandle, fileLength: number, after: Buffer): StoredBytes => ({
  length: before.length + fileLength + after.length,
  read: async (offset, length) => {
    const end = offset + length;
    const parts = [before.subarray(offset, end)];
    const from = Math.max(0, offset - before.length);
    const to = Math.min(fileLength, end - before.length);
    if (to > from) {
      const bytes = Buffer.allocUnsafe(to - from);
      await file.read(bytes, 0, bytes.length, from);
      parts.push(bytes);
    }
    const behind = before.length + fileLength;
    if (end > behind) parts.push(after.subarray(Math.max(0, offset - behind), end - behind));
    return Buffer.concat(parts);
  },
});

async function* chunksOf(stored: StoredBytes): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0; at < stored.length; at += CHUNK)
    yield await stored.read(at, Math.min(CHUNK, stored.length - at));
}

const digestOf = async (chunks: AsyncIterable<Buffer>): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
};

/**
 * Objects of up to 32 MiB are recompressed and proven in a pixel thread, larger ones frame by frame through a file in `folder`,
 * which is emptied when this is made. Proven means: every frame decoded again, the original put together, its SHA-256 equal.
 */
export const createRecompressor = async (options: {
  readonly pixels: RecompressPool;
  readonly folder: string;
  /** Bytes up to which an object is held in memory. */
  readonly wholeBytes?: number;
}): Promise<Recompressor> => {
  const { pixels, folder, wholeBytes = WHOLE } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) if (name.endsWith(SPOOL)) await unlink(join(folder, name));

  const whole = async (stored: StoredBytes, sha256: string): Promise<ProvenEntry | LeftAlone> => {
    const bytes = await stored.read(0, stored.length);
    const plan = planRecompression(readInstanceHead(bytes, { totalLength: bytes.length }), bytes.length);
    if (typeof plan === 'string') return plan;
    const made = await pixels.recompress(bytes, sha256);
    if (typeof made === 'string') return made;
    return { length: made.entry.length, sha256: made.sha256, chunks: [made.entry] };
  };

  const large = async (stored: StoredBytes, sha256: string): Promise<ProvenEntry | LeftAlone> => {
    const { head } = await readStoredHead(stored);
    const path = join(folder, `${randomUUID()}${SPOOL}`);
    const file = await open(path, 'wx+', 0o600);
    // Nobody else needs its name, and nothing is left of it whatever happens.
    await unlink(path);
    const close = async (): Promise<void> => await file.close();
    try {
      let written = 0;
      const parts = await recompressInstance({
        head,
        stored,
        sha256,
        encode: async (samples, geometry) => {
          const codestream = await pixels.encodeHtj2k(samples, geometry);
          for (const part of frameItem(codestream)) {
            await file.write(part, 0, part.length, written);
            written += part.length;
          }
          return codestream;
        },
      });
      if (typeof parts === 'string') {
        await close();
        return parts;
      }
      const entry = joined(parts.before, file, written, parts.after);
      const restored = restoredBytes(await openRecompressed(entry), pixels.decodeHtj2k);
      if ((await digestOf(restored.stream(0, restored.length))) !== sha256) {
        await close();
        return 'not-exact';
      }
      const digest = await digestOf(chunksOf(entry));
      const chunks = (async function* () {
        try {
          yield* chunksOf(entry);
        } finally {
          await close();
        }
      })();
      return { length: entry.length, sha256: digest, chunks };
    } catch (error) {
      await close();
      throw error;
    }
  };

  return {
    width: pixels.threads + 1,
    recompress: async (stored, sha256) => {
      try {
        return await (stored.length <= wholeBytes ? whole : large)(stored, sha256);
      } catch (error) {
        if (isTimeout(error)) return 'too-large';
        if (error instanceof AppError && error.kind === 'invalid') return 'unreadable';
        throw error;
      }
    },
  };
};
