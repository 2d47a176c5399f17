import { ordersApi } from '@archwire/contracts/api/orders';
import { fullRoute, type Route } from '../api/route.ts';
import type { OrderService } from './order-service.ts';
import type { WorklistPreviewer } from './worklist-preview.ts';

interface Deps {
  readonly orders: OrderService;
  readonly worklist: WorklistPreviewer;
}

/** Imaging orders, and what equipment is told of them. */
export const ordersRoutes = ({ orders, worklist }: Deps): readonly Route[] => [
  fullRoute(ordersApi.list, async ({ principal, query }) => ({ body: await orders.list(principal, query) })),
  fullRoute(ordersApi.get, async ({ principal, params }) => ({
    body: await orders.get(principal, params.id),
  })),
  fullRoute(ordersApi.create, async ({ principal, body }) => ({
    body: await orders.create(principal, body),
  })),
  fullRoute(ordersApi.change, async ({ principal, params, body }) => ({
    body: await orders.change(principal, params.id, body),
  })),
  fullRoute(ordersApi.checkIn, async ({ principal, params }) => ({
    body: await orders.checkIn(principal, params.id),
  })),
  fullRoute(ordersApi.complete, async ({ principal, params, body }) => ({
    body: await orders.complete(principal, params.id, body.partial ?? false),
  })),
  fullRoute(ordersApi.discontinue, async ({ principal, params, body }) => ({
    body: await orders.discontinue(principal, params.id, body),
  })),
  fullRoute(ordersApi.worklistPreview, async ({ principal, body }) => ({
    body: await worklist(principal, body),
  })),
];
