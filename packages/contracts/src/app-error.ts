/** The closed list of what can go wrong; each edge (HTTP, DIMSE, job) has one table from kind to its own codes. */
export type AppErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'conflict'
  | 'too-large'
  | 'unsupported'
  | 'not-acceptable'
  | 'range-not-satisfiable'
  | 'rate-limited'
  | 'storage-full'
  | 'unavailable'
  | 'integrity'
  | 'internal';

/**
 * The one error that crosses layers. The message is for a person: it says what to do next and holds no patient data.
 * `details` is safe to send to the caller (codes, field names, UIDs).
 */
export class AppError extends Error {
  readonly kind: AppErrorKind;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    kind: AppErrorKind,
    message: string,
    options: { cause?: unknown; details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.kind = kind;
    this.details = options.details ?? {};
  }
}
