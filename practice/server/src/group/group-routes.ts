import { groupApi } from '@archwire/contracts/api/group';
import { fullRoute, type Route } from '../api/route.ts';
import type { GroupService } from './group-service.ts';

export const groupRoutes = (group: GroupService): readonly Route[] => [
  fullRoute(groupApi.rename, async ({ principal, body }) => ({
    body: await group.rename(principal, body.name),
  })),
  fullRoute(groupApi.createLocation, async ({ principal, body }) => ({
    body: await group.createLocation(principal, body),
  })),
  fullRoute(groupApi.updateLocation, async ({ principal, params, body }) => ({
    body: await group.updateLocation(principal, params.id, body),
  })),
  fullRoute(groupApi.removeLocation, async ({ principal, params }) => {
    await group.removeLocation(principal, params.id);
    return {};
  }),
];
