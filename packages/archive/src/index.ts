export type { Ingest, ObjectSink, Receipt, StoreCommand } from './ingest/ingest.ts';
