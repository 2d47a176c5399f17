// Real: two gateways and a process of workers on one PostgreSQL and one store folder, DCMTK storescu, kill -9.
import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@archwire/database/testing';
import {
  freePort,
  startArchwire,
  temporaryFolder,
  waitFor,
  type Archwire,
} from '@archwire/test-data/processes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataSetOf, storescu } from './testing/dcmtk.ts';
import { smallObject, type SmallObject } from './testing/small-object.ts';

let folder: string;
let database: TestDatabase;
let shared: Record<string, string>;
const running = new Map<string, Archwire>();
const ports = new Map<string, number>();

const start = async (name: string, services: string, idleSeconds = 3600): Promise<Archwire> => {
  const port = ports.get(name) ?? (await freePort());
  ports.set(name, port);
  const server = await startArchwire({
    dataDir: join(folder, name),
    env: {
      ...shared,
      ARCHWIRE_SERVICES: services,
      ARCHWIRE_NODE_NAME: name,
      ARCHWIRE_NODE_PORT: String(port),
      ARCHWIRE_SETTLE_IDLE_SECONDS: String(idleSeconds),
    },
  });
  running.set(name, server);
  return server;
};
const at = (name: string): Archwire => {
  const server = running.get(name);
  if (server === undefined) throw new Error(`${name} does not run`);
  return server;
};

