import type { JobPayload } from '@archwire/contracts';
import type { Processor } from './processor.ts';

/** Packs an idle series into the tenant's object store. Idempotent. */
export type SettleSeries = (payload: JobPayload<'settle-series'>) => Promise<void>;

/** Two at once: settling waits for disks, not for the processor. A series that fails stays readable where it is. */
export const settleSeries = (settle: SettleSeries): Processor<'settle-series'> => ({
  process: async (payload) => {
    await settle(payload);
  },
  policy: { concurrency: 2, attempts: 10, backoffMs: 2000 },
});
