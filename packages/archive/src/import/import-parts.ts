import type { EnqueueJob } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import type { Ingest } from '../ingest/ingest.ts';
import type { Spool } from './spool.ts';

/** What imports stand on. */
export interface ImportParts {
  readonly withTenant: WithTenant;
  readonly ingest: Ingest;
  readonly spool: Spool;
  readonly enqueue: EnqueueJob;
  /** @throws AppError `storage-full` when the disk has too little room for more bytes. */
  readonly assertRoom: () => void;
}

/** A file is opened by one job; the same job twice is one. */
export const enqueueOpening = async (
  enqueue: EnqueueJob,
  tenantId: string,
  importId: string,
  fileId: string,
): Promise<void> =>
  await enqueue('open-import', { tenantId, importId, fileId }, { jobId: `open-import-${fileId}` });
