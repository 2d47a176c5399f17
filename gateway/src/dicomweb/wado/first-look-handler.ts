import { AppError } from '@archwire/contracts';
import type { RouterContext } from '@koa/router';
import type { DicomwebParts } from '../dicomweb-parts.ts';
import { bufferSource } from '../http/byte-source.ts';
import { pathUid } from '../http/request.ts';
import { sendBytes } from '../http/send-bytes.ts';
import { notFound, reading, seesRejected } from './resource.ts';

/** Not of the standard: an index and code streams of HTJ2K, as `buildFirstLook` says. */
const FIRST_LOOK = 'application/vnd.archwire.first-look';

/**
 * All of a volume at a quarter of its resolution in one answer, so that its planes are there before its frames are.
 * 404 for a series that is no volume.
 */
export const createFirstLookHandler =
  ({ firstLooks, audit }: Pick<DicomwebParts, 'firstLooks' | 'audit'>) =>
  async (ctx: RouterContext): Promise<void> => {
    const principal = reading(ctx, { audit }, 'imaging.study.viewed');
    const path = {
      study: pathUid(ctx.params['study'], 'The study'),
      series: pathUid(ctx.params['series'], 'The series'),
    };
    const found = await firstLooks.find(principal.tenantId, path, seesRejected(principal));
    if (found === undefined) throw notFound();
    const bytes = await found.read();
    if (bytes === null)
      throw new AppError('not-found', 'This series is no volume: its frames are looked at one by one.');
    await sendBytes(ctx, bufferSource(bytes), FIRST_LOOK, `"${found.version}"`);
  };
