import type { EndpointResponse } from '@archwire/contracts/api';
import { imagingApi } from '@archwire/contracts/api/imaging';
import { useEndpoint } from '../api/use-endpoint.ts';
import { useMay } from '../api/use-me.ts';

/** What waits for a person; `undefined` for who may not know, and until it is known. Live events ask anew. */
export const useNotices = (): EndpointResponse<typeof imagingApi.notices> | undefined => {
  const may = useMay('imaging.reconcile.write');
  return useEndpoint(imagingApi.notices, {}, { enabled: may, staleTime: 30_000 }).data;
};
