import { AppError } from '@archwire/contracts';
import { ACCESS_COOKIE, type Authenticator, type SignedInUser } from '@archwire/practice-server';
import type { RateLimiter } from './rate-limiter.ts';
import { assertSameSite } from './same-site.ts';
import type { AppContext, AppMiddleware } from './state.ts';

const NEXT_MESSAGES: Readonly<Record<NonNullable<SignedInUser['next']>, string>> = {
  'change-password': 'Set a password of your own first: open the sign-in page.',
  'enrol-totp': 'Set up your authenticator app first: open the sign-in page.',
};

interface Deps {
  readonly authenticator: Authenticator;
  /** Counts wrong credentials per address. */
  readonly guesses: RateLimiter;
  readonly publicOrigin: string | null;
}

type Found = { readonly by: 'token' | 'key'; readonly value: string } | null;

const fromHeaders = (ctx: AppContext): Found => {
  const authorization = ctx.get('authorization');
  if (authorization !== '') {
    const [, scheme, value] = /^(\S+) +(\S+)$/.exec(authorization) ?? [];
    if (scheme?.toLowerCase() !== 'bearer' || value === undefined) {
      throw new AppError(
        'unauthenticated',
        'Send "Authorization: Bearer" with an access token or an API key.',
      );
    }
    return { by: value.startsWith('awk_') ? 'key' : 'token', value };
  }
  const key = ctx.get('x-api-key');
  return key === '' ? null : { by: 'key', value: key };
};

/**
 * Finds out who asks: `Authorization: Bearer` with an access token or an API key, `X-API-Key`, or, for GET and HEAD from
 * our own pages only, the access cookie. Wrong credentials are an error; none leave `principal` null.
 */
export const authenticate = ({ authenticator, guesses, publicOrigin }: Deps): AppMiddleware => {
  return async (ctx, next) => {
    let found = fromHeaders(ctx);
    const cookie = ctx.cookies.get(ACCESS_COOKIE);
    if (found === null && cookie !== undefined && (ctx.method === 'GET' || ctx.method === 'HEAD')) {
      assertSameSite(ctx, publicOrigin);
      found = { by: 'token', value: cookie };
    }
    if (found !== null) {
      const { client } = ctx.state;
      const { by, value } = found;
      const ask = async () =>
        by === 'key'
          ? await authenticator.apiKey(value, client)
          : await authenticator.accessToken(value, client);
      try {
        const who = await ask();
        ctx.state.reauthenticate = ask;
        ctx.state.principal = who.principal;
        ctx.state.user = who.user;
      } catch (error) {
        if (error instanceof AppError && error.kind === 'unauthenticated') guesses.take(client.address ?? '');
        throw error;
      }
    }
    await next();
  };
};

/** For doors that only a complete principal may pass: afterwards `ctx.state.principal` is there. */
export const requirePrincipal: AppMiddleware = async (ctx, next) => {
  const { principal, user } = ctx.state;
  if (principal === null) throw new AppError('unauthenticated', 'Sign in first, or send an API key.');
  if (user !== null && user.next !== null) {
    throw new AppError('forbidden', NEXT_MESSAGES[user.next], { details: { reason: user.next } });
  }
  await next();
};
