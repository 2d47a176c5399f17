import { Readable } from 'node:stream';
import { Router } from '@koa/router';
import { statusOf } from '@archwire/contracts/api';
import type { Route } from '@archwire/practice-server';
import { requirePrincipal } from './authenticate.ts';
import { byteBody } from './byte-body.ts';
import { readJsonBody } from './json-body.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { assertSameSite } from './same-site.ts';
import type { AppContext, AppState } from './state.ts';

interface Deps {
  readonly prefix: string;
  /** Counts the guarded routes per address. */
  readonly guard: RateLimiter;
  readonly publicOrigin: string | null;
  readonly secureCookies: boolean;
}

const emailOf = (body: unknown): string | null =>
  typeof body === 'object' && body !== null && 'email' in body && typeof body.email === 'string'
    ? body.email.trim().toLowerCase().slice(0, 254)
    : null;

/** A request without a token of its own is judged by where it comes from; with one, the token is enough. */
const hasToken = (ctx: AppContext): boolean => ctx.get('authorization') !== '' || ctx.get('x-api-key') !== '';

/** Gives each operation of the API its door: limits, validation, the reply and its cookies. */
export const mountRoutes = (
  routes: readonly Route[],
  { prefix, guard, publicOrigin, secureCookies }: Deps,
): Router<AppState> => {
  const router = new Router<AppState>({ prefix });
  // Fixed words before parameters, so that `/devices/refusals` is not taken for the device called `refusals`.
  for (const { endpoint, handle } of routes.toSorted(
    (a, b) => Number(a.endpoint.path.includes(':')) - Number(b.endpoint.path.includes(':')),
  )) {
    router[endpoint.method](endpoint.path, async (ctx) => {
      ctx.state.route = `${prefix}${endpoint.path}`;
      if (ctx.method !== 'GET' && !hasToken(ctx)) assertSameSite(ctx, publicOrigin);
      if (endpoint.access === 'full') await requirePrincipal(ctx, async () => {});
      if (endpoint.guarded === true) guard.take(`address ${ctx.state.client.address ?? ''}`);
      const bytes = endpoint.bytes === true ? byteBody(ctx) : null;
      const body = endpoint.method === 'get' || bytes !== null ? undefined : await readJsonBody(ctx);
      const email = endpoint.guarded === true ? emailOf(body) : null;
      if (email !== null) guard.take(`email ${email}`);
      const reply = await handle({
        params: ctx.params,
        query: ctx.query,
        body,
        bytes,
        client: ctx.state.client,
        cookie: (name) => ctx.cookies.get(name),
        principal: ctx.state.principal,
        user: ctx.state.user,
      });
      for (const cookie of reply.cookies ?? []) {
        const maxAge = `; Max-Age=${cookie.maxAgeSeconds}`;
        ctx.append(
          'Set-Cookie',
          `${cookie.name}=${cookie.value}; Path=${cookie.path}${maxAge}; HttpOnly; SameSite=Strict${secureCookies ? '; Secure' : ''}`,
        );
      }
      ctx.set('Cache-Control', 'no-store');
      ctx.status = statusOf(endpoint);
      if (reply.body !== undefined) ctx.body = reply.body;
      if (reply.file !== undefined) {
        ctx.attachment(reply.file.name);
        ctx.body = Readable.from(reply.file.content);
        ctx.type = reply.file.mediaType;
      }
    });
  }
  return router;
};
