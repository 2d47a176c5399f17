import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { AppError } from '@archwire/contracts';

export interface PostgresUser {
  readonly uid: number;
  readonly gid: number;
}

const USER = 'postgres';

const lookUp = async (): Promise<PostgresUser | null> => {
  const passwd = await readFile('/etc/passwd', 'utf8');
  const fields = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === USER);
  return fields === undefined ? null : { uid: Number(fields[2]), gid: Number(fields[3]) };
};

/**
 * PostgreSQL refuses to run as root, so root drops to the user `postgres`, made when missing.
 * Answers `null` when this process is not root: PostgreSQL then runs as the same user.
 * @throws AppError `unavailable` when the user cannot be made.
 */
export const findPostgresUser = async (): Promise<PostgresUser | null> => {
  if (process.getuid?.() !== 0) return null;
  const existing = await lookUp();
  if (existing !== null) return existing;
  try {
    await promisify(execFile)('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      USER,
    ]);
  } catch (cause) {
    // Another process may have made it between our look and our attempt.
    if ((await lookUp()) === null) {
      throw new AppError(
        'unavailable',
        `PostgreSQL cannot run as root and the user "${USER}" could not be made. Run "useradd --system --user-group ${USER}", start Archwire as another user, or set DATABASE_URL.`,
        { cause },
      );
    }
  }
  const made = await lookUp();
  if (made === null)
    throw new AppError(
      'unavailable',
      `The user "${USER}" is missing. Make it with useradd, or set DATABASE_URL.`,
    );
  return made;
};
