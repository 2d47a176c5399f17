import { AppError } from '@archwire/contracts';
import { fullRoute, ownRoute, publicRoute, type Route } from '../api/route.ts';
import * as schema from './accounts-schemas.ts';
import { noCookies, REFRESH_COOKIE, sessionCookies } from './cookies.ts';
import type { Accounts } from './create-accounts.ts';
import type { Issued } from './sign-in.ts';

const issue = (issued: Issued) => ({
  body: { accessToken: issued.accessToken, expiresIn: issued.expiresIn, next: issued.next },
  cookies: sessionCookies(issued),
});

const ownRoutes = ({ signIn, own }: Accounts): readonly Route[] => [
  publicRoute(
    {
      method: 'post',
      path: '/auth/login',
      summary: 'Sign in. `next` names what the person must still do; the token opens nothing else before.',
      guarded: true,
      body: schema.LoginBody,
      response: schema.LoginReply,
    },
    async ({ body, client }) => issue(await signIn.signIn(body, client)),
  ),
  publicRoute(
    {
      method: 'post',
      path: '/auth/refresh',
      summary: 'Spend the refresh cookie for a new access token and the next cookie.',
      guarded: true,
      response: schema.LoginReply,
    },
    async ({ cookie, client }) => {
      const token = cookie(REFRESH_COOKIE);
      if (token === undefined) {
        throw new AppError('unauthenticated', 'You are not signed in.', {
          details: { reason: 'no-session' },
        });
      }
      return issue(await signIn.refresh(token, client));
    },
  ),
  ownRoute(
    {
      method: 'get',
      path: '/auth/me',
      summary: 'Who is signed in, and what they may do.',
      response: schema.Me,
    },
    async ({ user, principal }) => ({
      body: {
        id: user.userId,
        tenantId: user.tenantId,
        email: user.email,
        displayName: user.displayName,
        role: user.role,
        permissions: [...principal.permissions],
        totpEnrolled: user.totpEnrolled,
        next: user.next,
      },
    }),
  ),
  ownRoute(
    {
      method: 'post',
      path: '/auth/password',
      summary: 'Change your password; ends your other sessions.',
      guarded: true,
      body: schema.PasswordBody,
    },
    async (request) => {
      await own.changePassword(request, request.body);
      return {};
    },
  ),
  ownRoute(
    {
      method: 'post',
      path: '/auth/totp',
      summary: 'Begin to set up an authenticator app.',
      response: schema.TotpSetup,
    },
    async (request) => ({ body: await own.beginTotp(request) }),
  ),
  ownRoute(
    {
      method: 'post',
      path: '/auth/totp/confirm',
      summary: 'Confirm the authenticator app with its first code.',
      guarded: true,
      body: schema.TotpBody,
    },
    async (request) => {
      await own.confirmTotp(request, request.body.code);
      return {};
    },
  ),
  ownRoute(
    { method: 'get', path: '/auth/sessions', summary: 'Where you are signed in.', response: schema.Sessions },
    async (request) => ({ body: { sessions: await own.sessions(request) } }),
  ),
  ownRoute(
    {
      method: 'delete',
      path: '/auth/sessions/:id',
      summary: 'End one of your sessions.',
      params: schema.IdParams,
    },
    async (request) => {
      await own.endSession(request, request.params.id);
      return {};
    },
  ),
  ownRoute({ method: 'post', path: '/auth/sign-out', summary: 'End this session.' }, async (request) => {
    await own.signOut(request);
    return { cookies: noCookies };
  }),
  ownRoute(
    { method: 'post', path: '/auth/sign-out-everywhere', summary: 'End all your sessions.' },
    async (request) => {
      await own.signOutEverywhere(request);
      return { cookies: noCookies };
    },
  ),
];

const userRoutes = ({ users }: Accounts): readonly Route[] => [
  fullRoute(
    {
      method: 'get',
      path: '/users',
      summary: 'The users of your group.',
      permission: 'accounts.user.read',
      response: schema.Users,
    },
    async ({ principal }) => ({ body: { users: await users.list(principal) } }),
  ),
  fullRoute(
    {
      method: 'post',
      path: '/users',
      summary: 'Add a user. The one-time password is shown once.',
      permission: 'accounts.user.write',
      status: 201,
      body: schema.NewUser,
      response: schema.NewUserReply,
    },
    async ({ principal, body }) => ({ body: await users.create(principal, body) }),
  ),
  fullRoute(
    {
      method: 'patch',
      path: '/users/:id',
      summary: 'Rename, change the role, deactivate or activate.',
      permission: 'accounts.user.write',
      params: schema.IdParams,
      body: schema.UserChange,
      response: schema.User,
    },
    async ({ principal, params, body }) => ({ body: await users.update(principal, params.id, body) }),
  ),
  fullRoute(
    {
      method: 'post',
      path: '/users/:id/reset-password',
      summary: 'A new one-time password, shown once; ends the sessions of the user.',
      permission: 'accounts.user.write',
      params: schema.IdParams,
      response: schema.OneTimePassword,
    },
    async ({ principal, params }) => ({ body: await users.resetPassword(principal, params.id) }),
  ),
  fullRoute(
    {
      method: 'post',
      path: '/users/:id/reset-totp',
      summary: 'Forget the authenticator app of a user.',
      permission: 'accounts.user.write',
      params: schema.IdParams,
    },
    async ({ principal, params }) => {
      await users.resetTotp(principal, params.id);
      return {};
    },
  ),
  fullRoute(
    {
      method: 'post',
      path: '/users/:id/sign-out',
      summary: 'End all sessions of a user.',
      permission: 'accounts.user.write',
      params: schema.IdParams,
    },
    async ({ principal, params }) => {
      await users.signOutEverywhere(principal, params.id);
      return {};
    },
  ),
];

const apiKeyRoutes = ({ apiKeys }: Accounts): readonly Route[] => [
  fullRoute(
    {
      method: 'get',
      path: '/api-keys',
      summary: 'The keys of machines.',
      permission: 'accounts.apikey.write',
      response: schema.ApiKeys,
    },
    async ({ principal }) => ({ body: { apiKeys: await apiKeys.list(principal) } }),
  ),
  fullRoute(
    {
      method: 'post',
      path: '/api-keys',
      summary: 'Make a key. It is shown once.',
      permission: 'accounts.apikey.write',
      status: 201,
      body: schema.NewApiKey,
      response: schema.NewApiKeyReply,
    },
    async ({ principal, body }) => ({ body: await apiKeys.create(principal, body) }),
  ),
  fullRoute(
    {
      method: 'delete',
      path: '/api-keys/:id',
      summary: 'Revoke a key.',
      permission: 'accounts.apikey.write',
      params: schema.IdParams,
    },
    async ({ principal, params }) => {
      await apiKeys.revoke(principal, params.id);
      return {};
    },
  ),
];

export const accountsRoutes = (accounts: Accounts): readonly Route[] => [
  ...ownRoutes(accounts),
  ...userRoutes(accounts),
  ...apiKeyRoutes(accounts),
];
