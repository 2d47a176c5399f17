import { Readable } from 'node:stream';
import { AppError } from '@archwire/contracts';
import { EventsQuery, liveApi } from '@archwire/contracts/api/live';
import type { LiveHub } from '../live/live-hub.ts';
import { requirePrincipal } from './authenticate.ts';
import type { AppMiddleware } from './state.ts';

/** What may wait for a client, besides what its socket holds; one that lets more pile up is dropped and comes again. */
const PILE_BYTES = 64 * 1024;

/**
 * `GET /api/v1/events`: server-sent events for as long as the credentials are good. `Last-Event-ID`, or `after`, goes
 * on where a stream broke off.
 */
export const liveEvents = (hub: LiveHub, prefix: string): AppMiddleware => {
  const path = prefix + liveApi.events.path;
  return async (ctx, next) => {
    if (ctx.path !== path || ctx.method !== 'GET') {
      await next();
      return;
    }
    ctx.state.route = path;
    await requirePrincipal(ctx, async () => {});
    const { principal, user, reauthenticate } = ctx.state;
    if (principal === null || reauthenticate === null) return;
    const query = EventsQuery.safeParse(ctx.query);
    if (!query.success)
      throw new AppError('invalid', 'The only parameter is after: the id of your last event.');

    const stream = new Readable({ highWaterMark: PILE_BYTES, read: () => {} });
    let leave = (): void => {};
    // Before anything is written: what is dropped at once must be seen to be gone.
    stream.on('close', () => leave());
    ctx.req.on('close', () => stream.destroy());
    leave = hub.join(
      {
        tenantId: principal.tenantId,
        owner: user?.sessionId ?? principal.id ?? '',
        userId: user?.userId ?? null,
        permissions: principal.permissions,
        write: (chunk) => !stream.destroyed && stream.push(chunk),
        end: () => {
          stream.push(null);
          // One that takes nothing does not take its end either.
          setTimeout(() => stream.destroy(), 1000).unref();
        },
        check: async () => {
          await reauthenticate();
        },
      },
      query.data.after ?? (ctx.get('last-event-id') || null),
    );
    ctx.status = 200;
    ctx.type = 'text/event-stream';
    ctx.set('Cache-Control', 'no-store, no-transform');
    // nginx would otherwise keep events back until it has a page of them.
    ctx.set('X-Accel-Buffering', 'no');
    ctx.body = stream;
  };
};
