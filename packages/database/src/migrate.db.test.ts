// Real: PostgreSQL 18 (embedded).
import { expect, test } from 'vitest';
import { createKnex } from './connection/create-knex.ts';
import { migrateDown } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { connectDatabase } from './open-database.ts';
import { createTestDatabase, type TestDatabase } from './testing/index.ts';
import { findSchemaFaults } from './schema/find-schema-faults.ts';

const withDatabase = async (work: (database: TestDatabase) => Promise<void>): Promise<void> => {
  const database = await createTestDatabase();
  try {
    await work(database);
  } finally {
    await database.close();
  }
};

const OBJECTS = `
  select 'table ' || relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'S')
  union all select 'function ' || proname from pg_proc where pronamespace = 'public'::regnamespace
  union all select 'type ' || typname from pg_type where typnamespace = 'public'::regnamespace and typtype in ('e', 'd')
  order by 1`;

const down = async (database: TestDatabase, target: string | null): Promise<void> => {
  const owner = createKnex({
    connectionString: database.ownerUrl,
    applicationName: 'down',
    poolSize: 1,
    statementTimeoutMs: 0,
  });
  try {
    await migrateDown(owner, migrations, target);
  } finally {
    await owner.destroy();
  }
};

test('every step goes down to nothing and up again to the same schema', async () => {
  await withDatabase(async (database) => {
    const before = await database.owner<{ name: string }>(OBJECTS);
    for (const { name } of migrations.toReversed().slice(1)) {
      await down(database, name);
      const [newest] = await database.owner<{ name: string }>(
        'select max(name) as name from schema_migration',
      );
      expect(newest).toEqual({ name });
    }
    await down(database, null);
    expect(await database.owner(OBJECTS)).toEqual([{ name: 'table schema_migration' }]);
    const again = await connectDatabase({ ownerUrl: database.ownerUrl });
    await again.close();
    expect(await database.owner<{ name: string }>(OBJECTS)).toEqual(before);
    expect(await findSchemaFaults(database)).toEqual([]);
  });
});

test('two gateways that start together on an empty database migrate it once', async () => {
  await withDatabase(async (database) => {
    await down(database, null);
    const gateways = await Promise.all(
      Array.from({ length: 4 }, async () => await connectDatabase({ ownerUrl: database.ownerUrl })),
    );
    for (const gateway of gateways) await gateway.ping();
    for (const gateway of gateways) await gateway.close();
    const applied = await database.owner('select name from schema_migration order by name');
    expect(applied).toEqual(migrations.map(({ name }) => ({ name })));
  });
});

test('the list is in the order of its names', () => {
  const names = migrations.map(({ name }) => name);
  expect(names).toEqual(names.toSorted((left, right) => left.localeCompare(right)));
});

test('a schema of a newer Archwire is refused, with what to do', async () => {
  await withDatabase(async (database) => {
    await database.owner("insert into schema_migration (name) values ('9999-future')");
    await expect(connectDatabase({ ownerUrl: database.ownerUrl })).rejects.toMatchObject({
      kind: 'unavailable',
      details: { unknown: ['9999-future'] },
      message: expect.stringContaining('Start that version') as unknown,
    });
  });
});

test('a connection string without a password is refused before anything is tried', async () => {
  await expect(
    connectDatabase({ ownerUrl: 'postgresql://owner@127.0.0.1:1/archwire' }),
  ).rejects.toMatchObject({ kind: 'invalid' });
});

test('a database restored under another name gives the role back what no dump holds', async () => {
  await withDatabase(async (database) => {
    await database.owner(
      `do $$ begin execute format('revoke create on database %I from archwire_app', current_database()); end $$`,
    );
    const again = await connectDatabase({ ownerUrl: database.ownerUrl });
    const { rows } = await again.knex.raw<{ rows: { may: boolean }[] }>(
      "select has_database_privilege(current_database(), 'create') as may",
    );
    await again.close();
    expect(rows).toEqual([{ may: true }]);
  });
});
