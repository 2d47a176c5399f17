import { AeTitle } from '@archwire/contracts';
import { z } from 'zod';
import { fullRoute, type Route } from '../api/route.ts';
import type { DeviceService } from './device-service.ts';

const Device = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  aeTitle: z.string(),
  calledAe: z.string().nullable(),
  address: z.string().nullable(),
  locationId: z.uuid(),
  issuer: z.string().nullable(),
  active: z.boolean(),
  createdAt: z.iso.datetime(),
});
const Devices = z.strictObject({ devices: z.array(Device) });
const NewDevice = z.strictObject({
  name: z.string().trim().min(1).max(200),
  aeTitle: AeTitle,
  calledAe: AeTitle.nullish(),
  address: z.union([z.ipv4(), z.ipv6()]).nullish(),
  locationId: z.uuid().nullish(),
  issuer: z.string().trim().min(1).max(64).nullish(),
});
const Refusals = z.strictObject({
  refusals: z.array(
    z.strictObject({
      id: z.uuid(),
      callingAe: z.string(),
      calledAe: z.string(),
      address: z.string(),
      reason: z.string(),
      count: z.int(),
      firstAt: z.iso.datetime(),
      lastAt: z.iso.datetime(),
    }),
  ),
});
const Locations = z.strictObject({
  locations: z.array(
    z.strictObject({ id: z.uuid(), name: z.string(), issuer: z.string(), isDefault: z.boolean() }),
  ),
});
const IdParams = z.strictObject({ id: z.uuid() });

export const devicesRoutes = (devices: DeviceService): readonly Route[] => [
  fullRoute(
    {
      method: 'get',
      path: '/devices',
      summary: 'The equipment that may send.',
      permission: 'devices.device.read',
      response: Devices,
    },
    async ({ principal }) => ({ body: { devices: await devices.list(principal) } }),
  ),
  fullRoute(
    {
      method: 'post',
      path: '/devices',
      summary: 'Register a device; ends the refusals it explains.',
      permission: 'devices.device.write',
      status: 201,
      body: NewDevice,
      response: Device,
    },
    async ({ principal, body }) => ({ body: await devices.register(principal, body) }),
  ),
  fullRoute(
    {
      method: 'post',
      path: '/devices/:id/deactivate',
      summary: 'Let a device in no more.',
      permission: 'devices.device.write',
      params: IdParams,
    },
    async ({ principal, params }) => {
      await devices.deactivate(principal, params.id);
      return {};
    },
  ),
  fullRoute(
    {
      method: 'get',
      path: '/devices/refusals',
      summary: 'Who knocked and was not let in.',
      permission: 'devices.device.read',
      response: Refusals,
    },
    async ({ principal }) => ({ body: { refusals: await devices.refusals(principal) } }),
  ),
  fullRoute(
    {
      method: 'get',
      path: '/locations',
      summary: 'The places of your group.',
      permission: 'devices.device.read',
      response: Locations,
    },
    async ({ principal }) => ({ body: { locations: await devices.locations(principal) } }),
  ),
];
