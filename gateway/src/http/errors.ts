import { AppError, type AppErrorKind } from '@archwire/contracts';

/** The HTTP edge's table of error kinds. Nobody else knows a status code. */
export const HTTP_STATUS: Readonly<Record<AppErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'too-large': 413,
  unsupported: 415,
  'not-acceptable': 406,
  'range-not-satisfiable': 416,
  'rate-limited': 429,
  'storage-full': 507,
  unavailable: 503,
  integrity: 500,
  internal: 500,
};

/** RFC 9457. `detail` is for a person and says what to do next; `kind` and `details` are for programs. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly kind: AppErrorKind;
  readonly details: Readonly<Record<string, unknown>>;
  readonly requestId: string;
}

const HIDDEN =
  'Something went wrong on our side. Try again; if it stays, give the administrator the request id.';

/** What koa and its router throw themselves carries a status and may be shown. */
const kindOfStatus = (status: number): AppErrorKind => {
  const kind = Object.entries(HTTP_STATUS).find(([, code]) => code === status)?.[0];
  return kind !== undefined && isKind(kind) ? kind : 'invalid';
};
const isKind = (text: string): text is AppErrorKind => text in HTTP_STATUS;

/** Any thrown value as an AppError: foreign errors become `internal` and keep their words to themselves. */
export const toAppError = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  if (
    error instanceof Error &&
    'status' in error &&
    'expose' in error &&
    error.expose === true &&
    typeof error.status === 'number'
  ) {
    return new AppError(
      kindOfStatus(error.status),
      'The request is malformed. Check its address and headers.',
      { cause: error },
    );
  }
  if (error instanceof URIError)
    return new AppError('invalid', 'The address of the request is malformed.', { cause: error });
  return new AppError('internal', HIDDEN, { cause: error });
};

export const toProblem = (error: AppError, requestId: string): Problem => ({
  title: error.kind,
  status: HTTP_STATUS[error.kind],
  detail: error.kind === 'internal' || error.kind === 'integrity' ? HIDDEN : error.message,
  kind: error.kind,
  details: error.details,
  requestId,
});
