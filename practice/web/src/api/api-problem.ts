import { z } from 'zod';

const Problem = z.object({
  detail: z.string().default(''),
  kind: z.string().default('internal'),
  details: z.record(z.string(), z.unknown()).default({}),
  requestId: z.string().optional(),
});

/**
 * An answer of the API that is no success. `message` is the server's own sentence and says what to do next; `kind` is
 * one of `AppErrorKind`, or `offline` when no answer came at all; `requestId` is what an administrator finds in the logs.
 */
export class ApiProblem extends Error {
  readonly kind: string;
  /** 0 without an answer. */
  readonly status: number;
  readonly details: Readonly<Record<string, unknown>>;
  readonly requestId: string | undefined;

  constructor(
    kind: string,
    message: string,
    {
      status = 0,
      details = {},
      requestId,
      cause,
    }: {
      readonly status?: number;
      readonly details?: Readonly<Record<string, unknown>>;
      readonly requestId?: string | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ApiProblem';
    this.kind = kind;
    this.status = status;
    this.details = details;
    this.requestId = requestId;
  }

  /** The server's word for why, where it gives one (`credentials`, `totp-required`, …). */
  get reason(): string | undefined {
    const { reason } = this.details;
    return typeof reason === 'string' ? reason : undefined;
  }

  /** Reads an RFC 9457 answer; anything else (a proxy's page) becomes an `unavailable` or `internal` problem. */
  static async fromResponse(response: Response): Promise<ApiProblem> {
    const { status } = response;
    const parsed = Problem.safeParse(await response.json().catch(() => null));
    if (!parsed.success) return new ApiProblem(status >= 502 ? 'unavailable' : 'internal', '', { status });
    const { kind, detail, details, requestId } = parsed.data;
    return new ApiProblem(kind, detail, { status, details, requestId });
  }
}
