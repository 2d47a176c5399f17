import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { DONE, REFUSED } from './watched-path.ts';

export interface WatchedFile {
  /** Below the folder, with `/`. */
  readonly path: string;
  readonly size: number;
  readonly modifiedMs: number;
  /** A link, a pipe, a socket: nothing that is opened. */
  readonly isStrange: boolean;
}

/** Programs write into folders of a date in folders of a patient; deeper than this nobody means. */
const DEPTH = 4;
const MOST = 2000;

const entriesOf = async (folder: string): Promise<readonly Dirent[]> =>
  await readdir(folder, { withFileTypes: true }).catch(() => []);

/** What lies in a watched folder, at most as many as are done in one round; hidden files are still being written. */
export const listWatchedFiles = async (folder: string): Promise<readonly WatchedFile[]> => {
  const found: WatchedFile[] = [];
  const walk = async (below: string, depth: number): Promise<void> => {
    for (const entry of await entriesOf(path.join(folder, below))) {
      if (found.length >= MOST) return;
      const name = path.posix.join(below, entry.name);
      if (entry.name.startsWith('.') || name === DONE || name === REFUSED) continue;
      if (entry.isDirectory()) {
        if (depth < DEPTH) await walk(name, depth + 1);
        continue;
      }
      const stats = await lstat(path.join(folder, name)).catch(() => undefined);
      if (stats === undefined) continue;
      found.push({ path: name, size: stats.size, modifiedMs: stats.mtimeMs, isStrange: !stats.isFile() });
    }
  };
  await walk('', 0);
  return found;
};
