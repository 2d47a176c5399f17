import { createHash, randomUUID } from 'node:crypto';
import { constants, copyFile, link, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';

import { resolveRange } from './byte-range.ts';
import { objectKey } from './object-key.ts';
import type { ObjectInfo, ObjectStore } from './object-store.ts';
import { createOpenFiles, type OpenFile } from './open-files.ts';
import { readRange } from './read-range.ts';
import { signUrl } from './signed-url.ts';
import { storageError } from './storage-error.ts';

export interface FilesystemStoreOptions {
  /** The name under which locations refer to this store. */
  readonly name: string;
  readonly root: string;
  /** Signs URLs; `baseUrl` is the path of the HTTP door that verifies them. */
  readonly signing: { readonly secret: Uint8Array; readonly baseUrl: string };
  readonly now?: () => number;
}

const STALE_TEMP_MS = 24 * 60 * 60 * 1000;

const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

const ignoreMissing = (error: unknown): void => {
  if (!isMissing(error)) throw error;
};

/** Left by a process that died while writing; young ones may belong to another process. */
const sweepTemp = async (folder: string, now: number): Promise<void> => {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const info = await stat(path).catch(() => undefined);
    if (info !== undefined && now - info.mtimeMs > STALE_TEMP_MS) await unlink(path).catch(ignoreMissing);
  }
};

/**
 * Objects as files, named by their key with `/` as `+`, in 65,536 folders by the key's hash so that no folder grows large.
 * A file is written beside, flushed, renamed, and its folder flushed: it is there whole, or not at all, power loss included.
 */
export const createFilesystemStore = async (options: FilesystemStoreOptions): Promise<ObjectStore> => {
  const { name, root, signing } = options;
  const now = options.now ?? Date.now;
  const objects = join(root, 'objects');
  const temp = join(root, 'tmp');
  try {
    await mkdir(objects, { recursive: true, mode: 0o700 });
    await mkdir(temp, { recursive: true, mode: 0o700 });
    await syncFolder(root);
    await sweepTemp(temp, now());
  } catch (error) {
    throw storageError(error);
  }

  const pathOf = (key: string): string => {
    const shard = createHash('sha256').update(objectKey(key)).digest('hex');
    return join(objects, shard.slice(0, 2), shard.slice(2, 4), key.replaceAll('/', '+'));
  };

  const makeFolder = async (folder: string): Promise<void> => {
    const first = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (first === undefined) return;
    await syncFolder(dirname(folder));
    if (first !== folder) await syncFolder(dirname(first));
  };

  const publish = async (temporary: string, key: string): Promise<ObjectInfo> => {
    const path = pathOf(key);
    await makeFolder(dirname(path));
    const { size } = await stat(temporary);
    await rename(temporary, path);
    files.forget(key);
    await syncFolder(dirname(path));
    return { key, length: size };
  };

  const withTemporary = async (
    key: string,
    fill: (temporary: string) => Promise<void>,
  ): Promise<ObjectInfo> => {
    objectKey(key);
    const temporary = join(temp, randomUUID());
    try {
      await fill(temporary);
      return await publish(temporary, key);
    } catch (error) {
      throw storageError(error);
    } finally {
      // Also after success: renaming one hard link onto another of the same file leaves the first in place.
      await unlink(temporary).catch(ignoreMissing);
    }
  };

  const openAt = async (key: string): Promise<OpenFile> => {
    const path = pathOf(key);
    try {
      const file = await open(path, 'r');
      try {
        const { size } = await file.stat();
        return { file, size };
      } catch (error) {
        await file.close();
        throw error;
      }
    } catch (error) {
      throw storageError(error);
    }
  };

  const files = createOpenFiles(openAt);

  return {
    put: (key, body) =>
      withTemporary(key, async (temporary) => {
        const file = await open(temporary, 'wx', 0o600);
        try {
          if (body instanceof Readable) for await (const chunk of body) await file.writeFile(chunk);
          else await file.writeFile(body);
          await file.datasync();
        } finally {
          await file.close();
        }
      }),

    putFile: (key, path) =>
      withTemporary(key, async (temporary) => {
        await link(path, temporary).catch(() =>
          copyFile(path, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL),
        );
        const file = await open(temporary, 'r');
        try {
          await file.datasync();
        } finally {
          await file.close();
        }
      }),

    async get(key, range) {
      const { file, size } = await openAt(key);
      try {
        const { offset, length } = resolveRange(size, range);
        if (length === 0) {
          await file.close();
          return Readable.from([]);
        }
        return file.createReadStream({ start: offset, end: offset + length - 1, highWaterMark: 256 * 1024 });
      } catch (error) {
        await file.close();
        throw storageError(error);
      }
    },

    read: (key, range, into) =>
      files.use(key, async ({ file, size }) => {
        try {
          return await readRange(file, resolveRange(size, range), into);
        } catch (error) {
          throw storageError(error);
        }
      }),

    async head(key) {
      try {
        const { size } = await stat(pathOf(key));
        return { key, length: size };
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw storageError(error);
      }
    },

    async delete(key) {
      const path = pathOf(key);
      try {
        await unlink(path);
        files.forget(key);
        await syncFolder(dirname(path));
      } catch (error) {
        if (!isMissing(error)) throw storageError(error);
      }
    },

    signedUrl(key, { expiresInSeconds, contentType }) {
      const expiresAt = Math.floor(now() / 1000) + expiresInSeconds;
      return Promise.resolve(
        signUrl(signing.secret, signing.baseUrl, {
          store: name,
          key: objectKey(key),
          expiresAt,
          contentType: contentType ?? null,
        }),
      );
    },
  };
};
