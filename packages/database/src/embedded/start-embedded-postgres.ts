import { once } from 'node:events';
import { chmod, mkdir, realpath, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { AppError } from '@archwire/contracts';
import { assertReachable } from './assert-reachable.ts';
import { bootstrapCluster } from './bootstrap-cluster.ts';
import { claimCluster } from './claim-cluster.ts';
import { loadCredentials } from './credentials.ts';
import { initialiseCluster } from './initialise-cluster.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { findPostgresUser } from './postgres-user.ts';
import { isPostmaster, readPostmaster } from './postmaster-pid.ts';
import { type Launch, launchPostmaster, stopPostmaster, waitUntilReady } from './postmaster.ts';

export interface EmbeddedPostgres {
  /** Connection string of the role that owns the database and runs migrations; not a superuser. */
  readonly ownerUrl: string;
  /** Connection string of the cluster's superuser, for tests that make databases. */
  readonly superuserUrl: string;
  /** Process id of the server; another one after a crash. */
  pid(): number;
  /** Gives up the claim on the folder and its connection; the server runs on. */
  release(): Promise<void>;
  /** Stops PostgreSQL (fast shutdown) and resolves when it is gone. Close every pool first. */
  stop(): Promise<void>;
}

const WATCH_MS = 500;

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string')
    throw new AppError('unavailable', 'No TCP port is free on 127.0.0.1.');
  return address.port;
};

/** The server that a killed Archwire left running, ours to adopt; a stale pid file is removed. */
const findOrphan = async (cluster: string): Promise<number | null> => {
  const running = await readPostmaster(cluster);
  if (running === null) return null;
  if (await isPostmaster(running.pid, cluster)) return running.pid;
  await rm(join(cluster, 'postmaster.pid'), { force: true });
  return null;
};

/** Starts the server again, on the same port, whenever it is gone. Answers the current pid and how to end the watch. */
const watch = (first: number, port: number, launch: Launch): { pid(): number; end(): Promise<void> } => {
  let pid = first;
  let ended = false;
  let busy: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    if (ended || (await isPostmaster(pid, launch.cluster))) return;
    try {
      pid = (await findOrphan(launch.cluster)) ?? (await launchPostmaster(launch, port));
      await waitUntilReady(pid, launch);
    } catch {
      // Every query fails with `unavailable` meanwhile; the next look tries again.
    }
  };
  const timer = setInterval(() => {
    busy = busy.then(look);
  }, WATCH_MS).unref();
  return {
    pid: () => pid,
    end: async () => {
      ended = true;
      clearInterval(timer);
      await busy;
    },
  };
};

/**
 * Starts PostgreSQL 18 under `<dataDir>/postgres`, made on the first start. A server that survived a kill of its
 * Archwire is adopted; a folder that another living Archwire uses is refused; a server that dies is started again.
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
  const user = await findPostgresUser();
  if (user !== null) {
    // Our own folder may have been made private by another part; passing through shows nothing of what is in it.
    const { mode } = await stat(options.dataDir);
    if ((mode & 0o001) === 0) await chmod(options.dataDir, mode | 0o001);
    await assertReachable(folder, user);
    await assertReachable(await realpath(binaries.folder), user);
  }
  const credentials = await loadCredentials(join(folder, 'credentials.json'));
  const isNew = await stat(cluster).then(
    () => false,
    () => true,
  );
  if (isNew) await initialiseCluster(binaries.initdb, cluster, credentials.superuserPassword, user);

  const launch: Launch = {
    binary: binaries.postgres,
    cluster,
    logFile: join(folder, 'postgres.log'),
    user,
    settings: options.settings ?? {},
  };
  const orphan = await findOrphan(cluster);
  const pid = orphan ?? (await launchPostmaster(launch, await freePort()));
  try {
    const port = await waitUntilReady(pid, launch);
    const at = `127.0.0.1:${port}`;
    const superuserUrl = `postgresql://postgres:${credentials.superuserPassword}@${at}/postgres`;
    const ownerUrl = `postgresql://archwire_owner:${credentials.ownerPassword}@${at}/archwire`;
    if (isNew) await bootstrapCluster(superuserUrl, credentials.ownerPassword);
    const claim = await claimCluster(
      ownerUrl,
      async () => await bootstrapCluster(superuserUrl, credentials.ownerPassword),
    );
    const server = watch(pid, port, launch);
    return {
      ownerUrl,
      superuserUrl,
      pid: () => server.pid(),
      release: async () => await claim.release(),
      stop: async () => {
        await server.end();
        await claim.release();
        await stopPostmaster(server.pid(), cluster);
      },
    };
  } catch (error) {
    // An orphan may belong to somebody who lives; what we started ourselves must not stay behind.
    if (orphan === null) await stopPostmaster(pid, cluster);
    throw error;
  }
};
