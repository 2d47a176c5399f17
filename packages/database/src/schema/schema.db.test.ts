// Real: PostgreSQL 18 (embedded).
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { findSchemaFaults } from './find-schema-faults.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.close());

test('the schema has no known trap', async () => {
  expect(await findSchemaFaults(database)).toEqual([]);
});

const protect = (table: string): string => `
  alter table ${table} enable row level security; alter table ${table} force row level security;
  create policy app_tenant_only on ${table} to archwire_app using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
  create policy migrator_all on ${table} to current_user using (true) with check (true);`;

test.each([
  [
    'a table without FORCE',
    `create table planted (tenant_id uuid not null); ${protect('planted')} alter table planted no force row level security`,
    ['planted: row-level security is not forced'],
  ],
  [
    'a table without a tenant',
    'create table planted (id int primary key)',
    [
      'planted_pkey: key does not start with the tenant',
      'planted: no tenant column',
      'planted: not exactly the two policies',
      'planted: row-level security is not forced',
    ],
  ],
  [
    'a policy that lets all through',
    `create table planted (tenant_id uuid not null); ${protect('planted')} create policy extra on planted using (true)`,
    ['planted: not exactly the two policies'],
  ],
  [
    'a table without the policy of the migrator',
    `create table planted (tenant_id uuid not null); ${protect('planted')} drop policy migrator_all on planted`,
    ['planted: not exactly the two policies'],
  ],
  [
    'a single-column foreign key to tenant data',
    `create table target (tenant_id uuid not null, id uuid unique); ${protect('target')}
     create table planted (tenant_id uuid not null, target_id uuid references target (id)); ${protect('planted')}`,
    ['planted planted_target_id_fkey: foreign key is not composite with the tenant'],
  ],
  [
    'an enum in an index',
    `create type mood as enum ('a'); create table planted (tenant_id uuid not null, mood mood); ${protect('planted')} create index planted_mood on planted (tenant_id, mood)`,
    ['planted_mood mood: index on a type without a leakproof equality'],
  ],
  [
    'a numeric in an index',
    `create table planted (tenant_id uuid not null, n numeric); ${protect('planted')} create index planted_n on planted (tenant_id, n)`,
    ['planted_n n: index on a type without a leakproof equality'],
  ],
  [
    'an expression in an index',
    `create table planted (tenant_id uuid not null, name text); ${protect('planted')} create index planted_name on planted (tenant_id, lower(name))`,
    ['planted_name: index is no plain btree over columns'],
  ],
  [
    'a GIN index',
    `create table planted (tenant_id uuid not null, tags jsonb); ${protect('planted')} create index planted_tags on planted using gin (tags)`,
    ['planted_tags: index is no plain btree over columns'],
  ],
  [
    'a UID in the collation of the database',
    `create table planted (tenant_id uuid not null, study_uid text); ${protect('planted')}`,
    ['planted.study_uid: UID column is not collated C'],
  ],
  [
    'a definer function for everybody',
    `create function planted() returns int language sql security definer set search_path = pg_catalog, public, pg_temp as 'select 1'`,
    ['planted(): everybody may call a function of ours that sees all tenants'],
  ],
  [
    'a definer function with the search path of its caller',
    `create function planted() returns int language sql security definer as 'select 1'; revoke all on function planted from public`,
    ['planted(): a function that sees all tenants has no fixed search path'],
  ],
  [
    'a view with the rights of its owner',
    'create view planted as select * from tenant',
    ['planted: a view runs with the rights of its owner'],
  ],
  [
    'a partition that the application may read',
    `grant select on audit_log_template to archwire_app`,
    ['audit_log_template: a partition is open to the application'],
  ],
])('planted: %s is found', async (_, sql, faults) => {
  const own = await createTestDatabase();
  try {
    const [partition] = await own.owner<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'audit_log'::regclass limit 1`,
    );
    const name = partition?.name ?? '';
    await own.owner(sql.replaceAll('audit_log_template', name));
    expect(new Set(await findSchemaFaults(own))).toEqual(
      new Set(faults.map((fault) => fault.replace('audit_log_template', name))),
    );
  } finally {
    await own.close();
  }
});
