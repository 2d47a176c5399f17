import type { AppMiddleware } from './state.ts';

const ITS_OWN = ['/shared', '/api/v1/shares/open'];

/** What stands behind a link is for who has it: no search engine keeps it, and no other site hears of it. */
export const sharedPage: AppMiddleware = async (ctx, next) => {
  if (ITS_OWN.includes(ctx.path) || ctx.path.startsWith('/api/v1/shared/'))
    ctx.set({ 'X-Robots-Tag': 'noindex, nofollow, noarchive', 'Referrer-Policy': 'no-referrer' });
  await next();
};
