import type { Deriver } from '@archwire/archive';
import type { Processor } from './processor.ts';

/**
 * Retries are for storage and database only: an image that cannot be shown has got its placeholder and does not fail the job.
 * Eight attempts from two seconds on reach past four minutes, longer than a database restart. One job at a time, because
 * a job already keeps every pixel thread busy.
 */
export const deriveInstances = (deriver: Deriver): Processor<'derive-instances'> => ({
  process: async (payload, { lastAttempt }) => {
    await deriver.derive(payload, { lastAttempt });
  },
  policy: { concurrency: 1, attempts: 8, backoffMs: 2000 },
});
