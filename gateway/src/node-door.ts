import { randomUUID } from 'node:crypto';
import type { JournalShare } from '@archwire/archive';
import { AppError } from '@archwire/contracts';
import type { Logger, Metrics } from '@archwire/runtime';
import Koa from 'koa';
import { toAppError, toProblem } from './http/errors.ts';
import { createReadiness, type HealthCheck } from './http/health.ts';

/**
 * What the other nodes and whoever watches this process ask of it: `/journal` (signed reads of what is not settled yet),
 * `/healthz`, `/readyz`, `/metrics`. For the network between the nodes, not for people.
 */
export const createNodeDoor = ({
  share,
  health,
  metrics,
  log,
}: {
  /** `null`: this process has no journal. */
  readonly share: JournalShare | null;
  readonly health: readonly HealthCheck[];
  readonly metrics: Pick<Metrics, 'render'>;
  readonly log: Pick<Logger, 'error'>;
}): Koa => {
  const readiness = createReadiness(health);
  const app = new Koa();
  app.silent = true;
  app.use(async (ctx) => {
    try {
      if (ctx.method !== 'GET') throw new AppError('method-not-allowed', 'This door only answers GET.');
      if (ctx.path === '/journal' && share !== null) {
        const { length, bytes } = await share.open(ctx.URL.searchParams);
        ctx.type = 'application/octet-stream';
        ctx.length = length;
        ctx.body = bytes;
      } else if (ctx.path === '/healthz') ctx.body = { status: 'ok' };
      else if (ctx.path === '/readyz') {
        const now = await readiness();
        ctx.status = now.ready ? 200 : 503;
        ctx.body = now;
      } else if (ctx.path === '/metrics') {
        const page = await metrics.render();
        ctx.type = page.contentType;
        ctx.body = page.body;
      } else throw new AppError('not-found', 'There is nothing at this address.');
    } catch (error) {
      const problem = toProblem(toAppError(error), randomUUID());
      if (problem.status === 500) log.error({ err: error }, 'a request of another node failed');
      ctx.status = problem.status;
      ctx.type = 'application/problem+json';
      ctx.body = JSON.stringify(problem);
    }
  });
  return app;
};
