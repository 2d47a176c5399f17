import type { JobPayload } from '@archwire/contracts';
import type { Processor } from './processor.ts';

/**
 * Twelve attempts from fifteen seconds on reach past eight hours: a modality that was switched off for the night is told in
 * the morning. After that it is an alert, and a person can let it start over.
 */
export const reportCommitment = (
  report: (job: JobPayload<'report-commitment'>) => Promise<void>,
): Processor<'report-commitment'> => ({
  process: async (payload) => await report(payload),
  policy: { concurrency: 4, attempts: 12, backoffMs: 15_000 },
});
