import { setupApi } from '@archwire/contracts/api/setup';
import { fullRoute, type Route } from '../api/route.ts';
import type { SetupService } from './setup-service.ts';

export const setupRoutes = (setup: SetupService): readonly Route[] => [
  fullRoute(setupApi.read, async ({ principal }) => ({ body: await setup.read(principal) })),
  fullRoute(setupApi.confirm, async ({ principal, body }) => {
    await setup.confirm(principal, body.step);
    return {};
  }),
  fullRoute(setupApi.finish, async ({ principal }) => {
    await setup.finish(principal);
    return {};
  }),
  fullRoute(setupApi.sendTestImage, async ({ principal, body }) => ({
    body: await setup.sendTestImage(principal, body.deviceId ?? null),
  })),
  fullRoute(setupApi.testImage, async ({ principal, query }) => ({
    body: await setup.testImage(principal, query.sopInstanceUid),
  })),
  fullRoute(setupApi.removeTestImage, async ({ principal }) => {
    await setup.removeTestImage(principal);
    return {};
  }),
];
