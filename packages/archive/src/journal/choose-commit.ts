import { randomUUID } from 'node:crypto';
import { closeSync, openSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

import { type JournalIo, writeAllSync } from './journal-io.ts';

/**
 * `sync`: one write and flush, on the spot, for the records of one turn of the event loop. `group`: records that arrive
 * during a flush share the next one.
 */
export type CommitMode = 'sync' | 'group';

const ROUNDS = 7;
/** Below this, holding the event loop costs less than handing the call to another thread. */
export const QUICK_FLUSH_MS = 1.5;

/** Measures what a flush costs on this disk. A disk that cannot even do that is treated as slow. */
export const chooseCommit = (folder: string, io: JournalIo): CommitMode => {
  const path = join(folder, `${randomUUID()}.new`);
  const block = Buffer.alloc(64 << 10, 1);
  try {
    const fd = openSync(path, 'wx', 0o600);
    try {
      writeAllSync(io, fd, [Buffer.alloc(block.length)], block.length, 0);
      io.fdatasyncSync(fd);
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const start = performance.now();
        writeAllSync(io, fd, [block], block.length, 0);
        io.fdatasyncSync(fd);
        times.push(performance.now() - start);
      }
      times.sort((a, b) => a - b);
      return (times[ROUNDS >> 1] ?? Number.POSITIVE_INFINITY) <= QUICK_FLUSH_MS ? 'sync' : 'group';
    } finally {
      closeSync(fd);
      unlinkSync(path);
    }
  } catch {
    return 'group';
  }
};
