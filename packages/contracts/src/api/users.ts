import { z } from 'zod';
import { fullEndpoint } from './endpoint.ts';
import { RoleName } from './role-name.ts';

const Name = z.string().trim().min(1).max(200);
const Email = z.email().max(254);
const Instant = z.iso.datetime();
export const IdParams = z.strictObject({ id: z.uuid() });

export const User = z.object({
  id: z.uuid(),
  email: z.string(),
  displayName: z.string(),
  role: RoleName,
  active: z.boolean(),
  totpEnrolled: z.boolean(),
  /** Has a one-time password, or a link, that was not used yet. */
  mustChangePassword: z.boolean(),
  /** After wrong passwords; `null` when not, or over. */
  lockedUntil: Instant.nullable(),
  lastSignInAt: Instant.nullable(),
  createdAt: Instant,
});
export const Users = z.object({ users: z.array(User) });
/** How a person gets a first or new password: one to be told, or a link by e-mail (needs SMTP). */
export const PasswordBy = z.enum(['one-time-password', 'email']);
export const NewUser = z.strictObject({
  email: Email,
  displayName: Name,
  role: RoleName,
  passwordBy: PasswordBy.default('one-time-password'),
});
/** `null`: a link was sent instead. */
const OneTime = z.string().nullable();
export const NewUserReply = z.object({ user: User, oneTimePassword: OneTime });
export const UserChange = z.strictObject({
  displayName: Name.optional(),
  role: RoleName.optional(),
  active: z.boolean().optional(),
});
export const ResetPassword = z.strictObject({ passwordBy: PasswordBy.default('one-time-password') });
export const OneTimePassword = z.object({ oneTimePassword: OneTime });

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

/** The people of a group, and the keys of its machines. */
export const usersApi = {
  list: fullEndpoint({
    method: 'get',
    path: '/users',
    summary: 'The users of your group.',
    permission: 'accounts.user.read',
    response: Users,
  }),
  create: fullEndpoint({
    method: 'post',
    path: '/users',
    summary: 'Add a user. The one-time password is shown once.',
    permission: 'accounts.user.write',
    status: 201,
    body: NewUser,
    response: NewUserReply,
  }),
  update: fullEndpoint({
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
    summary: 'A new one-time password, shown once, or a link by e-mail; ends the sessions of the user.',
    permission: 'accounts.user.write',
    params: IdParams,
    body: ResetPassword,
    response: OneTimePassword,
  }),
  resetTotp: fullEndpoint({
    method: 'post',
    path: '/users/:id/reset-totp',
    summary: 'Forget the authenticator app and the recovery codes of a user.',
    permission: 'accounts.user.write',
    params: IdParams,
  }),
  signOut: fullEndpoint({
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
