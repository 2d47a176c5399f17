import { readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { AppError } from '@archwire/contracts';
import { z } from 'zod';

/** `folder` is its inode: a copy of the folder, as a backup or a snapshot, is not locked by its original. */
const Owner = z.object({ pid: z.number(), started: z.string(), folder: z.number() });

/** Clock ticks from boot to the start of a process: a process id may be given out again, this pair is not. Empty where unknown. */
const startOf = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
};

const isRunning = (pid: number, started: string): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return startOf(pid) === started;
};

const readOwner = (path: string): z.infer<typeof Owner> | undefined => {
  try {
    return Owner.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
};

/**
 * Makes this process the only one to use the folder, until the returned function is called or the process ends, however it ends.
 * A second one would take the first one's segments for left-overs and write over them.
 * @throws AppError `conflict`
 */
export const lockFolder = (folder: string): (() => void) => {
  const path = join(folder, 'lock.json');
  const inode = statSync(folder).ino;
  const own = JSON.stringify({ pid: process.pid, started: startOf(process.pid), folder: inode });
  const owner = readOwner(path);
  if (owner !== undefined && owner.folder === inode && isRunning(owner.pid, owner.started)) {
    throw new AppError(
      'conflict',
      'Another Archwire process uses this journal folder. Stop it, or give each a data folder of its own.',
      {
        details: { pid: owner.pid },
      },
    );
  }
  try {
    unlinkSync(path);
  } catch {
    // There was none.
  }
  writeFileSync(path, own, { flag: 'wx', mode: 0o600 });
  return () => unlinkSync(path);
};
