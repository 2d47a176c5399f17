import { close, open as openFile, rename as renameFile } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { promisify } from 'node:util';

import type { ByteBudget } from './byte-budget.ts';
import { type JournalIo, writeAll } from './journal-io.ts';

const HIGH_WATER = 8 << 20;
const LOW_WATER = 2 << 20;
const WRITE_SIZE = 1 << 20;
const MAX_BUFFERS = 512;
/** A flush behind the writer, so that the last one finds little left to do. */
const FLUSH_EVERY = 32 << 20;

const closeFd = promisify(close);
const openFd = promisify(openFile);
const rename = promisify(renameFile);

/** An object too large for a segment, on its way into a file of its own. */
export interface LargeFile {
  readonly length: number;
  /** `false` when the caller should wait for `drained`. Never throws. */
  push(chunk: Buffer): boolean;
  drained(): Promise<void>;
  /** Resolves when everything pushed so far can be read back from `path.part`. */
  written(): Promise<void>;
  /** Writes what waits, gives the file its final name and flushes it. Its folder is the caller's to flush. */
  seal(): Promise<void>;
  abort(): Promise<void>;
}

/** `path` is the final name; until `seal` the file is `path.part`, which every start sweeps. */
export const createLargeFile = (path: string, io: JournalIo, budget: ByteBudget): LargeFile => {
  const part = `${path}.part`;
  let queue: Buffer[] = [];
  let queued = 0;
  let length = 0;
  let position = 0;
  let unflushed = 0;
  let flushing: Promise<void> = Promise.resolve();
  let failure: { readonly error: unknown } | undefined;
  let pump: Promise<void> | undefined;
  let waiters: (() => void)[] = [];
  const opened = openFd(part, 'wx+', 0o600);
  opened.catch((error: unknown) => fail(error));

  const isReady = (): boolean =>
    failure !== undefined || queued === 0 || (queued < LOW_WATER && !budget.isOver());

  const wake = (): void => {
    if (!isReady()) return;
    const woken = waiters;
    waiters = [];
    for (const resolve of woken) resolve();
  };

  const drop = (): void => {
    budget.remove(queued);
    queue = [];
    queued = 0;
  };

  const fail = (error: unknown): void => {
    failure ??= { error };
    drop();
    wake();
  };

  const take = (): { buffers: Buffer[]; bytes: number } => {
    let count = 0;
    let bytes = 0;
    while (count < queue.length && count < MAX_BUFFERS && bytes < WRITE_SIZE) {
      bytes += queue[count]?.length ?? 0;
      count += 1;
    }
    return { buffers: queue.splice(0, count), bytes };
  };

  const flushBehind = (fd: number): void => {
    if (unflushed < FLUSH_EVERY) return;
    unflushed = 0;
    flushing = flushing.then(() => io.fdatasync(fd)).catch(fail);
  };

  const run = async (): Promise<void> => {
    try {
      const fd = await opened;
      while (queue.length > 0 && failure === undefined) {
        const { buffers, bytes } = take();
        try {
          await writeAll(io, fd, buffers, bytes, position);
        } finally {
          const counted = Math.min(bytes, queued);
          queued -= counted;
          budget.remove(counted);
        }
        position += bytes;
        unflushed += bytes;
        flushBehind(fd);
        wake();
      }
    } catch (error) {
      fail(error);
    }
  };

  let isClosed = false;
  /** Once only: the number may belong to another file a moment later. */
  const closeOnce = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    const fd = await opened.catch(() => undefined);
    if (fd !== undefined) await closeFd(fd);
  };

  const start = (): void => {
    pump ??= run().finally(() => {
      pump = undefined;
      if (queue.length > 0) start();
    });
  };

  const settleWrites = async (): Promise<void> => {
    // Another run starts when chunks came during the last write.
    for (let current = pump; current !== undefined; current = pump) await current;
    await flushing;
  };

  return {
    get length() {
      return length;
    },
    push(chunk) {
      length += chunk.length;
      if (failure !== undefined || chunk.length === 0) return true;
      queue.push(chunk);
      queued += chunk.length;
      budget.add(chunk.length);
      if (pump === undefined && queued >= WRITE_SIZE) start();
      const mustWait = queued > HIGH_WATER || (budget.isOver() && queued > 0);
      if (mustWait && pump === undefined) start();
      return !mustWait;
    },
    drained: () =>
      isReady()
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiters.push(resolve);
          }),
    async written() {
      start();
      await settleWrites();
      if (failure !== undefined) throw failure.error;
    },
    async seal() {
      start();
      await settleWrites();
      const fd = await opened;
      try {
        if (failure !== undefined) throw failure.error;
        await rename(part, path);
        await io.fdatasync(fd);
      } finally {
        await closeOnce();
      }
    },
    async abort() {
      fail(new Error('The sender gave up.'));
      await settleWrites();
      await closeOnce().catch(() => undefined);
      await unlink(part).catch(() => undefined);
      await unlink(path).catch(() => undefined);
    },
  };
};
