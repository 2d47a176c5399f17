import type { Archwire } from '@archwire/test-data/processes';

/** Requests in the name of one user of a server that `startArchwire` started. */
export const signedInFetch = async (
  server: Pick<Archwire, 'url'>,
  credentials: { readonly email: string; readonly password: string },
): Promise<Archwire['fetch']> => {
  const answer = await fetch(`${server.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(credentials),
  });
  const body: unknown = await answer.json();
  if (typeof body !== 'object' || body === null || !('accessToken' in body))
    throw new Error(`Sign-in failed with ${answer.status}`);
  const authorization = `Bearer ${String(body.accessToken)}`;
  return async (path, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', authorization);
    return await fetch(`${server.url}${path}`, { ...init, headers });
  };
};
