import { createApiClient, type Endpoint } from '@archwire/contracts/api';
import { ApiProblem } from './api-problem.ts';
import { send } from './send.ts';
import { session } from './session.ts';

const authorized = (init: RequestInit): RequestInit => {
  const headers = new Headers(init.headers);
  if (session.token() !== '') headers.set('authorization', `Bearer ${session.token()}`);
  return { ...init, headers };
};

/**
 * A request with the person's token; a token that expired meanwhile is renewed once and the request tried again. For
 * what no endpoint describes: files and streams. @throws ApiProblem
 */
export const sendSignedIn = async (address: string, init: RequestInit = {}): Promise<Response> => {
  if (session.state().status === 'unknown') await session.renew();
  try {
    return await send(address, authorized(init));
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
    if (session.state().status === 'signed-in') await session.renew();
    if (session.state().status !== 'signed-in') throw error;
    return await send(address, authorized(init));
  }
};

const openCall = createApiClient(send).call;
const signedInCall = createApiClient(sendSignedIn).call;

/**
 * Calls an operation of the API: `await call(devicesApi.list, {})`. The answer is validated by the endpoint's schema.
 * @throws ApiProblem
 */
export const call: typeof signedInCall = (endpoint, request, init) =>
  (isOpen(endpoint) ? openCall : signedInCall)(endpoint, request, init);

const isOpen = ({ access }: Endpoint): boolean => access === 'public';
