// Real: PostgreSQL 18 (embedded), the audit chain.
import { type Permission, PERMISSIONS, type Principal } from '@archwire/contracts';
import { ingestBatch } from '@archwire/database';
import { createTestDatabase, type TestDatabase, testRow, type TestTenant } from '@archwire/database/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRecompressionService } from './recompression-service.ts';

let database: TestDatabase;
let tenant: TestTenant;
let other: TestTenant;

const principal = (
  { tenantId }: TestTenant,
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

beforeAll(async () => {
  database = await createTestDatabase();
  tenant = await database.tenant('Ours');
  other = await database.tenant('Theirs');
  await ingestBatch(database.db.knex, [testRow(tenant, {})]);
});
afterAll(async () => await database.close());

it('plans, reports and restores for one group, and only for those who may', async () => {
  const service = createRecompressionService({ database: database.db });
  const ours = principal(tenant);
  const reader = principal(tenant, ['imaging.study.read']);
  expect(await service.report(ours)).toEqual({ policy: 'off', sums: [], waiting: 0 });
  expect(await service.change(ours, { policy: 'idle', includeStored: true })).toEqual({
    policy: 'idle',
    sums: [],
    waiting: 1,
  });
  expect(await service.report(principal(other))).toEqual({ policy: 'off', sums: [], waiting: 0 });

  const [study] = await database.owner<{ id: string; series: string }>(
    'select s.id, e.id as series from study s join series e on e.study_id = s.id where s.tenant_id = $1',
    [tenant.tenantId],
  );
  const id = study?.id ?? '';
  await database.owner(
    `insert into recompression (tenant_id, series_id, kind, outcome, instances, received_bytes, stored_bytes)
     values ($1, $2, 'panoramic', 'recompressed', 1, 1000, 400), ($1, $2, 'panoramic', 'lossy', 2, 70, 70)`,
    [tenant.tenantId, study?.series],
  );
  const sums = [
    { kind: 'panoramic', outcome: 'recompressed', instances: 1, receivedBytes: 1000, storedBytes: 400 },
    { kind: 'panoramic', outcome: 'lossy', instances: 2, receivedBytes: 70, storedBytes: 70 },
  ];
  expect((await service.report(ours)).sums).toEqual(sums);
  expect(await service.study(reader, id)).toEqual({ sums, waiting: 1 });
  await service.restore(ours, id);
  // What a person asked to have back is not taken away by the policy.
  expect((await service.change(ours, { policy: 'off', includeStored: false })).waiting).toBe(1);
  expect(await database.owner('select repack from series where tenant_id = $1', [tenant.tenantId])).toEqual([
    { repack: 'restore' },
  ]);

  await expect(service.study(principal(other), id)).rejects.toMatchObject({ kind: 'not-found' });
  await expect(service.restore(principal(other), id)).rejects.toMatchObject({ kind: 'not-found' });
  await expect(service.report(reader)).rejects.toMatchObject({ kind: 'forbidden' });
  await expect(service.change(reader, { policy: 'off' })).rejects.toMatchObject({ kind: 'forbidden' });
  await expect(service.restore(reader, id)).rejects.toMatchObject({ kind: 'forbidden' });
  expect(
    await database.owner('select action from audit_log where tenant_id = $1 order by seq', [tenant.tenantId]),
  ).toEqual([
    { action: 'imaging.recompression.change' },
    { action: 'imaging.recompression.restore' },
    { action: 'imaging.recompression.change' },
  ]);
});
