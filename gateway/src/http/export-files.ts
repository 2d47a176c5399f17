import { exportBytes, type ExportService } from '@archwire/archive';
import { AppError } from '@archwire/contracts';
import type { ObjectStore } from '@archwire/storage-adapters';
import { sendBytes } from '../dicomweb/http/send-bytes.ts';
import { requirePrincipal } from './authenticate.ts';
import type { AppMiddleware } from './state.ts';

const ADDRESS = /^\/api\/v1\/exports\/([0-9a-f-]{36})\/file$/;

/** `/api/v1/exports/:id/file`: the file of a finished export; a broken download goes on where it was (Range). */
export const exportFiles = ({
  exports,
  store,
}: {
  readonly exports: Pick<ExportService, 'file'>;
  readonly store: Pick<ObjectStore, 'get'>;
}): AppMiddleware => {
  return async (ctx, next) => {
    const id = ADDRESS.exec(ctx.path)?.[1];
    if (id === undefined || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) {
      await next();
      return;
    }
    ctx.state.route = '/api/v1/exports/:id/file';
    await requirePrincipal(ctx, async () => {});
    const { principal } = ctx.state;
    if (principal === null) throw new AppError('unauthenticated', 'Sign in first, or send an API key.');
    const file = await exports.file(principal, id);
    ctx.attachment(file.name);
    await sendBytes(
      ctx,
      { length: file.length, read: (range) => exportBytes(store, file.key, range) },
      'application/zip',
      `"${file.id}"`,
    );
  };
};
