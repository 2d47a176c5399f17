export { openDatabase, type Database } from './open-database.ts';
export type { WithTenant } from './with-tenant.ts';
export { appendAudit, type AuditEntry } from './audit/append-audit.ts';
export { verifyAuditChain, type AuditChainReport } from './audit/verify-audit-chain.ts';
export { appendOutbox } from './outbox/append-outbox.ts';
export { createOutboxRelay, type OutboxEvent, type OutboxRelay } from './outbox/outbox-relay.ts';
export { foldName } from './fold-name.ts';
export { ingestBatch } from './ingest/ingest-batch.ts';
export type { IngestResult, IngestRow } from './ingest/ingest-row.ts';
