// Real: PostgreSQL 18 (embedded).
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from './testing/index.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.close());

test('a transaction sees the rows of its tenant and nothing else', async () => {
  const a = await database.tenant('A');
  const b = await database.tenant('B');
  const seen = await database.db.withTenant(
    a.tenantId,
    async (trx) => await trx('location').select('tenant_id', 'id'),
  );
  expect(seen).toEqual([{ tenant_id: a.tenantId, id: a.locationId }]);
  const other = await database.db.withTenant(b.tenantId, async (trx) => await trx('location').pluck('id'));
  expect(other).toEqual([b.locationId]);
});
