import type { EndpointResponse } from '@archwire/contracts/api';
import type { devicesApi } from '@archwire/contracts/api/devices';

/** A device, as the API lists it. */
export type Device = EndpointResponse<typeof devicesApi.list>['devices'][number];
/** Somebody who was refused. */
export type Refusal = EndpointResponse<typeof devicesApi.refusals>['refusals'][number];
