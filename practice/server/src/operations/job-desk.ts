import type { JobName } from '@archwire/contracts';

/** What an operator sees of the queue and may do to it. */
export interface JobDesk {
  counts(): Promise<
    Readonly<
      Record<
        string,
        {
          readonly waiting: number;
          readonly active: number;
          readonly delayed: number;
          readonly failed: number;
        }
      >
    >
  >;
  /** Newest first. `payload` holds ids only. */
  failed(): Promise<
    readonly {
      readonly name: JobName;
      readonly id: string;
      readonly payload: unknown;
      readonly reason: string;
      readonly attempts: number;
      readonly failedAt: Date | null;
    }[]
  >;
  /** @throws AppError `not-found` when it is no failed job any more */
  retryFailed(name: JobName, id: string): Promise<void>;
  /** @throws AppError `not-found` */
  discardFailed(name: JobName, id: string): Promise<void>;
}
