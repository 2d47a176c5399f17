import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** Keeps what was made on the way out, so that the second who asks for it waits for no decoder. */
export interface TranscodeCache {
  /** The bytes that `make` gives, kept under the key once they have been taken to their end; those kept when they are there. */
  through(key: string, make: () => AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined>;
}

interface Kept {
  readonly path: string;
  readonly bytes: number;
}

const MOST_BYTES = 1024 * 1024 * 1024;

/**
 * Files in `folder`, which is emptied at the first use after a start: at most `mostBytes` together, those used longest ago go
 * first. A disk that does not take them costs only the cache.
 */
export const createTranscodeCache = (options: {
  readonly folder: string;
  readonly mostBytes?: number;
}): TranscodeCache => {
  const { folder, mostBytes = MOST_BYTES } = options;
  const kept = new Map<string, Kept>();
  let total = 0;
  let ready: Promise<void> | undefined;

  const prepare = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
  };
  const forget = async (key: string): Promise<void> => {
    const file = kept.get(key);
    if (file === undefined) return;
    kept.delete(key);
    total -= file.bytes;
    await unlink(file.path).catch(() => undefined);
  };
  const keep = async (key: string, file: Kept): Promise<void> => {
    await forget(key);
    kept.set(key, file);
    total += file.bytes;
    for (const oldest of kept.keys()) {
      if (total <= mostBytes) break;
      await forget(oldest);
    }
  };
  /** The file of a key, open, so that it stays readable when it goes meanwhile. */
  const openKept = async (key: string): Promise<FileHandle | undefined> => {
    const file = kept.get(key);
    if (file === undefined) return undefined;
    kept.delete(key);
    kept.set(key, file);
    return await open(file.path, 'r').catch(async () => {
      await forget(key);
      return undefined;
    });
  };

  async function* written(
    key: string,
    chunks: AsyncIterable<Buffer>,
  ): AsyncGenerator<Buffer, void, undefined> {
    const path = join(folder, randomUUID());
    let file = await open(path, 'wx', 0o600).catch(() => undefined);
    let bytes = 0;
    let isWhole = false;
    try {
      for await (const chunk of chunks) {
        // An object that would push out most of the others is not worth it.
        if (bytes + chunk.length > mostBytes / 2) {
          await file?.close();
          file = undefined;
        }
        await file?.writeFile(chunk).catch(async () => {
          await file?.close();
          file = undefined;
        });
        bytes += chunk.length;
        yield chunk;
      }
      isWhole = true;
    } finally {
      const isKept = isWhole && file !== undefined;
      await file?.close();
      if (isKept) await keep(key, { path, bytes });
      else await unlink(path).catch(() => undefined);
    }
  }

  return {
    async *through(key, make) {
      await (ready ??= prepare().catch(() => undefined));
      const file = await openKept(key);
      if (file === undefined) yield* written(key, make());
      else
        for await (const chunk of createReadStream('', { fd: file, highWaterMark: 1 << 20 }))
          yield Buffer.from(chunk);
    },
  };
};
