import { fileKey, hashText } from './file-key.ts';
import type { DroppedFile } from '@archwire/ui';

const STORAGE = 'archwire-imports';
const MOST = 20;

/** The same files chosen again. Hashes only: a browser's storage is no place for names. */
export const fingerprint = (files: readonly DroppedFile[]): string =>
  hashText(
    files
      .map(({ path, file }) => fileKey(path, file))
      .toSorted()
      .join('\n'),
  );

const read = (): [string, string][] => {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(STORAGE) ?? '[]');
    if (!Array.isArray(list)) return [];
    return list.flatMap((item: unknown): [string, string][] =>
      Array.isArray(item) && typeof item[0] === 'string' && typeof item[1] === 'string'
        ? [[item[0], item[1]]]
        : [],
    );
  } catch {
    return [];
  }
};
const write = (list: readonly [string, string][]): void => {
  try {
    localStorage.setItem(STORAGE, JSON.stringify(list.slice(-MOST)));
  } catch {
    // A browser that keeps nothing begins a new import; the server knows what it has.
  }
};

/** Which unfinished import of this browser some files belong to, so that choosing them again goes on with it. */
export const rememberedImport = {
  find: (mark: string): string | undefined => read().findLast(([known]) => known === mark)?.[1],
  keep: (mark: string, importId: string): void =>
    write([...read().filter(([known]) => known !== mark), [mark, importId]]),
  forget: (importId: string): void => write(read().filter(([, id]) => id !== importId)),
};
