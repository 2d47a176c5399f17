import { requirePermission } from '@archwire/contracts';
import { devicesApi } from '@archwire/contracts/api/devices';
import type { Principal } from '@archwire/contracts';
import { fullRoute, type Route } from '../api/route.ts';
import type { CapabilitiesReport } from './device-capabilities.ts';
import type { EchoReport } from './device-echo.ts';
import type { DeviceService } from './device-service.ts';
import type { RefusalList } from './refusal-list.ts';

/** How this server is reached over DICOM. */
export interface ReceiverView {
  readonly aeTitle: string;
  readonly hosts: string[];
  readonly port: number;
  readonly tlsPort: number | null;
  readonly tlsClientCertificate: boolean;
  readonly watchDir: string | null;
}

interface Deps {
  readonly devices: DeviceService;
  readonly refusals: RefusalList;
  readonly echo: (principal: Principal, id: string) => Promise<EchoReport>;
  readonly capabilities: (principal: Principal, id: string) => Promise<CapabilitiesReport>;
  readonly receiver: () => ReceiverView;
}

export const devicesRoutes = ({
  devices,
  refusals,
  echo,
  capabilities,
  receiver,
}: Deps): readonly Route[] => [
  fullRoute(devicesApi.list, async ({ principal }) => ({ body: { devices: await devices.list(principal) } })),
  fullRoute(devicesApi.register, async ({ principal, body }) => ({
    body: await devices.register(principal, body),
  })),
  fullRoute(devicesApi.change, async ({ principal, params, body }) => ({
    body: await devices.change(principal, params.id, body),
  })),
  fullRoute(devicesApi.deactivate, async ({ principal, params }) => {
    await devices.deactivate(principal, params.id);
    return {};
  }),
  fullRoute(devicesApi.activate, async ({ principal, params }) => {
    await devices.activate(principal, params.id);
    return {};
  }),
  fullRoute(devicesApi.traffic, async ({ principal, params }) => ({
    body: { days: await devices.traffic(principal, params.id) },
  })),
  fullRoute(devicesApi.echo, async ({ principal, params }) => ({ body: await echo(principal, params.id) })),
  fullRoute(devicesApi.capabilities, async ({ principal, params }) => ({
    body: await capabilities(principal, params.id),
  })),
  fullRoute(devicesApi.refusals, async ({ principal, query }) => ({
    body: await refusals.page(principal, query),
  })),
  fullRoute(devicesApi.dismissRefusals, async ({ principal, body }) => ({
    body: { count: await refusals.dismiss(principal, body.peers) },
  })),
  fullRoute(devicesApi.receiver, async ({ principal }) => {
    requirePermission(principal, 'devices.device.read');
    return { body: receiver() };
  }),
  fullRoute(devicesApi.locations, async ({ principal }) => ({
    body: { locations: await devices.locations(principal) },
  })),
];
