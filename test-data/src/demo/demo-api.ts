import { createApiClient } from '@archwire/contracts/api';
import { accountsApi } from '@archwire/contracts/api/accounts';

/** A request that the server refused, in its own words. */
export class ApiRefusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The HTTP API of one server, signed in as one person. Calls throw `ApiRefusal`. */
export interface DemoApi extends Pick<ReturnType<typeof createApiClient>, 'call'> {
  /** The Authorization header for requests that are not JSON. */
  readonly authorization: string;
}

const client = (url: string, authorization?: string) =>
  createApiClient(async (address, init) => {
    const headers = new Headers(init.headers);
    if (authorization !== undefined) headers.set('authorization', authorization);
    const answer = await fetch(`${url}${address}`, { ...init, headers });
    if (answer.ok) return answer;
    const problem: unknown = await answer.json().catch(() => null);
    const detail =
      typeof problem === 'object' && problem !== null && 'detail' in problem ? problem.detail : null;
    throw new ApiRefusal(
      answer.status,
      typeof detail === 'string' ? detail : `${init.method} ${address} answered ${answer.status}.`,
    );
  });

export interface Credentials {
  readonly email: string;
  readonly password: string;
  readonly totp?: string;
}

/** Signs in. @throws ApiRefusal, also when the person must finish signing in first. */
export const signIn = async (url: string, credentials: Credentials): Promise<DemoApi> => {
  const signed = await client(url).call(accountsApi.login, { body: credentials });
  if (signed.next !== null) {
    throw new ApiRefusal(
      403,
      `${credentials.email} must first ${signed.next === 'change-password' ? 'choose a password' : 'set up an authenticator app'}: sign in at ${url}/ once, then run the demonstration again.`,
    );
  }
  const authorization = `Bearer ${signed.accessToken}`;
  return { authorization, call: client(url, authorization).call };
};

/** Lets a new user choose a password of their own, as the sign-in page does. */
export const choosePassword = async (
  url: string,
  { email, oneTimePassword, password }: { email: string; oneTimePassword: string; password: string },
): Promise<void> => {
  const { accessToken } = await client(url).call(accountsApi.login, {
    body: { email, password: oneTimePassword },
  });
  await client(url, `Bearer ${accessToken}`).call(accountsApi.changePassword, {
    body: { current: oneTimePassword, next: password },
  });
};
