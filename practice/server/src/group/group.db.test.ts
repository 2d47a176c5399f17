// Real: PostgreSQL 18 (embedded), the audit chain.
import { AppError, type Permission, PERMISSIONS, type Principal } from '@archwire/contracts';
import { ingestBatch } from '@archwire/database';
import { createTestDatabase, type TestDatabase, testRow, type TestTenant } from '@archwire/database/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createGroupService } from './group-service.ts';

let database: TestDatabase;
let tenant: TestTenant;
let other: TestTenant;
let forgotten: number;

const principal = (
  { tenantId }: TestTenant = tenant,
  permissions: readonly Permission[] = PERMISSIONS,
): Principal => ({
  tenantId,
  kind: 'user',
  id: '33333333-3333-7333-8333-333333333333',
  locationId: null,
  permissions: new Set(permissions),
  address: '127.0.0.1',
  userAgent: 'test',
  requestId: 'r1',
});
const group = () => createGroupService({ database: database.db, forget: () => void (forgotten += 1) });
const reasonOf = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return [error.kind, error.details['reason'] ?? null];
    throw error;
  }
  return 'no error';
};
const locations = async ({ tenantId }: TestTenant = tenant) =>
  await database.owner<{ name: string; is_default: boolean }>(
    'select name, is_default from location where tenant_id = $1 order by name',
    [tenantId],
  );
const audited = async () =>
  (
    await database.owner<{ action: string }>(
      'select action from audit_log where tenant_id = $1 order by seq',
      [tenant.tenantId],
    )
  ).map(({ action }) => action);

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.close());
beforeEach(async () => {
  tenant = await database.tenant('Ours');
  other = await database.tenant('Theirs');
  forgotten = 0;
  await database.owner("update location set name = 'Main' where id = $1", [tenant.locationId]);
});

it('renames the group, and no other', async () => {
  expect(await group().rename(principal(), 'Smile & Söhne')).toEqual({
    id: tenant.tenantId,
    name: 'Smile & Söhne',
  });
  expect(
    await database.owner('select name from tenant where id = any($1) order by name', [
      [tenant.tenantId, other.tenantId],
    ]),
  ).toEqual([{ name: 'Smile & Söhne' }, { name: 'Theirs' }]);
  expect([await audited(), forgotten]).toEqual([['tenant.rename'], 1]);
});

it('makes, changes and removes locations; the new default takes the place of the old', async () => {
  const north = await group().createLocation(principal(), { name: 'North', issuer: 'NORTH' });
  expect(north).toEqual({ id: north.id, name: 'North', timezone: 'UTC', issuer: 'NORTH', isDefault: false });
  const changed = await group().updateLocation(principal(), north.id, {
    timezone: 'America/Toronto',
    isDefault: true,
  });
  expect(changed).toEqual({ ...north, timezone: 'America/Toronto', isDefault: true });
  expect(await locations()).toEqual([
    { name: 'Main', is_default: false },
    { name: 'North', is_default: true },
  ]);
  await group().removeLocation(principal(), tenant.locationId);
  expect(await locations()).toEqual([{ name: 'North', is_default: true }]);
  expect(await audited()).toEqual(['location.create', 'location.update', 'location.remove']);
  expect(await locations(other)).toHaveLength(1);
});

it('refuses a second place of a name, the removal of the default and of one that is used, and changes nothing', async () => {
  const taken = group().createLocation(principal(), { name: 'mAIN', issuer: 'X' });
  expect(await reasonOf(taken)).toEqual(['conflict', 'name-taken']);
  const used = await group().createLocation(principal(), { name: 'Used', issuer: 'U' });
  await ingestBatch(database.db.knex, [testRow({ ...tenant, locationId: used.id }, {})]);
  expect(await reasonOf(group().removeLocation(principal(), used.id))).toEqual([
    'conflict',
    'location-in-use',
  ]);
  expect(await reasonOf(group().removeLocation(principal(), tenant.locationId))).toEqual([
    'conflict',
    'default-location',
  ]);
  expect(await reasonOf(group().updateLocation(principal(), used.id, { name: 'Main' }))).toEqual([
    'conflict',
    'name-taken',
  ]);
  expect(await locations()).toEqual([
    { name: 'Main', is_default: true },
    { name: 'Used', is_default: false },
  ]);
  expect(await audited()).toEqual(['location.create']);
});

it('knows no location of another group, and nobody without the permission', async () => {
  const { locationId } = other;
  expect(await reasonOf(group().updateLocation(principal(), locationId, { name: 'Mine' }))).toEqual([
    'not-found',
    null,
  ]);
  expect(await reasonOf(group().removeLocation(principal(), locationId))).toEqual(['not-found', null]);
  const reader = principal(tenant, ['imaging.study.read', 'accounts.user.write']);
  for (const work of [
    group().rename(reader, 'X'),
    group().createLocation(reader, { name: 'X', issuer: 'X' }),
    group().updateLocation(reader, tenant.locationId, { name: 'X' }),
    group().removeLocation(reader, tenant.locationId),
  ])
    expect(await reasonOf(work)).toEqual(['forbidden', null]);
  expect([await locations(), await audited(), forgotten]).toEqual([
    [{ name: 'Main', is_default: true }],
    [],
    0,
  ]);
});

it('of two people who make the same place at once, one is told', async () => {
  const both = await Promise.all(
    [1, 2].map(() => reasonOf(group().createLocation(principal(), { name: 'Twice', issuer: 'T' }))),
  );
  expect(both.map((said) => JSON.stringify(said)).toSorted((a, b) => a.localeCompare(b))).toEqual([
    '"no error"',
    '["conflict","name-taken"]',
  ]);
  expect(await locations()).toHaveLength(2);
});
