import type { EndpointResponse } from '@archwire/contracts/api';
import type { ordersApi } from '@archwire/contracts/api/orders';

/** An imaging order, as the API lists it. */
export type Order = EndpointResponse<typeof ordersApi.list>['orders'][number];
/** What a device is told of one step. */
export type ToldItem = EndpointResponse<typeof ordersApi.worklistPreview>['items'][number];
