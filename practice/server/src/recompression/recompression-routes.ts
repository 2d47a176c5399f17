import { recompressionApi } from '@archwire/contracts/api/recompression';
import { fullRoute, type Route } from '../api/route.ts';
import type { RecompressionService } from './recompression-service.ts';

export const recompressionRoutes = (recompression: RecompressionService): readonly Route[] => [
  fullRoute(recompressionApi.report, async ({ principal }) => ({
    body: await recompression.report(principal),
  })),
  fullRoute(recompressionApi.change, async ({ principal, body }) => ({
    body: await recompression.change(principal, body),
  })),
  fullRoute(recompressionApi.study, async ({ principal, params }) => ({
    body: await recompression.study(principal, params.id),
  })),
  fullRoute(recompressionApi.restore, async ({ principal, params }) => ({
    body: await recompression.restore(principal, params.id),
  })),
];
