import { type Endpoint, type EndpointRequest, type EndpointResponse } from '@archwire/contracts/api';
import { type QueryKey, useQuery, type UseQueryOptions, type UseQueryResult } from '@tanstack/react-query';
import { call } from './call.ts';

/** Where the answer lies in the cache; without a request, everything that this endpoint ever answered. */
export const endpointKey = (endpoint: Endpoint, request?: unknown): QueryKey =>
  request === undefined ? [endpoint.path] : [endpoint.path, request];

/** The query of an endpoint, for `useQuery`, `useInfiniteQuery`, `queryClient.prefetchQuery`. */
export const endpointQuery = <E extends Endpoint>(endpoint: E, request: EndpointRequest<E>) => ({
  queryKey: endpointKey(endpoint, request),
  queryFn: async ({ signal }: { readonly signal: AbortSignal }): Promise<EndpointResponse<E> | null> =>
    // The cache knows no `undefined`.
    (await call(endpoint, request, { signal })) ?? null,
});

type Options<T> = Omit<UseQueryOptions<T>, 'queryKey' | 'queryFn'>;

/** What an endpoint answers, cached and shared: `useEndpoint(devicesApi.list, {})`. */
export const useEndpoint = <E extends Endpoint>(
  endpoint: E,
  request: EndpointRequest<E>,
  options: Options<EndpointResponse<E>> = {},
): UseQueryResult<EndpointResponse<E>> =>
  useQuery({
    ...options,
    queryKey: endpointKey(endpoint, request),
    queryFn: ({ signal }) => call(endpoint, request, { signal }),
  });
