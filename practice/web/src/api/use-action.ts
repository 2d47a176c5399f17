import { type Endpoint, type EndpointRequest, type EndpointResponse } from '@archwire/contracts/api';
import {
  useMutation,
  type UseMutationOptions,
  type UseMutationResult,
  useQueryClient,
} from '@tanstack/react-query';
import { useRef } from 'react';
import { call } from './call.ts';
import { endpointKey } from './use-endpoint.ts';

type Options<E extends Endpoint> = Omit<
  UseMutationOptions<EndpointResponse<E>, Error, EndpointRequest<E>>,
  'mutationFn'
> & {
  /** Endpoints whose answers are old afterwards. */
  readonly changes?: readonly Endpoint[];
};

/**
 * Something a person does: `const register = useAction(devicesApi.register, { changes: [devicesApi.list] })`. The same
 * again while it is under way, as a double click asks for, is not done twice: both get the one answer.
 */
export const useAction = <E extends Endpoint>(
  endpoint: E,
  { changes = [], ...options }: Options<E> = {},
): UseMutationResult<EndpointResponse<E>, Error, EndpointRequest<E>> => {
  const client = useQueryClient();
  const running = useRef(new Map<string, Promise<EndpointResponse<E>>>());
  return useMutation({
    ...options,
    mutationFn: (request) => {
      const key = JSON.stringify(request);
      const answer = running.current.get(key) ?? call(endpoint, request);
      running.current.set(key, answer);
      return answer.finally(() => running.current.delete(key));
    },
    onSettled: async (...args) => {
      await Promise.all(
        changes.map((changed) => client.invalidateQueries({ queryKey: endpointKey(changed) })),
      );
      await options.onSettled?.(...args);
    },
  });
};
