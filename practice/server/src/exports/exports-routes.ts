import type { CleanRegionService, ExportService } from '@archwire/archive';
import { exportsApi } from '@archwire/contracts/api/exports';
import { fullRoute, type Route } from '../api/route.ts';

/** Exports of studies and patients; their files have a door of their own, which sends ranges. */
export const exportsRoutes = (exports: ExportService, regions: CleanRegionService): readonly Route[] => [
  fullRoute(exportsApi.create, async ({ principal, body }) => ({
    body: await exports.create(principal, body),
  })),
  fullRoute(exportsApi.list, async ({ principal, query }) => ({
    body: await exports.list(principal, query.after),
  })),
  fullRoute(exportsApi.get, async ({ principal, params }) => ({
    body: await exports.get(principal, params.id),
  })),
  fullRoute(exportsApi.remove, async ({ principal, params }) => {
    await exports.remove(principal, params.id);
    return {};
  }),
  fullRoute(exportsApi.cleanRegions, async ({ principal }) => ({
    body: { regions: await regions.list(principal) },
  })),
  fullRoute(exportsApi.addCleanRegion, async ({ principal, body }) => ({
    body: await regions.add(principal, body),
  })),
  fullRoute(exportsApi.removeCleanRegion, async ({ principal, params }) => {
    await regions.remove(principal, params.id);
    return {};
  }),
];
