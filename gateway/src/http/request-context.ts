import { randomUUID } from 'node:crypto';
import type { Logger, Metrics } from '@archwire/runtime';
import { toAppError, toProblem } from './errors.ts';
import type { AppMiddleware } from './state.ts';

const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/** Around everything: a request id, who asks, one answer for every error, one line in the log, one count. */
export const requestContext = ({
  log,
  metrics,
}: {
  readonly log: Logger;
  readonly metrics: Metrics;
}): AppMiddleware => {
  const requests = metrics.counter({
    name: 'archwire_http_requests_total',
    help: 'HTTP requests by route pattern and status',
    labels: ['method', 'route', 'status'],
  });
  const seconds = metrics.histogram({
    name: 'archwire_http_request_seconds',
    help: 'Time until the answer was given to the network stack',
    labels: ['route'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10, 60],
  });

  return async (ctx, next) => {
    const started = performance.now();
    const requestId = randomUUID();
    const address = ctx.ip === '' ? null : plainAddress(ctx.ip);
    Object.assign(ctx.state, {
      requestId,
      client: { address, userAgent: ctx.get('user-agent') || null, requestId },
      principal: null,
      user: null,
      reauthenticate: null,
    });
    ctx.set('X-Request-Id', requestId);
    try {
      await next();
    } catch (thrown) {
      const error = toAppError(thrown);
      const problem = toProblem(error, requestId);
      if (problem.status >= 500 && problem.status !== 507)
        log.error({ requestId, method: ctx.method, err: thrown }, 'a request failed');
      if (ctx.headerSent || !ctx.writable) {
        // The status is gone already; a broken connection is the only honest sign left.
        ctx.res.destroy();
        return;
      }
      ctx.status = problem.status;
      ctx.body = JSON.stringify(problem);
      ctx.type = 'application/problem+json';
      ctx.set('Cache-Control', 'no-store');
      if (problem.status === 401) ctx.set('WWW-Authenticate', 'Bearer realm="archwire"');
      const retryAfter = error.details['retryAfterSeconds'];
      if (typeof retryAfter === 'number') ctx.set('Retry-After', String(retryAfter));
      if (problem.status === 503) ctx.set('Retry-After', '2');
    } finally {
      const route = ctx.state.route ?? (ctx.status === 404 ? 'unknown' : 'other');
      requests.inc({ method: ctx.method, route, status: ctx.status });
      seconds.observe((performance.now() - started) / 1000, { route });
      log.debug(
        { requestId, method: ctx.method, route, status: ctx.status, tenantId: ctx.state.principal?.tenantId },
        'request',
      );
    }
  };
};
