import { AppError } from '@archwire/contracts';
import type { Knex } from 'knex';
import type { Migration } from './migrations/migration.ts';

/** Any constant of our own: two gateways that start together migrate one after the other. */
const MIGRATION_LOCK = 4_172_002;

/** Names of migrations that the database has and this program does not, or the other way round. */
export const compareHistory = (
  migrations: readonly Migration[],
  applied: readonly string[],
): { readonly pending: readonly Migration[] } => {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = applied.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new AppError(
      'unavailable',
      `The database was migrated by a newer Archwire (${unknown.join(', ')}). Start that version, or restore the backup that was taken before the upgrade.`,
      { details: { unknown } },
    );
  }
  const done = new Set(applied);
  return { pending: migrations.filter(({ name }) => !done.has(name)) };
};

const readApplied = async (trx: Knex): Promise<string[]> => {
  const { rows } = await trx.raw<{ rows: { name: string }[] }>(
    'select name from schema_migration order by name',
  );
  return rows.map(({ name }) => name);
};

/** uuidv7() and the builtin C.UTF-8 locale need it. */
const assertVersion = async (trx: Knex): Promise<void> => {
  const { rows } = await trx.raw<{ rows: { version: number }[] }>(
    "select current_setting('server_version_num')::int / 10000 as version",
  );
  const version = rows[0]?.version ?? 0;
  if (version < 18) {
    throw new AppError(
      'unavailable',
      `DATABASE_URL points at PostgreSQL ${version}; Archwire needs 18 or newer. Upgrade the server.`,
    );
  }
};

const lockHistory = async (trx: Knex.Transaction): Promise<void> => {
  await trx.raw('select pg_advisory_xact_lock(?)', [MIGRATION_LOCK]);
  await trx.raw(
    'create table if not exists schema_migration (name text collate "C" primary key, applied_at timestamptz not null default now())',
  );
};

/**
 * Brings the database to the newest schema in one transaction: all or nothing, and one process at a time.
 * `prepare` runs first inside it (roles that the migrations grant to).
 * @throws AppError `unavailable` when the schema is newer than this program.
 */
export const migrateUp = async (
  owner: Knex,
  migrations: readonly Migration[],
  prepare: (trx: Knex.Transaction) => Promise<void>,
): Promise<void> =>
  await owner.transaction(async (trx) => {
    await assertVersion(trx);
    await lockHistory(trx);
    await prepare(trx);
    const { pending } = compareHistory(migrations, await readApplied(trx));
    for (const migration of pending) {
      await migration.up(trx);
      await trx('schema_migration').insert({ name: migration.name });
    }
    await trx.raw('grant select on schema_migration to archwire_app');
    // The rights on the database itself are in no dump of it: a restored one lacks them.
    await trx.raw(
      `do $$ begin execute format('grant create on database %I to archwire_app', current_database()); end $$`,
    );
  });

/** Undoes the newest migrations until `target` is the newest; `null` empties the schema. */
export const migrateDown = async (
  owner: Knex,
  migrations: readonly Migration[],
  target: string | null,
): Promise<void> =>
  await owner.transaction(async (trx) => {
    await lockHistory(trx);
    const applied = new Set(await readApplied(trx));
    const undo = migrations.filter(({ name }) => applied.has(name) && (target === null || name > target));
    for (const migration of undo.toReversed()) {
      await migration.down(trx);
      await trx('schema_migration').where({ name: migration.name }).delete();
    }
  });

/**
 * True when the schema is at head, asked as the application role in one query; false when something is pending, the
 * role or the table does not exist yet, or the role may not make the schema of the queue (a restored database).
 * @throws AppError `unavailable` when the schema is newer than this program, or PostgreSQL does not answer.
 */
export const isAtHead = async (app: Knex, migrations: readonly Migration[]): Promise<boolean> => {
  try {
    const { rows } = await app.raw<{ rows: { name: string; may_create: boolean }[] }>(
      "select name, has_database_privilege(current_database(), 'create') as may_create from schema_migration",
    );
    const { pending } = compareHistory(
      migrations,
      rows.map(({ name }) => name),
    );
    return pending.length === 0 && rows.every((row) => row.may_create);
  } catch (error) {
    // 28P01, 28000: no such role or its password changed; 42P01, 42501: no table, or no grant yet.
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === '28P01' || code === '28000' || code === '42P01' || code === '42501') return false;
    throw error;
  }
};
