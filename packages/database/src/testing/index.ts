export { createTestDatabase, type TestDatabase, type TestTenant } from './create-test-database.ts';
export { startStoppablePostgres, type StoppablePostgres } from './stoppable-postgres.ts';
export { testRow } from '../ingest/test-row.ts';
