import type { EndpointResponse } from '@archwire/contracts/api';
import type { Permission } from '@archwire/contracts';
import { accountsApi } from '@archwire/contracts/api/accounts';
import { useEndpoint } from './use-endpoint.ts';

export type Me = EndpointResponse<typeof accountsApi.me>;

/** Who is signed in; `undefined` until the server said so. Not `enabled`, nobody is asked. */
export const useMe = (enabled = true): Me | undefined =>
  useEndpoint(accountsApi.me, {}, { staleTime: 60_000, enabled }).data;

/** Whether the person may; false until it is known. The server checks again. */
export const useMay = (permission: Permission): boolean => useMe()?.permissions.includes(permission) ?? false;
