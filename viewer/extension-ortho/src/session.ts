/** What the server answers to a renewal; `expiresIn` is in seconds. */
interface Renewal {
  accessToken: string;
  expiresIn: number;
}

export interface SessionParts {
  /** `POST /api/v1/auth/refresh`, with the refresh cookie that the browser adds. */
  renew(): Promise<Response>;
  /** Leaves the viewer for the sign-in page; the page that replaces us may come back. */
  signIn(): void;
  setTimer(callback: () => void, milliseconds: number): unknown;
  clearTimer(timer: unknown): void;
}

export interface Session {
  /** Resolves once a token is held; when the server refuses, leaves for sign-in and never resolves. */
  start(): Promise<void>;
  /** Empty when the server keeps the session in a cookie alone. */
  authorization(): Record<string, string>;
  /** To be called on a 401: renews once, else leaves for sign-in. True when requests can be tried again. */
  refused(): Promise<boolean>;
}

const RENEW_BEFORE_EXPIRY_S = 60;
const RETRY_MS = 5_000;

function isRenewal(value: unknown): value is Renewal {
  return (
    typeof value === 'object' &&
    value !== null &&
    'accessToken' in value &&
    typeof value.accessToken === 'string' &&
    'expiresIn' in value &&
    typeof value.expiresIn === 'number'
  );
}

/**
 * Keeps the access token in memory only (a stored token would outlive the tab) and renews it before it expires.
 *
 * A server that cannot be reached is not a refusal: the session waits and tries again, so that a restart of the
 * gateway does not throw a clinician out of an open study.
 */
export function createSession(parts: SessionParts): Session {
  let token: string | undefined;
  let timer: unknown;
  let running: Promise<'held' | 'refused' | 'unreachable'> | undefined;

  function plan(milliseconds: number): void {
    parts.clearTimer(timer);
    timer = parts.setTimer(() => void renew(), milliseconds);
  }

  async function attempt(): Promise<'held' | 'refused' | 'unreachable'> {
    let response: Response;
    try {
      response = await parts.renew();
    } catch {
      plan(RETRY_MS);
      return 'unreachable';
    }
    if (response.status === 401 || response.status === 403) {
      token = undefined;
      return 'refused';
    }
    if (response.status === 204) return 'held';
    const body: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
    if (!isRenewal(body)) {
      plan(RETRY_MS);
      return 'unreachable';
    }
    token = body.accessToken;
    plan(Math.max(RETRY_MS, (body.expiresIn - RENEW_BEFORE_EXPIRY_S) * 1000));
    return 'held';
  }

  // One renewal at a time: the refresh token rotates, and using an old one again signs the user out everywhere.
  function renew(): Promise<'held' | 'refused' | 'unreachable'> {
    running ??= attempt().finally(() => {
      running = undefined;
    });
    return running;
  }

  return {
    async start() {
      for (;;) {
        const outcome = await renew();
        if (outcome === 'held') return;
        if (outcome === 'refused') {
          parts.signIn();
          await new Promise(() => {});
        }
        await new Promise<void>((resolve) => parts.setTimer(resolve, RETRY_MS));
      }
    },
    authorization: () => (token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    async refused() {
      const outcome = await renew();
      if (outcome === 'refused') parts.signIn();
      return outcome === 'held';
    },
  };
}
