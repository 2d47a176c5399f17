import type { Job } from 'bullmq';
import { patientBackend } from './patient-backend.ts';

/** Where jobs are kept. The PostgreSQL role must be allowed to create the schema (default `bullmq`) on first use. */
export type QueueConnection =
  | { readonly kind: 'postgres'; readonly connectionString: string; readonly schema?: string }
  | { readonly kind: 'redis'; readonly url: string; readonly prefix?: string };

/** A job that is kept, as far as we look at it. */
export interface BackendJob {
  readonly id?: string | undefined;
  readonly data: unknown;
  readonly failedReason: string;
  readonly attemptsMade: number;
  readonly finishedOn?: number | undefined;
  retry(state: 'failed', options: { resetAttemptsMade: boolean }): Promise<void>;
  remove(): Promise<void>;
  isFailed(): Promise<boolean>;
}

type OnError = (event: 'error', listener: (error: Error) => void) => unknown;

/** What we use of BullMQ's classes, whose types differ with the backend. */
export interface BackendQueue {
  add(
    name: string,
    data: unknown,
    options: {
      deduplication?: { id: string };
      delay?: number;
      removeOnComplete: boolean;
      removeOnFail: { age: number; count: number };
    },
  ): Promise<unknown>;
  getJobCounts(...types: ('waiting' | 'active' | 'delayed' | 'failed')[]): Promise<Record<string, number>>;
  /** Newest first. */
  getFailed(start: number, end: number): Promise<(BackendJob | undefined)[]>;
  getJob(id: string): Promise<BackendJob | undefined>;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
  readonly on: OnError;
}
export interface BackendWorker {
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
  readonly on: OnError;
}

export interface QueueBackend {
  queue(name: string): BackendQueue;
  worker(name: string, processor: (job: Job) => Promise<void>, concurrency: number): BackendWorker;
  /** Lets go of what the queues and workers share; they must be closed before. */
  close(): Promise<void>;
}

const POOL_SIZE = 4;
/**
 * `runRetryDelay`: how soon a worker looks whether its store is back. `maxStalledCount`: a job that was cut off by that many
 * kills of its process is given up, for it may be what kills it.
 */
const WORKER_OPTIONS = { runRetryDelay: 2000, maxStalledCount: 5 };

const createPostgres = async (
  connection: Extract<QueueConnection, { kind: 'postgres' }>,
): Promise<QueueBackend> => {
  const { createPostgresBackend, Queue, Worker } = await import('bullmq');
  const patientPostgres: typeof createPostgresBackend = (...args) =>
    patientBackend(createPostgresBackend(...args));
  const options = {
    connection: {
      connectionString: connection.connectionString,
      schema: connection.schema ?? 'bullmq',
      migrate: true,
      max: POOL_SIZE,
      keepAlive: true,
    },
  };
  return {
    queue: (name) => new Queue(name, options, createPostgresBackend),
    worker: (name, processor, concurrency) =>
      new Worker(name, processor, { ...options, ...WORKER_OPTIONS, concurrency }, patientPostgres),
    close: async () => {},
  };
};

const createRedis = async (
  connection: Extract<QueueConnection, { kind: 'redis' }>,
): Promise<QueueBackend> => {
  const [{ Queue, Worker }, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
  // Blocking reads must outlive a restart of Redis (`null`); adding a job must fail in seconds, not wait for ever.
  const forWorkers = new Redis(connection.url, { maxRetriesPerRequest: null });
  const forQueues = new Redis(connection.url, { maxRetriesPerRequest: 3 });
  const prefix = connection.prefix ?? 'archwire';
  for (const client of [forWorkers, forQueues]) client.on('error', () => {}); // BullMQ passes them on to its own listeners
  return {
    queue: (name) => new Queue(name, { connection: forQueues, prefix }),
    worker: (name, processor, concurrency) =>
      new Worker(name, processor, { ...WORKER_OPTIONS, connection: forWorkers, prefix, concurrency }),
    close: async () => {
      for (const client of [forWorkers, forQueues]) client.disconnect();
    },
  };
};

export const createQueueBackend = (connection: QueueConnection): Promise<QueueBackend> =>
  connection.kind === 'postgres' ? createPostgres(connection) : createRedis(connection);
