import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client, type QueryResultRow } from 'pg';
import { bootstrapCluster } from '../embedded/bootstrap-cluster.ts';
import { loadCredentials } from '../embedded/credentials.ts';
import { initialiseCluster } from '../embedded/initialise-cluster.ts';
import { findPostgresBinaries } from '../embedded/postgres-binaries.ts';
import { findPostgresUser } from '../embedded/postgres-user.ts';
import { type Launch, launchPostmaster, stopPostmaster, waitUntilReady } from '../embedded/postmaster.ts';

export interface StoppablePostgres {
  /** For DATABASE_URL: the role that owns the empty database. */
  readonly ownerUrl: string;
  /** Runs SQL in that database as the superuser. */
  query<Row extends QueryResultRow = QueryResultRow>(sql: string): Promise<Row[]>;
  /** Starts it again, on the same port. */
  start(): Promise<void>;
  /** Ends it as an operator does, also under load. */
  stop(): Promise<void>;
}

const unusedPort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No loopback port is free.');
  return address.port;
};

/**
 * A running PostgreSQL of the test's own, which nobody revives: for outages. `folder` must be one that other users can
 * pass through. Call `stop` at the end.
 */
export const startStoppablePostgres = async (folder: string): Promise<StoppablePostgres> => {
  const binaries = findPostgresBinaries();
  const home = join(folder, 'stoppable-postgres');
  await mkdir(home, { recursive: true, mode: 0o755 });
  const credentials = await loadCredentials(join(home, 'credentials.json'));
  const launch: Launch = {
    binary: binaries.postgres,
    cluster: join(home, 'cluster'),
    logFile: join(home, 'postgres.log'),
    user: await findPostgresUser(),
    settings: {},
  };
  await initialiseCluster(binaries.initdb, launch.cluster, credentials.superuserPassword, launch.user);
  const port = await unusedPort();
  let pid = 0;
  const start = async (): Promise<void> => {
    pid = await launchPostmaster(launch, port);
    await waitUntilReady(pid, launch);
  };
  await start();
  const at = `127.0.0.1:${port}`;
  await bootstrapCluster(
    `postgresql://postgres:${credentials.superuserPassword}@${at}/postgres`,
    credentials.ownerPassword,
  );
  return {
    query: async <Row extends QueryResultRow>(sql: string) => {
      const client = new Client({
        connectionString: `postgresql://postgres:${credentials.superuserPassword}@${at}/archwire`,
      });
      client.on('error', () => {});
      await client.connect();
      try {
        return (await client.query<Row>(sql)).rows;
      } finally {
        await client.end();
      }
    },
    ownerUrl: `postgresql://archwire_owner:${credentials.ownerPassword}@${at}/archwire`,
    start,
    stop: async () => await stopPostmaster(pid, launch.cluster),
  };
};
