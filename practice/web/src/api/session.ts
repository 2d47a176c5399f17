import { type EndpointResponse } from '@archwire/contracts/api';
import { accountsApi } from '@archwire/contracts/api/accounts';
import { ApiProblem } from './api-problem.ts';
import { openClient } from './open-client.ts';

type Issued = EndpointResponse<typeof accountsApi.login>;

/**
 * `unknown` until the first renewal answered. `next` names what a person must still do (set a password, set up an
 * authenticator) before the token opens anything.
 */
export type SessionState =
  | { readonly status: 'unknown' }
  /** `ended`: there was a session, and it is over; `because`: why, in the server's word, where it says so. */
  | { readonly status: 'signed-out'; readonly ended: boolean; readonly because: string | null }
  | { readonly status: 'signed-in'; readonly next: Issued['next'] };

const RENEW_BEFORE_MS = 60_000;
const RETRY_MS = 5000;
/** The viewer's tabs take the same lock: a refresh token is good for one use. */
const LOCK = 'archwire-refresh';

let state: SessionState = { status: 'unknown' };
let token = '';
let renewAt = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let running: Promise<void> | undefined;
const listeners = new Set<() => void>();

const become = (next: SessionState): void => {
  state = next;
  for (const listener of listeners) listener();
};

const plan = (milliseconds: number): void => {
  clearTimeout(timer);
  renewAt = Date.now() + milliseconds;
  timer = setTimeout(() => void renew().catch(() => {}), milliseconds);
};

const begin = (issued: Issued): void => {
  token = issued.accessToken;
  plan(Math.max(RETRY_MS, issued.expiresIn * 1000 - RENEW_BEFORE_MS));
  become({ status: 'signed-in', next: issued.next });
};

const end = (ended: boolean, because: string | null = null): void => {
  token = '';
  clearTimeout(timer);
  become({ status: 'signed-out', ended, because });
};

const reasonOf = ({ reason, details }: ApiProblem): string | null => {
  const { because } = details;
  if (reason === 'session-reused') return 'token-reused';
  return typeof because === 'string' ? because : null;
};

const spend = async (): Promise<void> => {
  try {
    begin(await openClient.call(accountsApi.refresh, {}));
  } catch (error) {
    if (!(error instanceof ApiProblem) || (error.status !== 401 && error.status !== 403)) {
      // A server that cannot be reached is no refusal: a restart throws nobody out.
      if (state.status === 'signed-in') plan(RETRY_MS);
      throw error;
    }
    // Whoever signed out in another tab knows why they are out.
    const because = reasonOf(error);
    end(error.reason !== 'no-session' && because !== 'sign-out', because);
  }
};

/** One renewal at a time in this tab, and, where the browser has locks (https, localhost), in all tabs. */
const renew = (): Promise<void> => {
  running ??= (
    navigator.locks === undefined ? spend() : Promise.resolve(navigator.locks.request(LOCK, spend))
  ).finally(() => {
    running = undefined;
  });
  return running;
};

// A laptop that slept has an old token and an old cookie; both are renewed before the person sees anything of it.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible' && state.status === 'signed-in' && Date.now() > renewAt)
    void renew().catch(() => {});
});

/** Who is signed in, held in memory: the access token never touches the storage of the browser. */
export const session = {
  state: (): SessionState => state,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  /** The current access token; empty when nobody is signed in. */
  token: (): string => token,
  /** Spends the refresh cookie. @throws ApiProblem when no answer came; a refusal ends in `signed-out`. */
  renew,
  /** @throws ApiProblem `reason`: `credentials`, `totp-required`, `totp-invalid`, `recovery-invalid`, `locked` */
  signIn: async (body: {
    readonly email: string;
    readonly password: string;
    readonly totp?: string;
    readonly recoveryCode?: string;
  }): Promise<Issued['next']> => {
    const issued = await openClient.call(accountsApi.login, { body });
    begin(issued);
    return issued.next;
  },
  /** After the server ended the session, or when it must be taken for ended. */
  end,
};
