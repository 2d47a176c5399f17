import { type PictureLookup, type Stores, streamLocation } from '@archwire/archive';
import { AppError, requirePermission } from '@archwire/contracts';
import { z } from 'zod';
import type { ReadAudit } from '../dicomweb/read-audit.ts';
import { isFresh } from '../dicomweb/http/send-bytes.ts';
import { requirePrincipal } from './authenticate.ts';
import type { AppMiddleware } from './state.ts';

export interface PicturesDeps {
  readonly pictures: PictureLookup;
  readonly stores: Stores;
  readonly audit: Pick<ReadAudit, 'note'>;
}

/** A day in the browser that asked, in no cache that others share. What the address names never changes. */
const CACHE = 'private, max-age=86400, immutable';

const Address = z
  .string()
  .regex(/^\/api\/v1\/pictures\/\d{1,18}\/[0-9a-f]{16}-\d{1,6}\/(?:thumbnail|preview|display)$/)
  .transform((path) => path.split('/').slice(4))
  .pipe(z.tuple([z.string(), z.string(), z.enum(['thumbnail', 'preview', 'display'])]));

/**
 * `/api/v1/pictures/:instanceId/:version/:kind`: the pictures that are made of every image, under addresses that stay
 * true for ever. Tenant and permission are checked each time; the page's many requests share their look-ups.
 */
export const pictureFiles = ({ pictures, stores, audit }: PicturesDeps): AppMiddleware => {
  return async (ctx, next) => {
    if (!ctx.path.startsWith('/api/v1/pictures/') || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) {
      await next();
      return;
    }
    ctx.state.route = '/api/v1/pictures/:instanceId/:version/:kind';
    await requirePrincipal(ctx, async () => {});
    const { principal } = ctx.state;
    const address = Address.safeParse(ctx.path);
    if (principal === null || !address.success)
      throw new AppError('not-found', 'There is no picture at this address.');
    requirePermission(principal, 'imaging.study.read');
    const [instanceId, version, kind] = address.data;
    const found = await pictures.find(
      principal.tenantId,
      { instanceId, version, kind },
      principal.permissions.has('imaging.reconcile.write'),
    );
    if (found === undefined)
      throw new AppError('not-found', 'This picture is not there, or was made anew. Reload the page.');
    audit.note(principal, { action: 'imaging.study.viewed', studyUid: found.studyInstanceUid });
    const fresh = isFresh(ctx, `"${version}.${kind}"`);
    ctx.set('Cache-Control', CACHE);
    if (fresh) return;
    ctx.set('Content-Type', found.mediaType);
    ctx.length = found.location.length;
    if (ctx.method === 'GET') ctx.body = await streamLocation(stores, found.location);
    ctx.length = found.location.length;
  };
};
