import type { EnqueueJob } from '@archwire/contracts';
import { AppError, JOBS } from '@archwire/contracts';

/** What the outbox says happened; `id` rises and names the event for good. */
export interface StoredEvent {
  readonly id: number;
  readonly tenantId: string;
  readonly topic: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

const MAX_INSTANCES = 50;

/**
 * Puts the jobs on the queue that follow from one outbox event: `instances.stored` derives its instances, fifty per job.
 * The same event twice is the same jobs. Topics without jobs are passed over.
 * @throws AppError `internal` when the event does not have the shape of its topic.
 */
export async function enqueueJobsOf(event: StoredEvent, enqueue: EnqueueJob): Promise<void> {
  if (event.topic !== 'instances.stored') return;
  const { seriesId, instanceIds } = event.payload;
  if (!Array.isArray(instanceIds))
    throw new AppError('internal', 'An instances.stored event names no instances.');
  const ids = instanceIds.map(String);
  for (let from = 0; from < ids.length; from += MAX_INSTANCES) {
    const payload = JOBS['derive-instances'].parse({
      tenantId: event.tenantId,
      seriesId,
      instanceIds: ids.slice(from, from + MAX_INSTANCES),
    });
    await enqueue('derive-instances', payload, { jobId: `derive-${event.id}-${from}` });
  }
}
