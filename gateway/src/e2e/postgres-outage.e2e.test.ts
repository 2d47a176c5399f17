// Real: the whole server as a process of its own, a PostgreSQL of its own that is stopped and started under load, DCMTK storescu.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startStoppablePostgres, type StoppablePostgres } from '@archwire/database/testing';
import { startArchwire, temporaryFolder, waitFor, type Archwire } from '@archwire/test-data/processes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataSetOf, dcmtk, storescu } from './testing/dcmtk.ts';
import { smallObject, type SmallObject } from './testing/small-object.ts';

const json = { headers: { accept: 'application/dicom+json' } };

let folder: string;
let postgres: StoppablePostgres;
let server: Archwire;
beforeAll(async () => {
  folder = await temporaryFolder();
  postgres = await startStoppablePostgres(folder);
  server = await startArchwire({
    dataDir: join(folder, 'data'),
    env: { DATABASE_URL: postgres.ownerUrl, ARCHWIRE_SETTLE_IDLE_SECONDS: '1' },
  });
});
afterAll(async () => {
  await server.stop();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Written extends SmallObject {
  readonly file: string;
}
const write = async (name: string, count: number): Promise<Written[]> =>
  await Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const object = smallObject(name, at + 1, { side: 100 });
      const file = join(folder, `${name}-${at + 1}.dcm`);
      await writeFile(file, object.bytes);
      return { ...object, file };
    }),
  );

const readiness = async (): Promise<{ status: number; notWell: string[] }> => {
  const answer = await fetch(`${server.url}/readyz`);
  const body: unknown = await answer.json();
  const parts =
    typeof body === 'object' && body !== null && 'parts' in body && typeof body.parts === 'object'
      ? Object.entries(body.parts ?? {})
      : [];
  return {
    status: answer.status,
    notWell: parts.filter(([, state]) => state !== 'ok').map(([name]) => name),
  };
};

it('goes on acknowledging while PostgreSQL is away, says what is wrong, and indexes everything afterwards', async () => {
  const [before, during, late] = await Promise.all([
    write('before', 20),
    write('during', 300),
    write('late', 20),
  ]);
  const files = (objects: readonly Written[]) => objects.map(({ file }) => file);
  expect(await storescu(server, files(before))).toEqual(files(before));
  expect((await server.fetch('/dicomweb/studies', json)).status).toBe(200);

  // Stopped in the middle of a sender that makes one association after the other.
  const sending = (async () => {
    const stored: string[] = [];
    for (let at = 0; at < during.length; at += 25)
      stored.push(...(await storescu(server, files(during.slice(at, at + 25)))));
    return stored;
  })();
  const received = 'archwire_dimse_stored_objects_total';
  await waitFor('some objects of the sender', async () => (await server.metric(received)) > 60);
  await postgres.stop();
  expect(await sending).toEqual(files(during));
  // A new association of a known sender, and the answer to C-ECHO.
  expect(await storescu(server, files(late))).toEqual(files(late));
  const echo = ['-aet', 'E2E', '-aec', server.calledAe, '127.0.0.1', String(server.dimsePort)];
  expect((await dcmtk('echoscu', echo)).code).toBe(0);

  const asked = await server.fetch('/dicomweb/studies', json);
  const problem: unknown = await asked.json();
  expect([asked.status, problem]).toEqual([
    503,
    expect.objectContaining({
      kind: 'unavailable',
      detail: expect.stringContaining('The database does not answer.'),
    }),
  ]);
  const notReady = await readiness();
  expect([
    notReady.status,
    notReady.notWell.includes('database'),
    notReady.notWell.includes('store'),
  ]).toEqual([503, true, false]);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);

  await postgres.start();
  await waitFor('readiness', async () => (await readiness()).status === 200);
  const counted = async (study: string): Promise<number> => {
    const answer: unknown = await (
      await server.fetch(`/dicomweb/studies/${study}/instances?limit=1000`, json)
    ).json();
    return Array.isArray(answer) ? answer.length : -1;
  };
  for (const sent of [before, during, late]) {
    const [{ study }] = sent as [Written];
    await waitFor('every acknowledged object', async () => (await counted(study)) === sent.length);
  }
  for (const { study, series, instance, bytes } of [...during, ...late].filter((_, at) => at % 20 === 0)) {
    const answer = await server.fetch(`/dicomweb/studies/${study}/series/${series}/instances/${instance}`, {
      headers: { accept: 'application/dicom; transfer-syntax=*' },
    });
    const stored = Buffer.from(await answer.arrayBuffer());
    expect([answer.status, dataSetOf(stored).equals(dataSetOf(bytes))]).toEqual([200, true]);
  }
  // Jobs come back by themselves: everything is derived, without anybody asking for it.
  const everything = before.length + during.length + late.length;
  // Asked in the index itself: a job whose commit was cut off may have been done without knowing it.
  const derived = async (): Promise<number> => {
    const [row] = await postgres.query<{ count: string }>(
      "select count(*) from derivative where kind = 'thumbnail' and placeholder_reason is null",
    );
    return Number(row?.count);
  };
  await waitFor('every thumbnail', async () => (await derived()) === everything, { seconds: 50 });
  expect(process.kill(server.pid, 0)).toBe(true);
});
