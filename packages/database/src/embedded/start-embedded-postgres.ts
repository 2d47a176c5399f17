import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, open, realpath, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@archwire/contracts';
import { assertReachable } from './assert-reachable.ts';
import { bootstrapCluster, claimCluster } from './bootstrap-cluster.ts';
import { loadCredentials } from './credentials.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { POSTGRES_SETTINGS } from './postgres-settings.ts';
import { findPostgresUser, type PostgresUser } from './postgres-user.ts';
import { isAlive, isPostmaster, readPostmaster } from './postmaster-pid.ts';

export interface EmbeddedPostgres {
  /** Connection string of the role that owns the database and runs migrations; not a superuser. */
  readonly ownerUrl: string;
  /** Connection string of the cluster's superuser, for tests that make databases. */
  readonly superuserUrl: string;
  readonly pid: number;
  /** Gives up the claim on the folder and its connection; the server runs on. */
  release(): Promise<void>;
  /** Stops PostgreSQL (fast shutdown) and resolves when it is gone. Close every pool first. */
  stop(): Promise<void>;
}

const LOG_LIMIT = 10 * 1024 * 1024;
const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 30_000;

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string')
    throw new Error('No TCP port on the loopback address.');
  return address.port;
};

const childEnvironment = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };

/** initdb writes beside the final place and is renamed, so that a kill in the middle leaves no half cluster. */
const initialise = async (
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

const waitUntilReady = async (
  cluster: string,
  logFile: string,
  pid: number,
  child: ChildProcess | null,
): Promise<number> => {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const postmaster = await readPostmaster(cluster);
    if (postmaster !== null && postmaster.pid === pid && postmaster.ready) return postmaster.port;
    if (child === null ? !isAlive(pid) : child.exitCode !== null || child.signalCode !== null) break;
    await sleep(10);
  }
  throw new AppError('unavailable', `PostgreSQL did not start. Its own words are in ${logFile}.`);
};

const launch = async (
  binary: string,
  cluster: string,
  logFile: string,
  user: PostgresUser | null,
  settings: Readonly<Record<string, string>>,
): Promise<{ pid: number; child: ChildProcess }> => {
  const size = await stat(logFile).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LOG_LIMIT) await truncate(logFile);
  const log = await open(logFile, 'a', 0o600);
  try {
    const options = Object.entries({ ...POSTGRES_SETTINGS, ...settings }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    // A process group of its own: Ctrl+C in the terminal must not stop PostgreSQL before the processes that use it.
    const child = spawn(binary, ['-D', cluster, '-p', String(await freePort()), ...options], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: childEnvironment,
      cwd: '/',
      ...user,
    });
    await once(child, 'spawn');
    child.unref();
    if (child.pid === undefined)
      throw new AppError('unavailable', `PostgreSQL did not start from ${binary}.`);
    return { pid: child.pid, child };
  } finally {
    await log.close();
  }
};

const stopPostmaster = async (pid: number, cluster: string): Promise<void> => {
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

/**
 * Starts PostgreSQL 18 under `<dataDir>/postgres`, made on the first start. A server that survived a kill of its
 * Archwire is adopted; a folder that another living Archwire uses is refused.
 * @throws AppError `unavailable` that says what to do.
 */
export const startEmbeddedPostgres = async (options: {
  readonly dataDir: string;
  readonly settings?: Readonly<Record<string, string>>;
}): Promise<EmbeddedPostgres> => {
  const binaries = findPostgresBinaries();
  await mkdir(join(options.dataDir, 'postgres'), { recursive: true });
  const folder = await realpath(join(options.dataDir, 'postgres'));
  const cluster = join(folder, 'cluster');
  const logFile = join(folder, 'postgres.log');
  const user = await findPostgresUser();
  if (user !== null) {
    await assertReachable(folder, user);
    await assertReachable(await realpath(binaries.folder), user);
  }
  const credentials = await loadCredentials(join(folder, 'credentials.json'));

  const isNew = await stat(cluster).then(
    () => false,
    () => true,
  );
  if (isNew) await initialise(binaries.initdb, cluster, credentials.superuserPassword, user);

  const running = await readPostmaster(cluster);
  const adopted = running !== null && (await isPostmaster(running.pid, cluster));
  if (running !== null && !adopted) await rm(join(cluster, 'postmaster.pid'), { force: true });
  const { pid, child } = adopted
    ? { pid: running.pid, child: null }
    : await launch(binaries.postgres, cluster, logFile, user, options.settings ?? {});

  const port = await waitUntilReady(cluster, logFile, pid, child);
  const at = `127.0.0.1:${port}`;
  const superuserUrl = `postgresql://postgres:${credentials.superuserPassword}@${at}/postgres`;
  const ownerUrl = `postgresql://archwire_owner:${credentials.ownerPassword}@${at}/archwire`;
  if (isNew) await bootstrapCluster(superuserUrl, credentials.ownerPassword);
  const claim = await claimCluster(ownerUrl, () => bootstrapCluster(superuserUrl, credentials.ownerPassword));
  return {
    ownerUrl,
    superuserUrl,
    pid,
    release: async () => await claim.release(),
    stop: async () => {
      await claim.release();
      await stopPostmaster(pid, cluster);
    },
  };
};
