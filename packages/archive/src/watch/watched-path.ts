import { lstat, mkdir, realpath, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Where files go when they are through, and why not. Nothing in them is looked at. */
export const DONE = 'done';
export const REFUSED = 'refused';

/**
 * The folder of a device below the watched one, made if it is not there; `undefined` when something else stands at its
 * place: a link could lead anywhere.
 */
export const openWatchedFolder = async (root: string, folder: string): Promise<string | undefined> => {
  const base = await realpath(root);
  const wanted = path.join(base, folder);
  if (path.dirname(wanted) !== base) return undefined;
  await mkdir(wanted, { recursive: true }).catch(() => {});
  const found = await lstat(wanted).catch(() => undefined);
  return found?.isDirectory() === true ? wanted : undefined;
};

const freePath = async (wanted: string): Promise<string> => {
  const { dir, name, ext } = path.parse(wanted);
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? wanted : path.join(dir, `${name} (${count})${ext}`);
    if ((await lstat(candidate).catch(() => undefined)) === undefined) return candidate;
  }
};

/** Moves a file of a watched folder away, itself and never what it points to. One that is gone was moved by somebody else. */
export const moveAway = async (
  folder: string,
  relative: string,
  to: typeof DONE | typeof REFUSED,
  reason: string | null,
): Promise<void> => {
  const target = await freePath(path.join(folder, to, relative));
  await mkdir(path.dirname(target), { recursive: true });
  try {
    await rename(path.join(folder, relative), target);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  if (reason !== null) await writeFile(`${target}.reason.txt`, `${reason}\n`);
};
