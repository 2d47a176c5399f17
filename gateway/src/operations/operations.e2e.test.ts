// Real: the whole server as `npm start` runs it, its embedded PostgreSQL, DCMTK's storescu and echoscu over loopback sockets.
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Alerts, Associations, Overview, Throughput } from '@archwire/contracts/api/operations';
import { type Archwire, startArchwire, temporaryFolder, waitFor } from '@archwire/test-data/processes';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
let folder: string;
let server: Archwire;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startArchwire({ dataDir: path.join(folder, 'data') });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const get = async (address: string): Promise<unknown> => {
  const answer = await server.fetch(`/api/v1/operations${address}`);
  expect(answer.status).toBe(200);
  return await answer.json();
};

it('says how each part, the process and the stores are', async () => {
  await waitFor('the process says that it is there', async () => {
    const { installation } = Overview.parse(await get(''));
    return installation?.nodes.length === 1;
  });
  const overview = Overview.parse(await get(''));
  expect(overview.parts).toEqual(
    ['database', 'queue', 'store', 'journal', 'disk'].map((name) => ({ name, reason: null })),
  );
  expect(overview.versions).toMatchObject({ app: '0.1.0', queue: 'postgres', viewer: '3.13.2' });
  expect(overview.versions.postgres).toMatch(/^18\./);
  expect(overview.storage).toEqual([]);
  const [node] = overview.installation?.nodes ?? [];
  expect(node).toMatchObject({ alive: true, services: ['http', 'dimse', 'workers'] });
  expect(node?.disk?.freeBytes).toBeGreaterThan(0);
  expect(node?.journal.bytes).toBeGreaterThan(0);
  expect(Alerts.parse(await get('/alerts')).open.filter(({ severity }) => severity === 'critical')).toEqual(
    [],
  );
});

it('lists who was here', async () => {
  await run('echoscu', ['-aet', 'PANO', '-aec', 'ARCHWIRE', '127.0.0.1', String(server.dimsePort)]);
  await waitFor('the association is written', async () => {
    const { associations } = Associations.parse(await get('/associations'));
    return associations.length === 1;
  });
  const { associations, next } = Associations.parse(await get('/associations'));
  expect(next).toBeNull();
  expect(associations[0]).toMatchObject({
    callingAe: 'PANO',
    calledAe: 'ARCHWIRE',
    address: '127.0.0.1',
    deviceId: null,
    objects: 0,
    failures: 0,
    outcome: 'released',
  });
  expect(Throughput.parse(await get('/throughput?hours=2'))).toMatchObject({
    minutes: 1,
    points: Array.from({ length: 120 }, () => ({ instances: 0, bytes: 0 })),
  });
});
