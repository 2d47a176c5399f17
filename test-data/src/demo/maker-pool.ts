import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { MakeReply, MakeRequest } from './make-records.ts';

/** Threads that draw: one request each at a time. */
export interface MakerPool {
  /** @throws Error with what went wrong in the thread. */
  make(request: MakeRequest): Promise<{ readonly files: readonly string[]; readonly bytes: number }>;
  close(): Promise<void>;
}

export const createMakerPool = (threads: number): MakerPool => {
  const all = Array.from({ length: threads }, () => new Worker(new URL('make-records.ts', import.meta.url)));
  const idle = [...all];
  const waiting: ((worker: Worker) => void)[] = [];
  const take = async (): Promise<Worker> =>
    idle.pop() ?? (await new Promise<Worker>((resolve) => waiting.push(resolve)));
  const give = (worker: Worker): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(worker);
    else next(worker);
  };
  return {
    make: async (request) => {
      const worker = await take();
      try {
        const answered: Promise<MakeReply[]> = once(worker, 'message');
        worker.postMessage(request);
        const [reply] = await answered;
        if (reply === undefined || 'problem' in reply) throw new Error(reply?.problem ?? 'The thread ended.');
        return reply;
      } finally {
        give(worker);
      }
    },
    close: async () => {
      await Promise.all(all.map((worker) => worker.terminate()));
    },
  };
};
