import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@archwire/contracts';
import { z } from 'zod';
import type { AppContext, AppMiddleware } from './state.ts';
import { openStaticFiles, type StaticFiles } from './static-files.ts';

const PREFIX = '/viewer/';
const Csp = z.object({ page: z.string(), worker: z.string(), workers: z.array(z.string()) });

interface Assembled {
  readonly files: StaticFiles;
  readonly csp: z.infer<typeof Csp>;
  readonly workers: ReadonlySet<string>;
}

const assembled = async (folder: string): Promise<Assembled | null> => {
  try {
    const csp = Csp.parse(JSON.parse(await readFile(path.join(folder, 'csp.json'), 'utf8')));
    return { files: await openStaticFiles(folder), csp, workers: new Set(csp.workers) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
};

/** Only study UIDs come back after sign-in: OHIF writes what is typed into its filters, names too, into its address. */
const wayBack = (ctx: AppContext): string => {
  const uids = ctx.URL.searchParams
    .getAll('StudyInstanceUIDs')
    .filter((value) => /^[0-9.,]{1,4096}$/.test(value));
  const query = uids.map((value) => `StudyInstanceUIDs=${value}`).join('&');
  return ctx.path + (query === '' ? '' : `?${query}`);
};

const wantsPage = (ctx: AppContext): boolean =>
  ctx.accepts('html', 'json') === 'html' && path.extname(ctx.path) === '';

/**
 * OHIF at `/viewer/`: the assembled files, and the page itself for every address of its router. A page is only given to
 * somebody signed in; others go to the sign-in page and come back. The policy is strict but for the worker scripts,
 * whose decoders make code at run time.
 */
export const viewerFiles = async (folder: string): Promise<AppMiddleware> => {
  const viewer = await assembled(folder);
  return async (ctx, next) => {
    if (ctx.path === '/viewer') {
      ctx.redirect(PREFIX);
      return;
    }
    if (!ctx.path.startsWith(PREFIX) || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) {
      await next();
      return;
    }
    ctx.state.route = PREFIX;
    if (/\p{Cc}/u.test(decodeURIComponent(ctx.path))) throw new URIError('control characters');
    if (viewer === null)
      throw new AppError('not-found', 'The viewer is not built here. Run "npm ci" again on the server.');
    ctx.set('Content-Security-Policy', viewer.workers.has(ctx.path) ? viewer.csp.worker : viewer.csp.page);
    const name = ctx.path.slice(PREFIX.length);
    if (name !== 'csp.json' && name !== 'index.html' && viewer.files.send(ctx, name)) return;
    if (!wantsPage(ctx)) throw new AppError('not-found', 'The viewer has no such file.');
    if (ctx.state.user === null || ctx.state.user.next !== null) {
      ctx.redirect(`/sign-in?return=${encodeURIComponent(wayBack(ctx))}`);
      ctx.set('Cache-Control', 'no-store');
      return;
    }
    viewer.files.send(ctx, 'index.html');
  };
};
