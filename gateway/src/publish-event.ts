import type { EnqueueJob } from '@archwire/contracts';
import type { OutboxEvent } from '@archwire/database';
import type { Logger } from '@archwire/runtime';
import { z } from 'zod';

const InstancesStored = z.object({
  seriesId: z.uuid(),
  instanceIds: z.array(z.union([z.string(), z.int()]).transform(String)),
});
const JOB_INSTANCES = 50;

/**
 * Turns what transactions announced into jobs. The same event again makes the same job ids, so that a repetition is no
 * second job while the first waits. A conflict is told to whoever reads the log; the list of conflicts has the rest.
 */
export const publishEvent =
  ({ enqueue, log }: { readonly enqueue: EnqueueJob; readonly log: Logger }) =>
  async (event: OutboxEvent): Promise<void> => {
    if (event.topic === 'instance.conflict') {
      log.warn(
        { tenantId: event.tenantId, id: event.id },
        'an instance arrived again with other bytes; both are kept',
      );
    }
    if (event.topic !== 'instances.stored') return;
    const payload = InstancesStored.safeParse(event.payload);
    if (!payload.success) {
      log.error(
        { id: event.id, topic: event.topic },
        'an event has another shape than its topic says; left out',
      );
      return;
    }
    const { seriesId, instanceIds } = payload.data;
    for (let from = 0; from < instanceIds.length; from += JOB_INSTANCES) {
      await enqueue(
        'derive-instances',
        { tenantId: event.tenantId, seriesId, instanceIds: instanceIds.slice(from, from + JOB_INSTANCES) },
        { jobId: `derive-${event.id}-${from}` },
      );
    }
  };
