// Real: the whole server as a process of its own, redis-server, PostgreSQL, DCMTK storescu.
import { spawn, type ChildProcess } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@archwire/database/testing';
import {
  endProcess,
  freePort,
  startArchwire,
  temporaryFolder,
  waitFor,
  type Archwire,
} from '@archwire/test-data/processes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataSetOf, dcmtk, storescu } from './testing/dcmtk.ts';
import { smallObject } from './testing/small-object.ts';

let folder: string;
let database: TestDatabase;
let redis: ChildProcess;
let redisPort: number;
let server: Archwire;

const startRedis = async (): Promise<ChildProcess> => {
  const options = { bind: '127.0.0.1', port: String(redisPort), dir: folder, save: '', appendonly: 'yes' };
  const child = spawn(
    'redis-server',
    Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
    { stdio: 'ignore' },
  );
  await waitFor('redis-server', async () => (await keys()) >= 0);
  return child;
};
const keys = async (): Promise<number> => {
  const { output } = await dcmtk('redis-cli', ['-p', String(redisPort), 'dbsize']);
  return /^\d+/.test(output) ? Number.parseInt(output, 10) : -1;
};

beforeAll(async () => {
  folder = await temporaryFolder();
  redisPort = await freePort();
  redis = await startRedis();
  database = await createTestDatabase();
  server = await startArchwire({
    dataDir: join(folder, 'data'),
    env: {
      DATABASE_URL: database.ownerUrl,
      REDIS_URL: `redis://127.0.0.1:${redisPort}`,
      ARCHWIRE_SETTLE_IDLE_SECONDS: '1',
    },
  });
});
afterAll(async () => {
  await server.stop();
  await endProcess(redis);
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const send = async (name: string) => {
  const object = smallObject(name, 1, { side: 128 });
  const file = join(folder, `${name}.dcm`);
  await writeFile(file, object.bytes);
  expect(await storescu(server, [file])).toEqual([file]);
  return object;
};
const thumbnails = async () => await server.metric('archwire_derivatives_total{kind="thumbnail"}');

it('runs the jobs of an image over Redis, and none over PostgreSQL', async () => {
  const object = await send('redis');
  await waitFor('a thumbnail made by a job', async () => (await thumbnails()) === 1);
  await waitFor(
    'the series settled',
    async () => (await server.metric('archwire_archive_unsettled_instances')) === 0,
  );
  expect(await keys()).toBeGreaterThan(0);
  expect(await database.owner("select nspname from pg_namespace where nspname = 'bullmq'")).toEqual([]);

  const path = `/dicomweb/studies/${object.study}/series/${object.series}/instances/${object.instance}`;
  const answer = await server.fetch(path, { headers: { accept: 'application/dicom; transfer-syntax=*' } });
  const stored = Buffer.from(await answer.arrayBuffer());
  expect([answer.status, dataSetOf(stored).equals(dataSetOf(object.bytes))]).toEqual([200, true]);
  const thumbnail = await server.fetch(`${path}/thumbnail`, { headers: { accept: 'image/jpeg' } });
  expect([thumbnail.status, thumbnail.headers.get('x-archwire-placeholder')]).toEqual([200, null]);
});

it('receives while Redis is away, says so, and does the jobs when it is back', async () => {
  await endProcess(redis);
  const object = await send('redis-away');
  const path = `/dicomweb/studies/${object.study}/series/${object.series}/instances/${object.instance}`;
  await waitFor('the object in the index', async () => (await server.fetch(`${path}/metadata`)).ok);
  const ready = await fetch(`${server.url}/readyz`);
  const answer: unknown = await ready.json();
  expect([ready.status, answer]).toEqual([
    503,
    expect.objectContaining({
      parts: expect.objectContaining({
        database: 'ok',
        queue: expect.objectContaining({ reason: expect.any(String) }),
      }),
    }),
  ]);
  redis = await startRedis();
  await waitFor('the second thumbnail', async () => (await thumbnails()) === 2);
  await waitFor('readiness', async () => (await fetch(`${server.url}/readyz`)).ok);
});
