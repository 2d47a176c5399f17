import { AppError, type AppErrorKind } from '@archwire/contracts';

/** The job edge's table of error kinds: whether trying again later can help. Unknown errors are retried. */
const RETRYABLE: Readonly<Record<AppErrorKind, boolean>> = {
  invalid: false,
  unauthenticated: false,
  forbidden: false,
  'not-found': false,
  'method-not-allowed': false,
  conflict: true,
  'too-large': false,
  unsupported: false,
  'not-acceptable': false,
  'range-not-satisfiable': false,
  'rate-limited': true,
  'storage-full': true,
  unavailable: true,
  integrity: false,
  internal: true,
};

export const isRetryable = (error: unknown): boolean => !(error instanceof AppError) || RETRYABLE[error.kind];
