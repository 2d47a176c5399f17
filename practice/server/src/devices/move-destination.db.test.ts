// Real: PostgreSQL (embedded) with row-level security.
import { createTestDatabase, type TestDatabase, type TestTenant } from '@archwire/database/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMoveDestination } from './move-destination.ts';

let database: TestDatabase;
let ours: TestTenant;
let theirs: TestTenant;
beforeAll(async () => {
  database = await createTestDatabase();
  [ours, theirs] = [await database.tenant('Ours'), await database.tenant('Theirs')];
});
afterAll(() => database.close());

const register = async ({ tenantId, locationId }: TestTenant, device: Readonly<Record<string, unknown>>) => {
  await database.db.withTenant(tenantId, async (trx) => {
    await trx('device').insert({ name: 'Peer', tenant_id: tenantId, location_id: locationId, ...device });
  });
};

test('a destination is an active device of the same tenant that says where it listens', async () => {
  const find = createMoveDestination({ database: database.db });
  await register(ours, { ae_title: 'VNA', host: 'vna.local', port: 104, tls: true });
  await register(ours, { ae_title: 'SENSOR' });
  await register(ours, { ae_title: 'OLD', host: 'old.local', port: 104, active: false });
  await register(ours, { ae_title: 'VIEW_SCU', echo_ae: 'VIEW_SCP', host: '10.0.0.7', port: 4242 });
  await register(theirs, { ae_title: 'ELSEWHERE', host: 'else.local', port: 104 });
  const ask = async (title: string) => await find(ours.tenantId, title);
  expect(await ask('VNA')).toEqual({ host: 'vna.local', port: 104, calledAe: 'VNA', tls: true });
  expect(await ask('VIEW_SCP')).toEqual({ host: '10.0.0.7', port: 4242, calledAe: 'VIEW_SCP', tls: false });
  expect(await ask('VIEW_SCU')).toEqual({ host: '10.0.0.7', port: 4242, calledAe: 'VIEW_SCP', tls: false });
  for (const title of ['SENSOR', 'OLD', 'ELSEWHERE', 'vna', "' or true --"])
    expect([title, await ask(title)]).toEqual([title, null]);
  expect(await find(theirs.tenantId, 'VNA')).toBeNull();
});

test('of two that claim a title, the one whose own listening title it is comes first', async () => {
  const find = createMoveDestination({ database: database.db });
  await register(ours, { ae_title: 'PACS', echo_ae: 'OTHER', host: 'first', port: 1 });
  await register(ours, { ae_title: 'PACS', called_ae: 'X', host: 'second', port: 2 });
  expect(await find(ours.tenantId, 'PACS')).toMatchObject({ host: 'second', calledAe: 'PACS' });
});
