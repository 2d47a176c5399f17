import type { JobPayload } from '@archwire/contracts';
import type { Processor } from './processor.ts';

/** As long as a storage commitment report: whoever asked to be told may be switched off for a night. */
export const notifyAvailability = (
  notify: (job: JobPayload<'notify-availability'>) => Promise<void>,
): Processor<'notify-availability'> => ({
  process: async (payload) => await notify(payload),
  policy: { concurrency: 4, attempts: 12, backoffMs: 15_000 },
});
