export { openDatabase, type Database } from './open-database.ts';
export type { WithTenant } from './with-tenant.ts';
export type { Migration } from './migrations/migration.ts';
export { definerFunction } from './schema/definer-function.ts';
export { protectTable, tenantTable } from './schema/tenant-table.ts';
