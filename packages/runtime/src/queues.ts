import { AppError, type EnqueueJob, JOBS, type JobName, type JobPayload } from '@archwire/contracts';
import type { z } from 'zod';
import { isRetryable } from './job-errors.ts';
import type { Logger } from './logger.ts';
import {
  type BackendJob,
  type BackendQueue,
  type BackendWorker,
  createQueueBackend,
  type QueueConnection,
} from './queue-backend.ts';
import type { Stop } from './shutdown.ts';

export interface JobContext {
  readonly jobId: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Whether a failure now is final: the place to record an honest outcome. */
  readonly lastAttempt: boolean;
}

/** Does one job. Idempotent, because a job may run twice. An AppError that cannot heal by itself ends the retries at once. */
export type JobProcessor<N extends JobName> = (payload: JobPayload<N>, context: JobContext) => Promise<void>;

/** Stands beside the processor. Attempts are spaced exponentially from `backoffMs`. */
export interface JobPolicy {
  readonly concurrency: number;
  readonly attempts: number;
  readonly backoffMs: number;
}

export interface JobCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
}

/** A job that was given up. */
export interface FailedJob {
  readonly name: JobName;
  readonly id: string;
  /** Ids only; of the shape that its name says, unless an older version wrote it. */
  readonly payload: unknown;
  /** Free of patient data. */
  readonly reason: string;
  readonly attempts: number;
  readonly failedAt: Date | null;
}

export interface Queues {
  /** Durable when it resolves. While a job of the same `jobId` waits or runs, adding it again does nothing. */
  readonly enqueue: EnqueueJob;
  /** Starts doing jobs of this name here. The returned stop lets running jobs finish. */
  work<N extends JobName>(name: N, processor: JobProcessor<N>, policy: JobPolicy): Promise<Stop>;
  counts(): Promise<Readonly<Record<JobName, JobCounts>>>;
  /** Every job that was given up and is still kept (seven days, at most a thousand of each name), newest first. */
  failed(): Promise<readonly FailedJob[]>;
  /** Lets it start over, with all its attempts. @throws AppError `not-found` when it is no failed job any more. */
  retryFailed(name: JobName, id: string): Promise<void>;
  /** @throws AppError `not-found` */
  discardFailed(name: JobName, id: string): Promise<void>;
  /** @throws when the queue's store does not answer within two seconds. */
  health(): Promise<void>;
  /** Stops the workers first, then lets go of the connections. */
  close(): Promise<void>;
}

const HEALTH_TIMEOUT_MS = 2000;
const FAILED_KEPT = { age: 7 * 24 * 3600, count: 1000 };
/** The same object, in the shape that keeps a name and its payload together. */
const SCHEMAS: { readonly [N in JobName]: z.ZodType<JobPayload<N>> } = JOBS;
const JOB_NAMES: readonly JobName[] = [
  'derive-instances',
  'settle-series',
  'send-mail',
  'open-import',
  'report-commitment',
  'notify-availability',
  'apply-view-rules',
  'build-export',
];

