import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@archwire/contracts';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../embedded/start-embedded-postgres.ts';
import { connectDatabase } from '../open-database.ts';
import type { TestServerAnswer } from './test-server-address.ts';

interface TestServer {
  readonly answer: TestServerAnswer;
  stop(): Promise<void>;
}

/** Ends PostgreSQL and removes its folder when this process dies without its teardown: the pipe to `cat` closes then. */
const guard = (pid: number, dataDir: string): { dismiss(): void } => {
  const child = spawn(
    '/bin/sh',
    ['-c', 'cat > /dev/null; kill -QUIT "$0" 2> /dev/null; sleep 1; rm -rf "$1"', String(pid), dataDir],
    {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  );
  child.unref();
  return { dismiss: () => child.kill('SIGKILL') };
};

const startTestServer = async (): Promise<TestServer> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'archwire-test-database-'));
  await chmod(dataDir, 0o711);
  const server = await startEmbeddedPostgres({
    dataDir,
    // Lost on purpose with the folder: only speed counts here. Durability has tests of its own.
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '300',
      max_wal_size: '256MB',
    },
  });
  const watch = guard(server.pid(), dataDir);
  const migrated = await connectDatabase({ ownerUrl: server.ownerUrl });
  await migrated.close();
  await server.release();
  return {
    answer: { superuserUrl: server.superuserUrl, ownerUrl: server.ownerUrl, template: 'archwire' },
    stop: async () => {
      await server.stop();
      watch.dismiss();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};

/**
 * Vitest global setup: one PostgreSQL for the whole run, started by the first test that asks for a database and stopped
 * at the end, also when vitest itself is killed.
 */
const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  let starting: Promise<TestServer> | null = null;
  const door = createServer((socket) => {
    socket.on('error', () => {});
    starting ??= startTestServer();
    starting.then(
      ({ answer }) => socket.end(JSON.stringify(answer)),
      (error: unknown) => socket.end(JSON.stringify({ error: String(error) })),
    );
  }).listen(0, '127.0.0.1');
  await once(door, 'listening');
  const address = door.address();
  if (address === null || typeof address === 'string')
    throw new AppError('internal', 'No loopback port for the test database.');
  project.provide('archwireTestDatabasePort', address.port);
  return async () => {
    door.close();
    // A server that failed to start has told its tests so already.
    await (await starting?.catch(() => null))?.stop();
  };
};

export default setup;
