// Real: the mapping from outbox events to jobs, the schemas of the jobs. The queue is a list.
import { describe, expect, it } from 'vitest';
import { enqueueJobsOf } from './jobs-of-event.ts';

const tenantId = '0198a5a2-0000-7000-8000-000000000001';
const seriesId = '0198a5a2-0000-7000-8000-000000000002';

async function jobsOf(topic: string, payload: Record<string, unknown>) {
  const jobs: unknown[] = [];
  await enqueueJobsOf({ id: 9, tenantId, topic, payload }, async (name, job, options) => {
    jobs.push([name, job, options]);
  });
  return jobs;
}

describe('jobs of an outbox event', () => {
  it('derive stored instances, fifty per job', async () => {
    const instanceIds = Array.from({ length: 60 }, (_, i) => i + 1);
    const job = (ids: number[]) => ({ tenantId, seriesId, instanceIds: ids.map(String) });
    expect(await jobsOf('instances.stored', { studyId: 's', seriesId, instanceIds })).toEqual([
      ['derive-instances', job(instanceIds.slice(0, 50)), { jobId: 'derive-9-0' }],
      ['derive-instances', job(instanceIds.slice(50)), { jobId: 'derive-9-50' }],
    ]);
  });

  it('are none for topics that need no work', async () => {
    expect(await jobsOf('instance.conflict', {})).toEqual([]);
  });

  it('are refused when the event is not what its topic says', async () => {
    await expect(jobsOf('instances.stored', {})).rejects.toMatchObject({ kind: 'internal' });
    await expect(jobsOf('instances.stored', { seriesId: 'x', instanceIds: ['1'] })).rejects.toThrow(
      'seriesId',
    );
  });
});
