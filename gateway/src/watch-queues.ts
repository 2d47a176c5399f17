import type { JobCounts, Metrics, Queues } from '@archwire/runtime';

/** What an operator watches of the queue: how much work is open, and how much was given up. */
export const watchQueues = (metrics: Metrics, queues: Pick<Queues, 'counts'>): void => {
  const total = async (of: (counts: JobCounts) => number): Promise<number> =>
    Object.values(await queues.counts()).reduce((sum, counts) => sum + of(counts), 0);
  metrics.gauge({
    name: 'archwire_jobs_open',
    help: 'Jobs that wait or run',
    collect: () => total(({ waiting, active, delayed }) => waiting + active + delayed),
  });
  metrics.gauge({
    name: 'archwire_jobs_failed',
    help: 'Jobs that were given up after their last attempt, of the last seven days',
    collect: () => total(({ failed }) => failed),
  });
};
