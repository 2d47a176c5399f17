import type { EndpointResponse } from '@archwire/contracts/api';
import type { operationsApi } from '@archwire/contracts/api/operations';

export type Overview = EndpointResponse<typeof operationsApi.overview>;
export type Installation = NonNullable<Overview['installation']>;
