import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, stat, truncate } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@archwire/contracts';
import { childEnvironment } from './child-environment.ts';
import { isPostmaster, readPostmaster } from './postmaster-pid.ts';
import { POSTGRES_SETTINGS } from './postgres-settings.ts';
import type { PostgresUser } from './postgres-user.ts';

const LOG_LIMIT = 10 * 1024 * 1024;
const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 30_000;

export interface Launch {
  readonly binary: string;
  readonly cluster: string;
  readonly logFile: string;
  readonly user: PostgresUser | null;
  readonly settings: Readonly<Record<string, string>>;
}

/** Resolves with the port when the server takes connections. @throws AppError `unavailable` when it gave up. */
export const waitUntilReady = async (
  pid: number,
  launch: Pick<Launch, 'cluster' | 'logFile'>,
): Promise<number> => {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const postmaster = await readPostmaster(launch.cluster);
    if (postmaster !== null && postmaster.pid === pid && postmaster.ready) return postmaster.port;
    if (!(await isPostmaster(pid, launch.cluster))) break;
    await sleep(10);
  }
  throw new AppError('unavailable', `PostgreSQL did not start. Its own words are in ${launch.logFile}.`);
};

/** Starts a server and answers its process id; it is not ready yet. */
export const launchPostmaster = async (launch: Launch, port: number): Promise<number> => {
  const size = await stat(launch.logFile).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LOG_LIMIT) await truncate(launch.logFile);
  const log = await open(launch.logFile, 'a', 0o600);
  try {
    const options = Object.entries({ ...POSTGRES_SETTINGS, ...launch.settings }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    // A process group of its own: Ctrl+C in the terminal must not stop PostgreSQL before the processes that use it.
    const child = spawn(launch.binary, ['-D', launch.cluster, '-p', String(port), ...options], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: childEnvironment,
      cwd: '/',
      ...launch.user,
    });
    await once(child, 'spawn');
    child.unref();
    if (child.pid === undefined)
      throw new AppError('unavailable', `PostgreSQL did not start from ${launch.binary}.`);
    return child.pid;
  } finally {
    await log.close();
  }
};

/** Fast shutdown of exactly this process; immediate after 30 seconds. Resolves when it is gone. */
export const stopPostmaster = async (pid: number, cluster: string): Promise<void> => {
  if (!(await isPostmaster(pid, cluster))) return;
  const gone = async (): Promise<boolean> => {
    const deadline = Date.now() + STOP_TIMEOUT_MS;
    while (Date.now() < deadline) {
      if (!(await isPostmaster(pid, cluster))) return true;
      await sleep(10);
    }
    return false;
  };
  process.kill(pid, 'SIGINT');
  if (await gone()) return;
  process.kill(pid, 'SIGQUIT');
  await gone();
};
