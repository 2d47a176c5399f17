import type { OpenImportFile } from '@archwire/archive';
import type { Processor } from './processor.ts';

/**
 * One container at a time in each process: it unpacks and stores as fast as the disk takes it. Retries reach past a restart
 * of the database; each goes on where the one before was cut off.
 */
export const openImport = (opener: Pick<OpenImportFile, 'open'>): Processor<'open-import'> => ({
  process: async (payload, { lastAttempt }) => {
    await opener.open(payload, { lastAttempt });
  },
  policy: { concurrency: 1, attempts: 8, backoffMs: 2000 },
});