beforeAll(async () => {
  folder = await temporaryFolder();
  database = await createTestDatabase();
  shared = {
    DATABASE_URL: database.ownerUrl,
    ARCHWIRE_STORE_DIR: join(folder, 'store'),
    ARCHWIRE_SECRET_KEY: randomBytes(32).toString('base64'),
    ARCHWIRE_JOURNAL_SEGMENT_MB: '8',
  };
  await start('gateway-a', 'http,dimse');
  await Promise.all([start('gateway-b', 'http,dimse'), start('workers', 'workers')]);
});
afterAll(async () => {
  for (const server of running.values()) await server.stop();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const send = async (name: string, objects: readonly SmallObject[]): Promise<void> => {
  const files = await Promise.all(
    objects.map(async ({ instance, bytes }, index) => {
      const file = join(folder, `${instance.slice(-12)}-${index}.dcm`);
      await writeFile(file, bytes);
      return file;
    }),
  );
  expect(await storescu(at(name), files)).toEqual(files);
};
const pathOf = ({ study, series, instance }: SmallObject): string =>
  `/dicomweb/studies/${study}/series/${series}/instances/${instance}`;
const retrieve = async (name: string, object: SmallObject): Promise<readonly [number, Buffer, string]> => {
  const answer = await at(name).fetch(pathOf(object), {
    headers: { accept: 'application/dicom; transfer-syntax=*' },
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  return [answer.status, bytes, bytes.toString('utf8')];
};
const same = async (name: string, object: SmallObject): Promise<boolean> => {
  const [status, bytes] = await retrieve(name, object);
  return status === 200 && dataSetOf(bytes).equals(dataSetOf(object.bytes));
};
const instances = async (): Promise<{ key: string; store: string; conflicted: boolean }[]> =>
  await database.owner('select store, key, conflicted from instance');
const nodesOf = async (): Promise<Record<string, number>> =>
  Object.fromEntries(
    [
      ...Map.groupBy(await instances(), ({ store, key }) =>
        store === 'journal' ? (key.split('/')[0] ?? '') : store,
      ),
    ].map(([node, rows]) => [node, rows.length]),
  );

const series = Array.from({ length: 12 }, (_, index) =>
  smallObject('shared series', index + 1, { side: 128 }),
);
const [forA, forB] = [series.filter((_, i) => i % 2 === 0), series.filter((_, i) => i % 2 === 1)];

it('takes one series through two gateways at once and shows it whole at each', async () => {
  await Promise.all([send('gateway-a', forA), send('gateway-b', forB)]);
  await waitFor('everything in the index', async () => (await instances()).length === 12);
  expect(await nodesOf()).toEqual({ 'gateway-a': 6, 'gateway-b': 6 });
  for (const name of ['gateway-a', 'gateway-b'])
    expect(await Promise.all(series.map((object) => same(name, object)))).toEqual(series.map(() => true));
  const found = await at('gateway-b').fetch(
    `/dicomweb/studies?StudyInstanceUID=${series[0]?.study}&includefield=00201208`,
  );
  expect(await found.json()).toEqual([expect.objectContaining({ '00201208': { vr: 'IS', Value: [12] } })]);
});

it('makes the pictures in a third process, from bytes that lie in the journals of the other two', async () => {
  await waitFor(
    'twelve thumbnails',
    async () => (await at('workers').metric('archwire_derivatives_total{kind="thumbnail"}')) === 12,
    { seconds: 60 },
  );
  const object = series[1];
  if (object === undefined) throw new Error('unreachable');
  const thumbnail = await at('gateway-a').fetch(`${pathOf(object)}/thumbnail`, {
    headers: { accept: 'image/jpeg' },
  });
  expect([thumbnail.status, thumbnail.headers.get('x-archwire-placeholder')]).toEqual([200, null]);
});

it('knows the same bytes again at the other gateway, and keeps other bytes as a conflict', async () => {
  const [one, two] = [forA[0], forA[1]];
  if (one === undefined || two === undefined) throw new Error('unreachable');
  const other = smallObject('shared series', 3, { side: 128, seed: 999 });
  expect(other.instance).toBe(two.instance);
  await send('gateway-b', [one, other]);
  await waitFor('the conflict', async () => (await instances()).some(({ conflicted }) => conflicted));
  expect((await instances()).length).toBe(12);
  expect(await database.owner("select split_part(key, '/', 1) as node from instance_conflict")).toEqual([
    { node: 'gateway-b' },
  ]);
  expect(await same('gateway-b', two)).toBe(true);
});

it('says which node has the bytes while it is down, and has lost nothing when it is back', async () => {
  const object = forB[0];
  if (object === undefined) throw new Error('unreachable');
  await at('gateway-b').kill();
  const [status, , text] = await retrieve('gateway-a', object);
  expect([status, text]).toEqual([503, expect.stringContaining('node gateway-b, which does not answer')]);
  expect(await Promise.all(forA.map((each) => same('gateway-a', each)))).toEqual(forA.map(() => true));
  await start('gateway-b', 'http,dimse');
  await waitFor('the bytes again', async () => await same('gateway-a', object));
  expect(await Promise.all(series.map((each) => same('gateway-a', each)))).toEqual(series.map(() => true));
  expect(await nodesOf()).toEqual({ 'gateway-a': 6, 'gateway-b': 6 });
});

it('lets nobody read a journal who is no node, nor for a tenant whose bytes they are not', async () => {
  const answer = await fetch(
    `http://127.0.0.1:${ports.get('gateway-b')}/journal?key=gateway-b/segments/000000000000001.seg&from=0&count=10`,
  );
  expect(answer.status).toBe(403);
});

it('settles each journal by its own node, into the one store', async () => {
  await Promise.all([at('gateway-a').stop(), at('gateway-b').stop()]);
  await Promise.all([start('gateway-a', 'http,dimse', 1), start('gateway-b', 'http,dimse', 1)]);
  await waitFor('everything settled', async () => (await nodesOf())['archive'] === 12, { seconds: 60 });
  expect(await database.owner('select store from instance_conflict')).toEqual([{ store: 'archive' }]);
  expect(await database.owner('select distinct unsettled_count from series')).toEqual([
    { unsettled_count: 0 },
  ]);
  for (const name of ['gateway-a', 'gateway-b'])
    expect(await Promise.all(series.map((object) => same(name, object)))).toEqual(series.map(() => true));
});

it('starts no second node of one name: the index could not tell their journals apart', async () => {
  await expect(
    startArchwire({ dataDir: join(folder, 'impostor'), env: { ...shared, ARCHWIRE_NODE_NAME: 'gateway-a' } }),
  ).rejects.toThrow(/Another node is called gateway-a already/);
});
