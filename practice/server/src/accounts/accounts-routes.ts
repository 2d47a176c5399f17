import { AppError } from '@archwire/contracts';
import { accountsApi } from '@archwire/contracts/api/accounts';
import { usersApi } from '@archwire/contracts/api/users';
import { fullRoute, ownRoute, publicRoute, type Route } from '../api/route.ts';
import { noCookies, REFRESH_COOKIE, sessionCookies } from './cookies.ts';
import type { Accounts } from './create-accounts.ts';
import type { Issued } from './sign-in.ts';

const issue = (issued: Issued) => ({
  body: { accessToken: issued.accessToken, expiresIn: issued.expiresIn, next: issued.next },
  cookies: sessionCookies(issued),
});

const doorRoutes = ({ signIn, passwordReset }: Accounts): readonly Route[] => [
  publicRoute(accountsApi.options, async () => ({ body: { passwordReset: passwordReset.available } })),
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
  publicRoute(accountsApi.forgottenPassword, async ({ body, client }) => {
    passwordReset.request(body.email, body.language, client);
    return {};
  }),
  publicRoute(accountsApi.readLink, async ({ body }) => ({ body: await passwordReset.readLink(body.token) })),
  publicRoute(accountsApi.resetPassword, async ({ body, client }) => {
    await passwordReset.reset(body.token, body.password, client);
    return {};
  }),
];

const ownRoutes = ({ own, profile, totp }: Accounts): readonly Route[] => [
  ownRoute(accountsApi.me, async (request) => {
    const { user, principal } = request;
    return {
      body: {
        id: user.userId,
        tenantId: user.tenantId,
        email: user.email,
        role: user.role,
        permissions: [...principal.permissions],
        totpEnrolled: user.totpEnrolled,
        next: user.next,
        ...(await profile.read(request)),
      },
    };
  }),
  ownRoute(accountsApi.changeProfile, async (request) => {
    await profile.change(request, request.body);
    return {};
  }),
  ownRoute(accountsApi.acknowledgeAlert, async (request) => {
    await profile.acknowledgeAlert(request);
    return {};
  }),
  ownRoute(accountsApi.changePassword, async (request) => {
    await own.changePassword(request, request.body);
    return {};
  }),
  ownRoute(accountsApi.beginTotp, async (request) => ({
    body: await totp.begin(request, request.body.password),
  })),
  ownRoute(accountsApi.confirmTotp, async (request) => ({
    body: { recoveryCodes: await totp.confirm(request, request.body.code) },
  })),
  ownRoute(accountsApi.renewRecoveryCodes, async (request) => ({
    body: { recoveryCodes: await totp.renewRecoveryCodes(request, request.body.password) },
  })),
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
  fullRoute(usersApi.list, async ({ principal }) => ({ body: { users: await users.list(principal) } })),
  fullRoute(usersApi.create, async ({ principal, body }) => ({
    body: await users.create(principal, body),
  })),
  fullRoute(usersApi.update, async ({ principal, params, body }) => ({
    body: await users.update(principal, params.id, body),
  })),
  fullRoute(usersApi.resetPassword, async ({ principal, params, body }) => ({
    body: await users.resetPassword(principal, params.id, body.passwordBy),
  })),
  fullRoute(usersApi.resetTotp, async ({ principal, params }) => {
    await users.resetTotp(principal, params.id);
    return {};
  }),
  fullRoute(usersApi.signOut, async ({ principal, params }) => {
    await users.signOutEverywhere(principal, params.id);
    return {};
  }),
];

const apiKeyRoutes = ({ apiKeys }: Accounts): readonly Route[] => [
  fullRoute(usersApi.apiKeys, async ({ principal }) => ({
    body: { apiKeys: await apiKeys.list(principal) },
  })),
  fullRoute(usersApi.createApiKey, async ({ principal, body }) => ({
    body: await apiKeys.create(principal, body),
  })),
  fullRoute(usersApi.revokeApiKey, async ({ principal, params }) => {
    await apiKeys.revoke(principal, params.id);
    return {};
  }),
];

export const accountsRoutes = (accounts: Accounts): readonly Route[] => [
  ...doorRoutes(accounts),
  ...ownRoutes(accounts),
  ...userRoutes(accounts),
  ...apiKeyRoutes(accounts),
];
