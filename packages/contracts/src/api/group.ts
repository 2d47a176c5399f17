import { z } from 'zod';
import { fullEndpoint } from './endpoint.ts';

const isTimezone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};
const Name = z.string().trim().min(1).max(200);
/** IANA, e.g. `America/Toronto`. */
const Timezone = z.string().min(1).max(64).refine(isTimezone, 'This is no time zone of the IANA list.');
/** Issuer of Patient ID: VR LO (PS3.5 6.2). */
const Issuer = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\\]+$/u, 'An issuer has no backslash and no control characters.');

export const IdParams = z.strictObject({ id: z.uuid() });
export const Group = z.object({ id: z.uuid(), name: z.string() });
export const GroupChange = z.strictObject({ name: Name });
export const Location = z.object({
  id: z.uuid(),
  name: z.string(),
  timezone: z.string(),
  issuer: z.string(),
  isDefault: z.boolean(),
});
export const NewLocation = z.strictObject({
  name: Name,
  /** That of the default location when not given. */
  timezone: Timezone.optional(),
  issuer: Issuer,
});
export const LocationChange = z.strictObject({
  name: Name.optional(),
  timezone: Timezone.optional(),
  issuer: Issuer.optional(),
  /** The default passes to this location; it cannot be taken away without naming another. */
  isDefault: z.literal(true).optional(),
});

/** The group itself and its places. `GET /locations` lists the places; `GET /auth/me` names the group. */
export const groupApi = {
  rename: fullEndpoint({
    method: 'patch',
    path: '/group',
    summary: 'Name your group.',
    permission: 'accounts.group.write',
    body: GroupChange,
    response: Group,
  }),
  createLocation: fullEndpoint({
    method: 'post',
    path: '/locations',
    summary: 'Add a location.',
    permission: 'accounts.group.write',
    status: 201,
    body: NewLocation,
    response: Location,
  }),
  updateLocation: fullEndpoint({
    method: 'patch',
    path: '/locations/:id',
    summary: 'Change a location, or make it the default.',
    permission: 'accounts.group.write',
    params: IdParams,
    body: LocationChange,
    response: Location,
  }),
  removeLocation: fullEndpoint({
    method: 'delete',
    path: '/locations/:id',
    summary: 'Remove a location that nothing belongs to.',
    permission: 'accounts.group.write',
    params: IdParams,
  }),
} as const;