/** Jobs over BullMQ, on PostgreSQL (the default) or on Redis: the same promises on both, proved by the same tests. */
export const createQueues = async (deps: {
  readonly connection: QueueConnection;
  readonly log: Logger;
}): Promise<Queues> => {
  const log = deps.log.child({ component: 'queues' });
  // Loaded here, not above: a process that only reads the vocabulary should not pay for it.
  const bullmq = await import('bullmq');
  const backend = await createQueueBackend(deps.connection);
  const onError = (error: Error) =>
    log.warn({ err: error }, 'the queue has trouble with its store and will try again');
  const queues = new Map<JobName, BackendQueue>();
  const workers = new Set<BackendWorker>();

  for (const name of JOB_NAMES) {
    const queue = backend.queue(name);
    queue.on('error', onError);
    queues.set(name, queue);
  }
  try {
    for (const queue of queues.values()) await queue.waitUntilReady();
  } catch (error) {
    await Promise.allSettled([...queues.values()].map((queue) => queue.close()));
    throw new AppError(
      'unavailable',
      'The job queue cannot reach its store. Check DATABASE_URL or REDIS_URL.',
      {
        cause: error,
      },
    );
  }

  const queueOf = (name: JobName): BackendQueue => {
    const queue = queues.get(name);
    if (queue === undefined)
      throw new AppError('internal', 'There is no queue for this job name.', { details: { name } });
    return queue;
  };

  const failedJob = async (name: JobName, id: string): Promise<BackendJob> => {
    const job = await queueOf(name).getJob(id);
    if (job === undefined || !(await job.isFailed())) {
      throw new AppError('not-found', 'This job is not among the failed ones any more.', {
        details: { name, id },
      });
    }
    return job;
  };

  const stopWorker = async (worker: BackendWorker): Promise<void> => {
    workers.delete(worker);
    await worker.close();
  };

  return {
    enqueue: async (name, payload, options = {}) => {
      await queueOf(name).add(name, JOBS[name].parse(payload), {
        ...(options.jobId === undefined ? {} : { deduplication: { id: options.jobId } }),
        ...(options.delayMs === undefined ? {} : { delay: options.delayMs }),
        removeOnComplete: true,
        removeOnFail: FAILED_KEPT,
      });
    },

    work: async (name, processor, policy) => {
      const worker = backend.worker(
        name,
        async (job) => {
          // The policy stands beside the processor, not with whoever adds the job; BullMQ reads it from the job when it fails.
          job.opts.attempts = policy.attempts;
          job.opts.backoff = { type: 'exponential', delay: policy.backoffMs };
          const attempt = job.attemptsMade + 1;
          const context = { jobId: job.id ?? '', attempt, lastAttempt: attempt >= policy.attempts };
          const parsed = SCHEMAS[name].safeParse(job.data);
          if (!parsed.success)
            throw new bullmq.UnrecoverableError('The payload does not fit the schema of its job.');
          try {
            await processor(parsed.data, context);
          } catch (error) {
            const retry = isRetryable(error);
            log.warn({ job: name, ...context, retry, err: error }, 'a job failed');
            // The queue keeps the message of what is thrown; only ours is known to be free of patient data.
            const message = error instanceof AppError ? error.message : 'The job failed; the log says how.';
            throw retry ? new Error(message) : new bullmq.UnrecoverableError(message);
          }
        },
        policy.concurrency,
      );
      worker.on('error', onError);
      workers.add(worker);
      await worker.waitUntilReady();
      return () => stopWorker(worker);
    },

    counts: async () => {
      const read = async (name: JobName): Promise<JobCounts> => {
        const counts = await queueOf(name).getJobCounts('waiting', 'active', 'delayed', 'failed');
        return {
          waiting: counts['waiting'] ?? 0,
          active: counts['active'] ?? 0,
          delayed: counts['delayed'] ?? 0,
          failed: counts['failed'] ?? 0,
        };
      };
      const [derive, settle, mail, open, commitment, availability, rules, exporting] = await Promise.all([
        read('derive-instances'),
        read('settle-series'),
        read('send-mail'),
        read('open-import'),
        read('report-commitment'),
        read('notify-availability'),
        read('apply-view-rules'),
        read('build-export'),
      ]);
      return {
        'derive-instances': derive,
        'settle-series': settle,
        'send-mail': mail,
        'open-import': open,
        'report-commitment': commitment,
        'notify-availability': availability,
        'apply-view-rules': rules,
        'build-export': exporting,
      };
    },

    failed: async () => {
      const lists = await Promise.all(
        JOB_NAMES.map(async (name) =>
          (await queueOf(name).getFailed(0, FAILED_KEPT.count - 1)).flatMap((job) =>
            job?.id === undefined
              ? []
              : [
                  {
                    name,
                    id: job.id,
                    payload: job.data,
                    reason: job.failedReason,
                    attempts: job.attemptsMade,
                    failedAt: job.finishedOn === undefined ? null : new Date(job.finishedOn),
                  },
                ],
          ),
        ),
      );
      return lists
        .flat()
        .toSorted((left, right) => (right.failedAt?.getTime() ?? 0) - (left.failedAt?.getTime() ?? 0));
    },

    retryFailed: async (name, id) => {
      await (await failedJob(name, id)).retry('failed', { resetAttemptsMade: true });
    },

    discardFailed: async (name, id) => {
      await (await failedJob(name, id)).remove();
    },

    health: async () => {
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(
        () => late.reject(new AppError('unavailable', 'The job queue does not answer.')),
        HEALTH_TIMEOUT_MS,
      );
      try {
        await Promise.race([queueOf('derive-instances').getJobCounts('waiting'), late.promise]);
      } finally {
        clearTimeout(timer);
      }
    },

    close: async () => {
      await Promise.allSettled([...workers].map(stopWorker));
      await Promise.allSettled([...queues.values()].map((queue) => queue.close()));
      await backend.close();
    },
  };
};
