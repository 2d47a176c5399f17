import { z } from 'zod';
import { AeTitle } from '../ae-title.ts';
import { fullEndpoint } from './endpoint.ts';

export const Device = z.object({
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
export const Devices = z.object({ devices: z.array(Device) });
export const NewDevice = z.strictObject({
  name: z.string().trim().min(1).max(200),
  aeTitle: AeTitle,
  calledAe: AeTitle.nullish(),
  address: z.union([z.ipv4(), z.ipv6()]).nullish(),
  locationId: z.uuid().nullish(),
  issuer: z.string().trim().min(1).max(64).nullish(),
});
export const Refusals = z.object({
  refusals: z.array(
    z.object({
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
export const Locations = z.object({
  locations: z.array(
    z.object({ id: z.uuid(), name: z.string(), issuer: z.string(), isDefault: z.boolean() }),
  ),
});
export const IdParams = z.strictObject({ id: z.uuid() });

/** The equipment that may send, who was refused, and the places. */
export const devicesApi = {
  list: fullEndpoint({
    method: 'get',
    path: '/devices',
    summary: 'The equipment that may send.',
    permission: 'devices.device.read',
    response: Devices,
  }),
  register: fullEndpoint({
    method: 'post',
    path: '/devices',
    summary: 'Register a device; ends the refusals it explains.',
    permission: 'devices.device.write',
    status: 201,
    body: NewDevice,
    response: Device,
  }),
  deactivate: fullEndpoint({
    method: 'post',
    path: '/devices/:id/deactivate',
    summary: 'Let a device in no more.',
    permission: 'devices.device.write',
    params: IdParams,
  }),
  refusals: fullEndpoint({
    method: 'get',
    path: '/devices/refusals',
    summary: 'Who knocked and was not let in.',
    permission: 'devices.device.read',
    response: Refusals,
  }),
  locations: fullEndpoint({
    method: 'get',
    path: '/locations',
    summary: 'The places of your group.',
    permission: 'devices.device.read',
    response: Locations,
  }),
} as const;
