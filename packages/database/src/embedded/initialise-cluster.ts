import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { AppError } from '@archwire/contracts';
import { childEnvironment } from './child-environment.ts';
import type { PostgresUser } from './postgres-user.ts';

/** initdb writes beside the final place and is renamed, so that a kill in the middle leaves no half cluster. */
export const initialiseCluster = async (
  initdb: string,
  cluster: string,
  password: string,
  user: PostgresUser | null,
): Promise<void> => {
  const fresh = `${cluster}.new`;
  const passwordFile = `${cluster}.password`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user !== null) {
    await chown(fresh, user.uid, user.gid);
    await chown(passwordFile, user.uid, user.gid);
  }
  try {
    const child = spawn(
      initdb,
      [
        `--pgdata=${fresh}`,
        '--auth=scram-sha-256',
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        '--lc-ctype=C.UTF-8',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'], env: childEnvironment, cwd: '/', ...user },
    );
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) {
      throw new AppError(
        'unavailable',
        `PostgreSQL could not make its data folder ${fresh}: ${complaint.trim()}`,
      );
    }
    await rename(fresh, cluster);
  } finally {
    await rm(passwordFile, { force: true });
  }
};
