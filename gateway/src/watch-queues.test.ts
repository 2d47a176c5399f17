import { createMetrics } from '@archwire/runtime';
import { expect, it } from 'vitest';
import { watchQueues } from './watch-queues.ts';

it('shows how much work is open and how much was given up, of all queues together', async () => {
  const metrics = createMetrics();
  watchQueues(metrics, {
    counts: async () => ({
      'derive-instances': { waiting: 3, active: 2, delayed: 1, failed: 4 },
      'settle-series': { waiting: 10, active: 0, delayed: 0, failed: 1 },
      'send-mail': { waiting: 1, active: 0, delayed: 1, failed: 2 },
      'open-import': { waiting: 1, active: 0, delayed: 0, failed: 0 },
      'report-commitment': { waiting: 0, active: 1, delayed: 0, failed: 1 },
      'notify-availability': { waiting: 1, active: 0, delayed: 0, failed: 0 },
      'apply-view-rules': { waiting: 1, active: 0, delayed: 0, failed: 0 },
      'build-export': { waiting: 0, active: 0, delayed: 0, failed: 0 },
    }),
  });
  const { body } = await metrics.render();
  const values = body.split('\n').filter((line) => line.startsWith('archwire_jobs_'));
  expect(values).toEqual(['archwire_jobs_open 22', 'archwire_jobs_failed 8']);
});
