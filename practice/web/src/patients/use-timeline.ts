import { patientsApi } from '@archwire/contracts/api/patients';
import { useInfiniteQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { endpointKey } from '../api/use-endpoint.ts';

/** While images arrive, the state changes by time alone: nobody tells of an end. */
const WATCH_MS = 3000;

/** A patient's studies, first to last, as far back as was asked for. */
export const useTimeline = (patientId: string) => {
  const query = useInfiniteQuery({
    queryKey: endpointKey(patientsApi.timeline, { params: { id: patientId } }),
    queryFn: async ({ pageParam, signal }) =>
      await call(
        patientsApi.timeline,
        { params: { id: patientId }, query: pageParam === null ? {} : { before: pageParam } },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ studies }) => studies.some(({ arrival }) => arrival !== 'complete')) === true
        ? WATCH_MS
        : false,
  });
  const pages = query.data?.pages ?? [];
  return {
    ...query,
    studies: pages.flatMap(({ studies }) => studies).toReversed(),
    summary: pages[0],
  };
};
