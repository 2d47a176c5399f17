import { accountsApi } from './accounts.ts';
import { auditApi } from './audit.ts';
import { devicesApi } from './devices.ts';
import { groupApi } from './group.ts';
import { imagingApi } from './imaging.ts';
import { operationsApi } from './operations.ts';
import { ordersApi } from './orders.ts';
import { patientsApi } from './patients.ts';
import { liveApi } from './live.ts';
import { recompressionApi } from './recompression.ts';
import { setupApi } from './setup.ts';
import { usersApi } from './users.ts';
import { studiesApi } from './studies.ts';
import { importsApi } from './imports.ts';
import { viewsApi } from './views.ts';
import { exportsApi } from './exports.ts';
import { sharesApi } from './shares.ts';

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
  audit: auditApi,
  devices: devicesApi,
  group: groupApi,
  imaging: imagingApi,
  orders: ordersApi,
  patients: patientsApi,
  live: liveApi,
  operations: operationsApi,
  recompression: recompressionApi,
  setup: setupApi,
  users: usersApi,
  studies: studiesApi,
  imports: importsApi,
  views: viewsApi,
  exports: exportsApi,
  shares: sharesApi,
} as const;
