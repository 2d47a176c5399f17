// Real: PostgreSQL 18 (embedded). Each trap of the tenancy page has its test here or in schema.db.test.ts.
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@archwire/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKnex } from './connection/create-knex.ts';
import { createTestDatabase, type TestDatabase } from './testing/index.ts';
import { createWithTenant } from './with-tenant.ts';

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
  const tenants = await database.db.withTenant(b.tenantId, async (trx) => await trx('tenant').pluck('id'));
  expect(tenants).toEqual([b.tenantId]);
});

test('200 interleaved transactions of two tenants on a pool of two never see the other', async () => {
  const tenants = [await database.tenant('Pool A'), await database.tenant('Pool B')];
  const knex = createKnex({
    connectionString: database.appUrl,
    applicationName: 'pool-of-two',
    poolSize: 2,
    statementTimeoutMs: 0,
  });
  const withTenant = createWithTenant(knex);
  const wrong = await Promise.all(
    Array.from({ length: 200 }, async (_, n) => {
      const own = tenants[n % 2];
      const ids = await withTenant(own?.tenantId ?? '', async (trx) => {
        await trx.raw('select pg_sleep(0.001)');
        return await trx('location').pluck('id');
      });
      return ids.length === 1 && ids[0] === own?.locationId ? [] : ids;
    }),
  );
  await knex.destroy();
  expect(wrong.flat()).toEqual([]);
});

test('a query that forgets trx finds nothing, also on a connection that served a tenant before', async () => {
  const { tenantId } = await database.tenant('Forgotten');
  await database.db.withTenant(tenantId, async (trx) => {
    expect(await trx('location').pluck('tenant_id')).toEqual([tenantId]);
    expect(await database.db.knex('location').pluck('id')).toEqual([]);
  });
  for (let n = 0; n < 20; n++) expect(await database.db.knex('location').pluck('id')).toEqual([]);
});

test('another tenant’s row can be neither written, moved nor pointed at', async () => {
  const a = await database.tenant('Write A');
  const b = await database.tenant('Write B');
  await expect(
    database.db.withTenant(
      a.tenantId,
      async (trx) => await trx('location').insert({ tenant_id: b.tenantId, name: 'x', issuer: 'x' }),
    ),
  ).rejects.toMatchObject({ code: '42501' });
  await expect(
    database.db.withTenant(
      a.tenantId,
      async (trx) => await trx('location').update({ tenant_id: b.tenantId }),
    ),
  ).rejects.toMatchObject({ code: '42501' });
  await expect(
    database.db.withTenant(
      a.tenantId,
      async (trx) =>
        await trx('study').insert({
          tenant_id: a.tenantId,
          study_uid: '1.2',
          location_id: b.locationId,
          match_state: 'auto',
          issuer: 'x',
        }),
    ),
  ).rejects.toMatchObject({ code: '23503' });
});

test('a tenant id that is no UUID never reaches PostgreSQL', async () => {
  await expect(
    database.db.withTenant("'; drop table tenant", async () => await Promise.resolve()),
  ).rejects.toBeInstanceOf(AppError);
});

test('work that throws leaves nothing behind', async () => {
  const { tenantId } = await database.tenant('Throws');
  const failure = new Error('no');
  await expect(
    database.db.withTenant(tenantId, async (trx) => {
      await trx('location').insert({ tenant_id: tenantId, name: 'Second', issuer: 'x' });
      throw failure;
    }),
  ).rejects.toBe(failure);
  expect(await database.db.withTenant(tenantId, async (trx) => await trx('location').pluck('name'))).toEqual([
    'Main',
  ]);
});

test('the migrating role validates foreign keys and reaches every row in spite of FORCE', async () => {
  await database.tenant('Owner A');
  await database.tenant('Owner B');
  const [row] = await database.owner<{ tenants: number }>(
    'select count(distinct tenant_id)::int as tenants from location',
  );
  expect(row?.tenants).toBeGreaterThanOrEqual(2);
  await database.owner(`create table orphan (tenant_id uuid not null, location_id uuid)`);
  await database.owner(`insert into orphan values (gen_random_uuid(), gen_random_uuid())`);
  await expect(
    database.owner(
      'alter table orphan add foreign key (tenant_id, location_id) references location (tenant_id, id)',
    ),
  ).rejects.toMatchObject({ code: '23503' });
  await database.owner('drop table orphan');
});

test('dates are text, big integers exact, times whole', async () => {
  const { rows } = await database.db.knex.raw<{ rows: unknown[] }>(
    `select date '2010-05-17' as day, 9007199254740991::bigint as safe, 9007199254740993::bigint as beyond,
            array[1, null, 3]::bigint[] as list, timestamptz '2026-01-05 10:11:12.345+00' as at`,
  );
  expect(rows).toEqual([
    {
      day: '2010-05-17',
      safe: 9_007_199_254_740_991,
      beyond: 9_007_199_254_740_993n,
      list: [1, null, 3],
      at: new Date('2026-01-05T10:11:12.345Z'),
    },
  ]);
});

test('an error quotes no value of the row, and keeps code and constraint', async () => {
  const { tenantId } = await database.tenant('Errors');
  const errors = await Promise.all(
    [
      'insert into patient_identifier values (app_tenant(), ?, ?, app_tenant())',
      'select ?::int, ?::date',
    ].map(
      async (sql) =>
        await database.db
          .withTenant(tenantId, async (trx) => await trx.raw(sql, ['Doe^Jane', 'Doe^Jane']))
          .catch((error: unknown) => error),
    ),
  );
  expect(errors).toMatchObject([
    { code: '23503', constraint: 'patient_identifier_tenant_id_patient_id_fkey' },
    { code: '22P02' },
  ]);
  for (const error of errors)
    expect(JSON.stringify({ ...(error as object), text: String(error) })).not.toContain('Doe');
});

test('a session that is cut fails as unavailable; the pool heals by itself', async () => {
  const { tenantId } = await database.tenant('Cut');
  const cut = database.db.withTenant(tenantId, async (trx) => {
    await database.terminateSessions();
    return await trx('location').pluck('id');
  });
  await expect(cut).rejects.toMatchObject({ name: 'AppError', kind: 'unavailable' });
  await sleep(50);
  expect(await database.db.withTenant(tenantId, async (trx) => await trx('location').pluck('name'))).toEqual([
    'Main',
  ]);
});

test('a server that is not there is unavailable', async () => {
  const knex = createKnex({
    connectionString: 'postgresql://a:b@127.0.0.1:1/c',
    applicationName: 'x',
    poolSize: 1,
    statementTimeoutMs: 0,
  });
  await expect(knex.raw('select 1')).rejects.toMatchObject({ name: 'AppError', kind: 'unavailable' });
  await expect(knex.transaction(async (trx) => await trx.raw('select 1'))).rejects.toMatchObject({
    kind: 'unavailable',
  });
  await knex.destroy();
});
