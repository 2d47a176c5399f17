import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@archwire/contracts';
import type { AppContext, AppMiddleware } from './state.ts';
import { openStaticFiles, type StaticFiles } from './static-files.ts';

const ENTRY = /<script type="module"[^>]*\ssrc="\/assets\/[^"]*?-([0-9a-f]{16})\.js"/;
/** Addresses that are no pages of the app, whatever a browser says that it accepts. */
const NOT_PAGES = /^\/(?:api|dicomweb|viewer|objects|assets)(?:\/|$)/;

interface Built {
  readonly files: StaticFiles;
  /** Changes with every script of the app. */
  readonly build: string;
}

const built = async (folder: string): Promise<Built | null> => {
  try {
    const page = await readFile(path.join(folder, 'index.html'), 'utf8');
    const build = ENTRY.exec(page)?.[1];
    if (build === undefined) throw new Error(`${folder}/index.html names no entry script with a hash`);
    return { files: await openStaticFiles(folder), build };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
};

const wantsPage = (ctx: AppContext): boolean =>
  ctx.accepts('html', 'json') === 'html' && path.extname(ctx.path) === '' && !NOT_PAGES.test(ctx.path);

/**
 * The app at `/`: its built files, and its page for every address of its router. The page holds nothing of anybody and
 * is given to everybody; it asks the API who is there. Answers of the API carry `Archwire-Build`, so that a page that is
 * older than its server notices.
 */
export const webFiles = async (folder: string): Promise<AppMiddleware> => {
  const web = await built(folder);
  return async (ctx, next) => {
    if (web !== null && ctx.path.startsWith('/api/')) ctx.set('Archwire-Build', web.build);
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
      await next();
      return;
    }
    const name = ctx.path === '/favicon.ico' ? 'favicon.svg' : ctx.path.slice(1);
    if (web !== null && name !== 'index.html' && web.files.send(ctx, name)) {
      ctx.state.route = '/assets/';
      return;
    }
    if (!wantsPage(ctx)) {
      await next();
      return;
    }
    ctx.state.route = '/';
    if (web === null)
      throw new AppError('not-found', 'The app is not built here. Run "npm ci" again on the server.');
    web.files.send(ctx, 'index.html');
  };
};
