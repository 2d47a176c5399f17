import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '@archwire/contracts';
import type { PostgresUser } from './postgres-user.ts';

const ancestors = (path: string): string[] => {
  const parent = dirname(path);
  return parent === path ? [path] : [...ancestors(parent), path];
};

/**
 * Every folder above the data folder and above the binaries must let the PostgreSQL user in; a checkout under root's
 * home (0700) does not, and PostgreSQL itself would only say "could not access the directory".
 * @throws AppError `unavailable` that names the folder and the command that opens it.
 */
export const assertReachable = async (folder: string, user: PostgresUser): Promise<void> => {
  for (const path of ancestors(folder)) {
    const { mode, uid, gid } = await stat(path);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) {
      throw new AppError(
        'unavailable',
        `PostgreSQL runs as user ${user.uid}, which may not enter ${path}. Run "chmod o+x ${path}", put Archwire and its data (ARCHWIRE_DATA_DIR) in a folder that other users can enter, or set DATABASE_URL.`,
        { details: { path } },
      );
    }
  }
};
