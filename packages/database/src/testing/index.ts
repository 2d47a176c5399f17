export { createTestDatabase, type TestDatabase, type TestTenant } from './create-test-database.ts';
export { testRow } from '../ingest/test-row.ts';
