import type { FileHandle } from 'node:fs/promises';

export interface OpenFile {
  readonly file: FileHandle;
  readonly size: number;
}

interface Kept {
  readonly opened: Promise<OpenFile>;
  readonly timer: NodeJS.Timeout;
  users: number;
  gone: boolean;
}

/**
 * Files that stay open between reads: a series is read piece by piece, and opening costs more than a small read. Objects
 * never change, so what is open is true; still a file is opened anew every few seconds, so that what another process
 * removed does not live on here.
 */
export const createOpenFiles = (
  open: (key: string) => Promise<OpenFile>,
  { most = 64, milliseconds = 2000 }: { readonly most?: number; readonly milliseconds?: number } = {},
): {
  /** The file is open until `read` has ended. @throws what opening it throws. */
  use<T>(key: string, read: (open: OpenFile) => Promise<T>): Promise<T>;
  /** The next read opens it anew; reads that go on are not disturbed. */
  forget(key: string): void;
} => {
  const kept = new Map<string, Kept>();

  /** Nothing was written, so nothing can be lost when closing fails. */
  const close = async ({ opened }: Kept): Promise<void> => {
    await opened.then(({ file }) => file.close()).catch(() => undefined);
  };

  const forget = (key: string): void => {
    const entry = kept.get(key);
    if (entry === undefined) return;
    kept.delete(key);
    clearTimeout(entry.timer);
    entry.gone = true;
    if (entry.users === 0) void close(entry);
  };

  const take = (key: string): Kept => {
    const found = kept.get(key);
    if (found !== undefined) return found;
    const [oldest] = kept.keys();
    if (kept.size >= most && oldest !== undefined) forget(oldest);
    const entry: Kept = {
      opened: open(key),
      timer: setTimeout(() => forget(key), milliseconds).unref(),
      users: 0,
      gone: false,
    };
    kept.set(key, entry);
    entry.opened.catch(() => {
      if (kept.get(key) === entry) forget(key);
    });
    return entry;
  };

  return {
    forget,
    use: async (key, read) => {
      const entry = take(key);
      entry.users += 1;
      try {
        return await read(await entry.opened);
      } finally {
        entry.users -= 1;
        if (entry.gone && entry.users === 0) await close(entry);
      }
    },
  };
};
