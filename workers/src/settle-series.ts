import type { Settler } from '@archwire/archive';
import type { Processor } from './processor.ts';

/** Two at once: settling waits for disks, not for the processor. A series that fails stays readable where it is. */
export const settleSeries = (settler: Pick<Settler, 'settleSeries'>): Processor<'settle-series'> => ({
  process: async ({ tenantId, seriesId }) => {
    await settler.settleSeries(tenantId, seriesId);
  },
  policy: { concurrency: 2, attempts: 10, backoffMs: 2000 },
});
