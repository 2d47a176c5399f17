import { z } from 'zod';
import { ROLES, type Role } from '../permissions.ts';
import { fullEndpoint, ownEndpoint, publicEndpoint } from './endpoint.ts';

const roleNames: readonly string[] = Object.keys(ROLES);
const isRole = (text: string): text is Role => roleNames.includes(text);

export const RoleName = z
  .string()
  .refine(isRole, `A role is one of ${roleNames.join(', ')}.`)
  .meta({ enum: [...roleNames] });
/** Length is what makes a password strong (NIST SP 800-63B); the upper bound keeps hashing cheap. */
export const NewPassword = z
  .string()
  .min(12, 'A password has at least 12 characters.')
  .max(256, 'A password has at most 256 characters.');
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
export const LoginReply = z.object({ accessToken: z.string(), expiresIn: z.int(), next: Next });

export const Me = z.object({
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
export const TotpSetup = z.object({ secret: z.string(), uri: z.string(), qrSvg: z.string() });
export const TotpBody = z.strictObject({ code: TotpCode });

export const Sessions = z.object({
  sessions: z.array(
    z.object({
      id: z.uuid(),
      address: z.string().nullable(),
      userAgent: z.string().nullable(),
      createdAt: Instant,
      lastUsedAt: Instant,
      current: z.boolean(),
    }),
  ),
});

export const User = z.object({
  id: z.uuid(),
  email: z.string(),
  displayName: z.string(),
  role: RoleName,
  active: z.boolean(),
  totpEnrolled: z.boolean(),
  mustChangePassword: z.boolean(),
  createdAt: Instant,
});
export const Users = z.object({ users: z.array(User) });
export const NewUser = z.strictObject({ email: Email, displayName: Name, role: RoleName });
export const NewUserReply = z.object({ user: User, oneTimePassword: z.string() });
export const UserChange = z.strictObject({
  displayName: Name.optional(),
  role: RoleName.optional(),
  active: z.boolean().optional(),
});
export const OneTimePassword = z.object({ oneTimePassword: z.string() });

export const ApiKey = z.object({
  id: z.uuid(),
  name: z.string(),
  prefix: z.string(),
  role: RoleName,
  locationId: z.uuid().nullable(),
  createdAt: Instant,
  lastUsedAt: Instant.nullable(),
});
export const ApiKeys = z.object({ apiKeys: z.array(ApiKey) });
export const NewApiKey = z.strictObject({
  name: Name,
  role: RoleName.default('device'),
  locationId: z.uuid().nullish(),
});
export const NewApiKeyReply = z.object({ apiKey: ApiKey, key: z.string() });

/** Sign-in, one's own account, users and API keys. */
export const accountsApi = {
  login: publicEndpoint({
    method: 'post',
    path: '/auth/login',
    summary: 'Sign in. `next` names what the person must still do; the token opens nothing else before.',
    guarded: true,
    body: LoginBody,
    response: LoginReply,
  }),
  refresh: publicEndpoint({
    method: 'post',
    path: '/auth/refresh',
    summary: 'Spend the refresh cookie for a new access token and the next cookie.',
    guarded: true,
    response: LoginReply,
  }),
  me: ownEndpoint({
    method: 'get',
    path: '/auth/me',
    summary: 'Who is signed in, and what they may do.',
    response: Me,
  }),
  changePassword: ownEndpoint({
    method: 'post',
    path: '/auth/password',
    summary: 'Change your password; ends your other sessions.',
    guarded: true,
    body: PasswordBody,
  }),
  beginTotp: ownEndpoint({
    method: 'post',
    path: '/auth/totp',
    summary: 'Begin to set up an authenticator app.',
    response: TotpSetup,
  }),
  confirmTotp: ownEndpoint({
    method: 'post',
    path: '/auth/totp/confirm',
    summary: 'Confirm the authenticator app with its first code.',
    guarded: true,
    body: TotpBody,
  }),
  sessions: ownEndpoint({
    method: 'get',
    path: '/auth/sessions',
    summary: 'Where you are signed in.',
    response: Sessions,
  }),
  endSession: ownEndpoint({
    method: 'delete',
    path: '/auth/sessions/:id',
    summary: 'End one of your sessions.',
    params: IdParams,
  }),
  signOut: ownEndpoint({ method: 'post', path: '/auth/sign-out', summary: 'End this session.' }),
  signOutEverywhere: ownEndpoint({
    method: 'post',
    path: '/auth/sign-out-everywhere',
    summary: 'End all your sessions.',
  }),
  users: fullEndpoint({
    method: 'get',
    path: '/users',
    summary: 'The users of your group.',
    permission: 'accounts.user.read',
    response: Users,
  }),
  createUser: fullEndpoint({
    method: 'post',
    path: '/users',
    summary: 'Add a user. The one-time password is shown once.',
    permission: 'accounts.user.write',
    status: 201,
    body: NewUser,
    response: NewUserReply,
  }),
  updateUser: fullEndpoint({
    method: 'patch',
    path: '/users/:id',
    summary: 'Rename, change the role, deactivate or activate.',
    permission: 'accounts.user.write',
    params: IdParams,
    body: UserChange,
    response: User,
  }),
  resetPassword: fullEndpoint({
    method: 'post',
    path: '/users/:id/reset-password',
    summary: 'A new one-time password, shown once; ends the sessions of the user.',
    permission: 'accounts.user.write',
    params: IdParams,
    response: OneTimePassword,
  }),
  resetTotp: fullEndpoint({
    method: 'post',
    path: '/users/:id/reset-totp',
    summary: 'Forget the authenticator app of a user.',
    permission: 'accounts.user.write',
    params: IdParams,
  }),
  signOutUser: fullEndpoint({
    method: 'post',
    path: '/users/:id/sign-out',
    summary: 'End all sessions of a user.',
    permission: 'accounts.user.write',
    params: IdParams,
  }),
  apiKeys: fullEndpoint({
    method: 'get',
    path: '/api-keys',
    summary: 'The keys of machines.',
    permission: 'accounts.apikey.write',
    response: ApiKeys,
  }),
  createApiKey: fullEndpoint({
    method: 'post',
    path: '/api-keys',
    summary: 'Make a key. It is shown once.',
    permission: 'accounts.apikey.write',
    status: 201,
    body: NewApiKey,
    response: NewApiKeyReply,
  }),
  revokeApiKey: fullEndpoint({
    method: 'delete',
    path: '/api-keys/:id',
    summary: 'Revoke a key.',
    permission: 'accounts.apikey.write',
    params: IdParams,
  }),
} as const;
