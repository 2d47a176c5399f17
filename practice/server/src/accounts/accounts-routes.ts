import { AppError } from '@archwire/contracts';
import { accountsApi } from '@archwire/contracts/api/accounts';
import { fullRoute, ownRoute, publicRoute, type Route } from '../api/route.ts';
import { noCookies, REFRESH_COOKIE, sessionCookies } from './cookies.ts';
import type { Accounts } from './create-accounts.ts';
import type { Issued } from './sign-in.ts';

const issue = (issued: Issued) => ({
  body: { accessToken: issued.accessToken, expiresIn: issued.expiresIn, next: issued.next },
  cookies: sessionCookies(issued),
});

const ownRoutes = ({ signIn, own }: Accounts): readonly Route[] => [
  publicRoute(accountsApi.login, async ({ body, client }) => issue(await signIn.signIn(body, client))),
  publicRoute(accountsApi.refresh, async ({ cookie, client }) => {
    const token = cookie(REFRESH_COOKIE);
    if (token === undefined) {
      throw new AppError('unauthenticated', 'You are not signed in.', {
        details: { reason: 'no-session' },
      });
    }
    return issue(await signIn.refresh(token, client));
  }),
  ownRoute(accountsApi.me, async ({ user, principal }) => ({
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
  })),
  ownRoute(accountsApi.changePassword, async (request) => {
    await own.changePassword(request, request.body);
    return {};
  }),
  ownRoute(accountsApi.beginTotp, async (request) => ({ body: await own.beginTotp(request) })),
  ownRoute(accountsApi.confirmTotp, async (request) => {
    await own.confirmTotp(request, request.body.code);
    return {};
  }),
  ownRoute(accountsApi.sessions, async (request) => ({ body: { sessions: await own.sessions(request) } })),
  ownRoute(accountsApi.endSession, async (request) => {
    await own.endSession(request, request.params.id);
    return {};
  }),
  ownRoute(accountsApi.signOut, async (request) => {
    await own.signOut(request);
    return { cookies: noCookies };
  }),
  ownRoute(accountsApi.signOutEverywhere, async (request) => {
    await own.signOutEverywhere(request);
    return { cookies: noCookies };
  }),
];

const userRoutes = ({ users }: Accounts): readonly Route[] => [
  fullRoute(accountsApi.users, async ({ principal }) => ({ body: { users: await users.list(principal) } })),
  fullRoute(accountsApi.createUser, async ({ principal, body }) => ({
    body: await users.create(principal, body),
  })),
  fullRoute(accountsApi.updateUser, async ({ principal, params, body }) => ({
    body: await users.update(principal, params.id, body),
  })),
  fullRoute(accountsApi.resetPassword, async ({ principal, params }) => ({
    body: await users.resetPassword(principal, params.id),
  })),
  fullRoute(accountsApi.resetTotp, async ({ principal, params }) => {
    await users.resetTotp(principal, params.id);
    return {};
  }),
  fullRoute(accountsApi.signOutUser, async ({ principal, params }) => {
    await users.signOutEverywhere(principal, params.id);
    return {};
  }),
];

const apiKeyRoutes = ({ apiKeys }: Accounts): readonly Route[] => [
  fullRoute(accountsApi.apiKeys, async ({ principal }) => ({
    body: { apiKeys: await apiKeys.list(principal) },
  })),
  fullRoute(accountsApi.createApiKey, async ({ principal, body }) => ({
    body: await apiKeys.create(principal, body),
  })),
  fullRoute(accountsApi.revokeApiKey, async ({ principal, params }) => {
    await apiKeys.revoke(principal, params.id);
    return {};
  }),
];

export const accountsRoutes = (accounts: Accounts): readonly Route[] => [
  ...ownRoutes(accounts),
  ...userRoutes(accounts),
  ...apiKeyRoutes(accounts),
];
