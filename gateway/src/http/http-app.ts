import { AppError } from '@archwire/contracts';
import { liveApi } from '@archwire/contracts/api/live';
import type { Authenticator, Route } from '@archwire/practice-server';
import type { Logger, Metrics } from '@archwire/runtime';
import type { Router } from '@koa/router';
import Koa from 'koa';
import type { LiveHub } from '../live/live-hub.ts';
import { authenticate, requirePrincipal } from './authenticate.ts';
import { createReadiness, type HealthCheck } from './health.ts';
import { liveEvents } from './live-events.ts';
import { mountRoutes } from './mount-routes.ts';
import { describeApi } from './openapi.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { pictureFiles, type PicturesDeps } from './pictures.ts';
import { requestContext } from './request-context.ts';
import { securityHeaders } from './security-headers.ts';
import { sharedPage } from './shared-page.ts';
import type { AppMiddleware, AppState } from './state.ts';
import { viewerFiles } from './viewer-files.ts';
import { webFiles } from './web-files.ts';

export interface HttpAppDeps {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly authenticator: Authenticator;
  /** The operations under `/api/v1`. */
  readonly routes: readonly Route[];
  readonly health: readonly HealthCheck[];
  /** What open pages listen to. */
  readonly live: LiveHub;
  /** Mounted behind `requirePrincipal`; its prefix is `/dicomweb`. */
  readonly dicomweb: Pick<Router, 'routes'> | null;
  readonly pictures: PicturesDeps | null;
  /** What sends files, or sets headers of pages, in its own way. */
  readonly doors?: readonly AppMiddleware[];
  /** Where the assembled viewer lies. */
  readonly viewerFolder: string;
  /** Where the built app lies. */
  readonly webFolder: string;
  readonly publicUrl: URL | null;
  readonly trustProxy: boolean;
}

const API = '/api/v1';
/** At the doors where secrets are guessed: thirty at once, then one every two seconds, per address and per e-mail. */
const GUARD = { burst: 30, perMinute: 30 };
const GUESSES = { burst: 60, perMinute: 60 };

/** `/healthz`, `/readyz`, `/metrics`, `/api/v1/openapi.json`: open, and without a word about patients. */
const openDoors = ({ metrics, health, routes }: HttpAppDeps): AppMiddleware => {
  const readiness = createReadiness(health);
  const api = describeApi([...routes.map(({ endpoint }) => endpoint), liveApi.events], API);
  return async (ctx, next) => {
    const { path } = ctx;
    if (
      (ctx.method !== 'GET' && ctx.method !== 'HEAD') ||
      !['/healthz', '/readyz', '/metrics', `${API}/openapi.json`].includes(path)
    ) {
      await next();
      return;
    }
    ctx.state.route = path;
    ctx.set('Cache-Control', 'no-store');
    if (path === '/healthz') ctx.body = { status: 'ok' };
    if (path === `${API}/openapi.json`) ctx.body = api;
    if (path === '/readyz') {
      const readinessNow = await readiness();
      ctx.status = readinessNow.ready ? 200 : 503;
      ctx.body = readinessNow;
    }
    if (path === '/metrics') {
      const page = await metrics.render();
      ctx.body = page.body;
      ctx.set('Content-Type', page.contentType);
    }
  };
};

/** A page that cannot be shown because a session ended goes to sign-in; the viewer decides for itself. */
const pageWithoutSession = (authenticated: AppMiddleware): AppMiddleware => {
  return async (ctx, next) => {
    if (!ctx.path.startsWith('/viewer/')) {
      await next();
      return;
    }
    try {
      await authenticated(ctx, async () => {});
    } catch (error) {
      if (!(error instanceof AppError) || !['unauthenticated', 'forbidden'].includes(error.kind)) throw error;
    }
    await next();
  };
};

/** An operation that knows only other methods answers like every other error; `Allow` names those it knows. */
const noOtherMethod: AppMiddleware = async (ctx, next) => {
  await next();
  if (ctx.status === 405 || ctx.status === 501)
    throw new AppError('method-not-allowed', 'This address knows other methods only. See its Allow header.');
};

/** The whole HTTP side. It does not listen: `callback()` is for a server, or for a test. */
export const createHttpApp = async (deps: HttpAppDeps): Promise<Koa<AppState>> => {
  const publicOrigin = deps.publicUrl?.origin ?? null;
  const app = new Koa<AppState>();
  app.proxy = deps.trustProxy;
  // Everything is answered by `requestContext`; what is left here are connections that went away.
  app.silent = true;
  const authenticated = authenticate({
    authenticator: deps.authenticator,
    guesses: createRateLimiter(GUESSES),
    publicOrigin,
  });
  const api = mountRoutes(deps.routes, {
    prefix: API,
    guard: createRateLimiter(GUARD),
    publicOrigin,
    secureCookies: deps.publicUrl?.protocol === 'https:',
  });
  const apiRoutes = api.routes();
  const { dicomweb } = deps;

  app.use(requestContext(deps));
  app.use(securityHeaders({ tls: deps.publicUrl?.protocol === 'https:' }));
  app.use(async (ctx, next) => {
    await next();
    if (ctx.status === 404 && (ctx.body === undefined || ctx.body === null)) {
      throw new AppError('not-found', 'There is nothing at this address.');
    }
  });
  app.use(openDoors(deps));
  app.use(pageWithoutSession(authenticated));
  app.use(sharedPage);
  app.use(await viewerFiles(deps.viewerFolder));
  app.use(await webFiles(deps.webFolder));
  app.use(async (ctx, next) => {
    if (ctx.path.startsWith(`${API}/`) || ctx.path === '/dicomweb' || ctx.path.startsWith('/dicomweb/'))
      await authenticated(ctx, next);
    else await next();
  });
  app.use(async (ctx, next) => {
    if (ctx.path !== '/dicomweb' && !ctx.path.startsWith('/dicomweb/')) return await next();
    ctx.state.route = '/dicomweb';
    return await requirePrincipal(ctx, next);
  });
  app.use(liveEvents(deps.live, API));
  if (dicomweb !== null) app.use(dicomweb.routes());
  if (deps.pictures !== null) app.use(pictureFiles(deps.pictures));
  for (const door of deps.doors ?? []) app.use(door);
  app.use(apiRoutes);
  app.use(noOtherMethod);
  app.use(api.allowedMethods());
  return app;
};
