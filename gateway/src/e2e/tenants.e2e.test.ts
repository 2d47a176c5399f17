// Real: the whole server as a process of its own, PostgreSQL with row-level security, HTTP.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@archwire/database/testing';
import {
  ADMINISTRATOR,
  startArchwire,
  temporaryFolder,
  waitFor,
  type Archwire,
} from '@archwire/test-data/processes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { signedInFetch } from './testing/sign-in.ts';
import { smallObject, type SmallObject } from './testing/small-object.ts';

const json = { headers: { accept: 'application/dicom+json' } };
const SECOND = { email: 'second@archwire.local', password: ADMINISTRATOR.password };

let folder: string;
let database: TestDatabase;
let server: Archwire;
let tenants: Record<'first' | 'second', Archwire['fetch']>;
beforeAll(async () => {
  folder = await temporaryFolder();
  database = await createTestDatabase();
  server = await startArchwire({
    dataDir: join(folder, 'data'),
    env: { DATABASE_URL: database.ownerUrl, ARCHWIRE_SETTLE_IDLE_SECONDS: '1' },
  });
  // The product makes no second group yet: it is made as its administrator of the database would.
  const { tenantId } = await database.tenant('Second');
  await database.owner(
    `insert into app_user (tenant_id, email, display_name, role, password_hash, must_change_password)
       select $1, $2, 'Second', 'administrator', password_hash, false from app_user where email = $3`,
    [tenantId, SECOND.email, ADMINISTRATOR.email],
  );
  tenants = { first: (path, init) => server.fetch(path, init), second: await signedInFetch(server, SECOND) };
});
afterAll(async () => {
  await server.stop();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const store = async (who: Archwire['fetch'], { bytes }: SmallObject): Promise<number> =>
  (
    await who('/dicomweb/studies', {
      method: 'POST',
      headers: { ...json.headers, 'content-type': 'application/dicom' },
      body: Uint8Array.from(bytes),
    })
  ).status;
const pathOf = ({ study, series, instance }: SmallObject): string =>
  `/dicomweb/studies/${study}/series/${series}/instances/${instance}`;
const TAILS = ['', '/metadata', '/frames/1', '/rendered', '/thumbnail', '/bulkdata/7FE00010'];
const statuses = async (who: Archwire['fetch'], object: SmallObject): Promise<number[]> => {
  const paths = [
    ...TAILS.map((tail) => pathOf(object) + tail),
    `/dicomweb/studies/${object.study}`,
    `/dicomweb/studies/${object.study}/metadata`,
    `/dicomweb/studies/${object.study}/series/${object.series}/metadata`,
  ];
  const answers: number[] = [];
  for (const path of paths) {
    const answer = await who(path);
    await answer.arrayBuffer();
    answers.push(answer.status);
  }
  return answers;
};
const found = async (who: Archwire['fetch'], path: string): Promise<number> => {
  const answer: unknown = await (await who(`/dicomweb/${path}`, json)).json();
  return Array.isArray(answer) ? answer.length : -1;
};

it('shows no group anything of another, whatever it asks for', async () => {
  const mine = smallObject('of the first group', 1);
  const theirs = smallObject('of the second group', 1);
  expect([await store(tenants.first, mine), await store(tenants.second, theirs)]).toEqual([200, 200]);

  const all = Array.from({ length: 9 }, () => 200);
  const nothing = Array.from({ length: 9 }, () => 404);
  expect(await statuses(tenants.first, mine)).toEqual(all);
  expect(await statuses(tenants.second, theirs)).toEqual(all);
  expect(await statuses(tenants.first, theirs)).toEqual(nothing);
  expect(await statuses(tenants.second, mine)).toEqual(nothing);
  for (const who of [tenants.first, tenants.second]) {
    for (const path of ['studies', 'series', 'instances', 'studies?PatientName=SMALL*&fuzzymatching=true'])
      expect([path, await found(who, path)]).toEqual([path, 1]);
  }
  expect(await found(tenants.second, `studies?StudyInstanceUID=${mine.study}`)).toBe(0);
  expect(await found(tenants.second, `studies/${mine.study}/series`)).toBeLessThan(1);

  // Once settled, the ranges lie in packs and the metadata is prebuilt: another way to the same answers.
  await waitFor(
    'both series settled',
    async () => (await server.metric('archwire_archive_unsettled_instances')) === 0,
  );
  expect(await statuses(tenants.first, mine)).toEqual(all);
  expect(await statuses(tenants.second, mine)).toEqual(nothing);
});

it('keeps the same UIDs with other bytes apart', async () => {
  const mine = smallObject('the same study', 1, { seed: 1, patientId: 'A' });
  const theirs = smallObject('the same study', 1, { seed: 2, patientId: 'B' });
  expect([await store(tenants.first, mine), await store(tenants.second, theirs)]).toEqual([200, 200]);
  for (const [who, own] of [
    [tenants.first, mine],
    [tenants.second, theirs],
  ] as const) {
    const answer = await who(pathOf(own), { headers: { accept: 'application/dicom; transfer-syntax=*' } });
    expect(Buffer.from(await answer.arrayBuffer()).equals(own.bytes)).toBe(true);
    const [first, second] = await Promise.all([
      found(who, `instances?PatientID=A`),
      found(who, `instances?PatientID=B`),
    ]);
    expect([first, second]).toEqual(own === mine ? [1, 0] : [0, 1]);
  }
});

it('lists no user, key, device or session of another group', async () => {
  await tenants.first('/api/v1/api-keys', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'A machine' }),
  });
  await tenants.first('/api/v1/devices', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Pano', aeTitle: 'PANO' }),
  });
  const listed = async (who: Archwire['fetch']) => {
    const counts: number[] = [];
    for (const path of ['users', 'api-keys', 'devices', 'locations', 'auth/sessions']) {
      const answer: unknown = await (await who(`/api/v1/${path}`)).json();
      const [list] = typeof answer === 'object' && answer !== null ? Object.values(answer) : [];
      counts.push(Array.isArray(list) ? list.length : -1);
    }
    return counts;
  };
  expect(await listed(tenants.first)).toEqual([1, 1, 1, 1, 1]);
  expect(await listed(tenants.second)).toEqual([1, 0, 0, 1, 1]);
});
