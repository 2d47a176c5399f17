import { type Endpoint, type EndpointRequest, type EndpointResponse } from '@archwire/contracts/api';
import {
  useMutation,
  type UseMutationOptions,
  type UseMutationResult,
  useQueryClient,
} from '@tanstack/react-query';
import { call } from './call.ts';
import { endpointKey } from './use-endpoint.ts';

type Options<E extends Endpoint> = Omit<
  UseMutationOptions<EndpointResponse<E>, Error, EndpointRequest<E>>,
  'mutationFn'
> & {
  /** Endpoints whose answers are old afterwards. */
  readonly changes?: readonly Endpoint[];
};

/** Something a person does: `const register = useAction(devicesApi.register, { changes: [devicesApi.list] })`. */
export const useAction = <E extends Endpoint>(
  endpoint: E,
  { changes = [], ...options }: Options<E> = {},
): UseMutationResult<EndpointResponse<E>, Error, EndpointRequest<E>> => {
  const client = useQueryClient();
  return useMutation({
    ...options,
    mutationFn: (request) => call(endpoint, request),
    onSettled: async (...args) => {
      await Promise.all(
        changes.map((changed) => client.invalidateQueries({ queryKey: endpointKey(changed) })),
      );
      await options.onSettled?.(...args);
    },
  });
};
