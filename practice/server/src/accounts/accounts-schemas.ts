import { ROLES, type Role } from '@archwire/contracts';
import { z } from 'zod';
import { NewPassword } from './password-policy.ts';

const roleNames: readonly string[] = Object.keys(ROLES);
const isRole = (text: string): text is Role => roleNames.includes(text);

export const RoleName = z
  .string()
  .refine(isRole, `A role is one of ${roleNames.join(', ')}.`)
  .meta({ enum: [...roleNames] });
const Next = z.enum(['change-password', 'enrol-totp']).nullable();
const TotpCode = z
  .string()
  .transform((text) => text.replaceAll(/\s/g, ''))
  .pipe(z.string().regex(/^[0-9]{6}$/, 'A code has six digits.'));
const Name = z.string().trim().min(1).max(200);
const Email = z.email().max(254);
const Instant = z.iso.datetime();

export const IdParams = z.strictObject({ id: z.uuid() });

export const LoginBody = z.strictObject({
  email: z.string().min(1).max(254),
  password: z.string().min(1).max(256),
  totp: TotpCode.optional(),
});
export const LoginReply = z.strictObject({ accessToken: z.string(), expiresIn: z.int(), next: Next });

export const Me = z.strictObject({
  id: z.uuid(),
  tenantId: z.uuid(),
  email: z.string(),
  displayName: z.string(),
  role: RoleName,
  permissions: z.array(z.string()),
  totpEnrolled: z.boolean(),
  next: Next,
});

export const PasswordBody = z.strictObject({ current: z.string().min(1).max(256), next: NewPassword });
export const TotpSetup = z.strictObject({ secret: z.string(), uri: z.string(), qrSvg: z.string() });
export const TotpBody = z.strictObject({ code: TotpCode });

export const Sessions = z.strictObject({
  sessions: z.array(
    z.strictObject({
      id: z.uuid(),
      address: z.string().nullable(),
      userAgent: z.string().nullable(),
      createdAt: Instant,
      lastUsedAt: Instant,
      current: z.boolean(),
    }),
  ),
});

export const User = z.strictObject({
  id: z.uuid(),
  email: z.string(),
  displayName: z.string(),
  role: RoleName,
  active: z.boolean(),
  totpEnrolled: z.boolean(),
  mustChangePassword: z.boolean(),
  createdAt: Instant,
});
export const Users = z.strictObject({ users: z.array(User) });
export const NewUser = z.strictObject({ email: Email, displayName: Name, role: RoleName });
export const NewUserReply = z.strictObject({ user: User, oneTimePassword: z.string() });
export const UserChange = z.strictObject({
  displayName: Name.optional(),
  role: RoleName.optional(),
  active: z.boolean().optional(),
});
export const OneTimePassword = z.strictObject({ oneTimePassword: z.string() });

export const ApiKey = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  prefix: z.string(),
  role: RoleName,
  locationId: z.uuid().nullable(),
  createdAt: Instant,
  lastUsedAt: Instant.nullable(),
});
export const ApiKeys = z.strictObject({ apiKeys: z.array(ApiKey) });
export const NewApiKey = z.strictObject({
  name: Name,
  role: RoleName.default('device'),
  locationId: z.uuid().nullish(),
});
export const NewApiKeyReply = z.strictObject({ apiKey: ApiKey, key: z.string() });
