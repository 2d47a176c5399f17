export { createTestDatabase, type TestDatabase, type TestTenant } from './create-test-database.ts';
