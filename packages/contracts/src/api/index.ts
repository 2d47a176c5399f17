import { accountsApi } from './accounts.ts';
import { devicesApi } from './devices.ts';
import { imagingApi } from './imaging.ts';
import { patientsApi } from './patients.ts';
import { liveApi } from './live.ts';

export { createApiClient, type EndpointRequest, type EndpointResponse } from './api-client.ts';
export {
  fullEndpoint,
  ownEndpoint,
  publicEndpoint,
  statusOf,
  type Access,
  type Endpoint,
} from './endpoint.ts';

/** Every operation of the API by slice; `slice.name` is its `operationId`. */
export const apis = {
  accounts: accountsApi,
  devices: devicesApi,
  imaging: imagingApi,
  patients: patientsApi,
  live: liveApi,
} as const;
