import { ApiProblem } from './api-problem.ts';
import { noteBuild } from './build.ts';

/** One request to our own server. @throws ApiProblem for every answer that is no success, and for none at all */
export const send = async (address: string, init: RequestInit): Promise<Response> => {
  let response: Response;
  try {
    response = await fetch(address, { ...init, credentials: 'same-origin' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiProblem('offline', '', { cause: error });
  }
  noteBuild(response.headers.get('Archwire-Build'));
  if (!response.ok) throw await ApiProblem.fromResponse(response);
  return response;
};
