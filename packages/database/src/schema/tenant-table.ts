import type { Knex } from 'knex';

/**
 * Puts a table under forced row-level security: the application role sees the tenant of its transaction; the migrating
 * role, which FORCE would blind as well, sees all, so that foreign keys are validated and backfills touch rows.
 */
export const protectTable = async (
  trx: Knex.Transaction,
  table: string,
  options: {
    readonly tenantColumn?: string;
    readonly grants: readonly ('select' | 'insert' | 'update' | 'delete')[];
  },
): Promise<void> => {
  const column = options.tenantColumn ?? 'tenant_id';
  await trx.raw(`
    alter table ${table} enable row level security;
    alter table ${table} force row level security;
    create policy app_tenant_only on ${table} to archwire_app
      using (${column} = app_tenant()) with check (${column} = app_tenant());
    create policy migrator_all on ${table} to current_user using (true) with check (true);
    grant ${options.grants.join(', ')} on ${table} to archwire_app;
  `);
};

/**
 * Creates a table of tenant data: `tenant_id` first, forced row-level security, grants. `columns` is the rest of the
 * definition; its keys start with `tenant_id`, its foreign keys are composite, its text types and operators leakproof
 * (no enum, no numeric: row-level security would keep them out of every index condition).
 */
export const tenantTable = async (
  trx: Knex.Transaction,
  table: string,
  columns: string,
  grants: readonly ('select' | 'insert' | 'update' | 'delete')[] = ['select', 'insert', 'update', 'delete'],
): Promise<void> => {
  await trx.raw(`create table ${table} (tenant_id uuid not null references tenant (id), ${columns})`);
  await protectTable(trx, table, { grants });
};
