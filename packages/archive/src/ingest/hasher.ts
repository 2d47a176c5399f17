import { Worker } from 'node:worker_threads';

import { AppError } from '@archwire/contracts';

export interface HashRequest {
  readonly id: number;
  readonly path: string;
  readonly ranges: readonly { readonly offset: number; readonly length: number }[];
}

export type HashAnswer =
  | { readonly id: number; readonly digests: readonly string[] }
  | { readonly id: number; readonly error: string };

/** SHA-256 of ranges of local files, read back and computed on another thread: receiving is not held up. */
export interface Hasher {
  /** Lower-case hex, in the order of the ranges. @throws AppError `integrity` when the bytes cannot be read. */
  sha256(path: string, ranges: HashRequest['ranges']): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export const createHasher = (): Hasher => {
  const open = new Map<
    number,
    { resolve: (digests: readonly string[]) => void; reject: (error: unknown) => void }
  >();
  let worker: Worker | undefined;
  let lastId = 0;

  const failAll = (cause: unknown): void => {
    worker = undefined;
    const failed = [...open.values()];
    open.clear();
    for (const { reject } of failed)
      reject(new AppError('unavailable', 'Hashing stopped; it is tried again.', { cause }));
  };

  const start = (): Worker => {
    const started = new Worker(new URL('./hash-worker.ts', import.meta.url), { execArgv: [] });
    started.unref();
    started.on('message', (answer: HashAnswer) => {
      const request = open.get(answer.id);
      open.delete(answer.id);
      if (open.size === 0) started.unref();
      if ('digests' in answer) request?.resolve(answer.digests);
      else
        request?.reject(
          new AppError('integrity', 'Received bytes could not be read back from the disk.', {
            cause: answer.error,
          }),
        );
    });
    started.on('error', failAll);
    started.on('exit', () => failAll(new Error('The hashing thread ended.')));
    return started;
  };

  return {
    sha256: (path, ranges) =>
      new Promise((resolve, reject) => {
        worker ??= start();
        worker.ref();
        lastId += 1;
        open.set(lastId, { resolve, reject });
        worker.postMessage({ id: lastId, path, ranges } satisfies HashRequest);
      }),
    async stop() {
      await worker?.terminate();
    },
  };
};
