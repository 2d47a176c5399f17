import { exportBytes, type PictureLookup, type Stores, streamLocation } from '@archwire/archive';
import { AppError } from '@archwire/contracts';
import { SHARE_COOKIE, type ShareDoor } from '@archwire/practice-server';
import type { ObjectStore } from '@archwire/storage-adapters';
import { z } from 'zod';
import { isFresh, sendBytes } from '../dicomweb/http/send-bytes.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { AppContext, AppMiddleware } from './state.ts';

const PREFIX = '/api/v1/shared/';

const Picture = z
  .string()
  .regex(
    /^\/api\/v1\/shared\/[0-9a-f-]{36}\/pictures\/\d{1,18}\/[0-9a-f]{16}-\d{1,6}\/(?:thumbnail|preview|display)$/,
  )
  .transform((path) => path.split('/').slice(4))
  .pipe(
    z.tuple([
      z.uuid(),
      z.literal('pictures'),
      z.string(),
      z.string(),
      z.enum(['thumbnail', 'preview', 'display']),
    ]),
  );
const File = z
  .string()
  .regex(/^\/api\/v1\/shared\/[0-9a-f-]{36}\/file$/)
  .transform((path) => path.split('/')[4])
  .pipe(z.uuid());

const closed = (): AppError =>
  new AppError(
    'not-found',
    'This link does not open anything any more. Open it again, or ask for a new one.',
  );

/**
 * `/api/v1/shared/:shareId/pictures/…` and `…/file`: what a link shows, for whoever opened it and has its cookie. Whether
 * the link is still open is asked each time; nothing of another study is there.
 */
export const sharedFiles = (deps: {
  readonly door: Pick<ShareDoor, 'enter' | 'file'>;
  readonly pictures: PictureLookup;
  readonly stores: Stores;
  readonly store: Pick<ObjectStore, 'get'>;
  /** Counts those who come without a cookie that opens anything. */
  readonly guesses: RateLimiter;
}): AppMiddleware => {
  const { door, pictures, stores, store, guesses } = deps;

  const picture = async (
    ctx: AppContext,
    [shareId, , instanceId, version, kind]: z.infer<typeof Picture>,
    pass: string,
  ): Promise<void> => {
    ctx.state.route = `${PREFIX}:shareId/pictures/:instanceId/:version/:kind`;
    const entered = await door.enter(shareId, pass);
    if (entered === undefined) {
      guesses.take(`address ${ctx.state.client.address ?? ''}`);
      throw closed();
    }
    const found = await pictures.find(entered.tenantId, { instanceId, version, kind }, false);
    if (found === undefined || found.studyInstanceUid !== entered.studyInstanceUid) throw closed();
    const fresh = isFresh(ctx, `"${version}.${kind}"`);
    // In no memory of the browser longer than the page is open: it may be anybody's.
    ctx.set('Cache-Control', 'private, max-age=600');
    if (fresh) return;
    ctx.set('Content-Type', found.mediaType);
    if (ctx.method === 'GET') ctx.body = await streamLocation(stores, found.location);
    ctx.length = found.location.length;
  };

  return async (ctx, next) => {
    if (!ctx.path.startsWith(PREFIX) || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) {
      await next();
      return;
    }
    const pass = ctx.cookies.get(SHARE_COOKIE) ?? '';
    const asked = Picture.safeParse(ctx.path);
    if (asked.success) {
      await picture(ctx, asked.data, pass);
      return;
    }
    const shareId = File.safeParse(ctx.path);
    if (!shareId.success) throw closed();
    ctx.state.route = `${PREFIX}:shareId/file`;
    const file = await door.file(shareId.data, pass, ctx.state.client);
    ctx.attachment(`archwire-${file.format === 'jpeg' ? 'pictures' : 'dicom'}.zip`);
    await sendBytes(
      ctx,
      { length: file.length, read: (range) => exportBytes(store, file.key, range) },
      'application/zip',
      `"${shareId.data}"`,
    );
  };
};
