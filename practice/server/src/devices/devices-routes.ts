import { devicesApi } from '@archwire/contracts/api/devices';
import { fullRoute, type Route } from '../api/route.ts';
import type { DeviceService } from './device-service.ts';

export const devicesRoutes = (devices: DeviceService): readonly Route[] => [
  fullRoute(devicesApi.list, async ({ principal }) => ({ body: { devices: await devices.list(principal) } })),
  fullRoute(devicesApi.register, async ({ principal, body }) => ({
    body: await devices.register(principal, body),
  })),
  fullRoute(devicesApi.deactivate, async ({ principal, params }) => {
    await devices.deactivate(principal, params.id);
    return {};
  }),
  fullRoute(devicesApi.refusals, async ({ principal }) => ({
    body: { refusals: await devices.refusals(principal) },
  })),
  fullRoute(devicesApi.locations, async ({ principal }) => ({
    body: { locations: await devices.locations(principal) },
  })),
];
