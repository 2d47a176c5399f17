import type { Deriver } from '@archwire/archive';
import type { Processor } from './processor.ts';

/**
 * Retries are for storage and database only: an image that cannot be shown has got its placeholder and does not fail the job.
 * Eight attempts from two seconds on reach past four minutes, longer than a database restart. Two jobs at once: one may write
 * while the other has the pixel threads, whose number limits the work.
 */
export const deriveInstances = (deriver: Deriver): Processor<'derive-instances'> => ({
  process: async (payload, { lastAttempt }) => {
    await deriver.derive(payload, { lastAttempt });
  },
  policy: { concurrency: 2, attempts: 8, backoffMs: 2000 },
});
