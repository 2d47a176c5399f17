import { AppError } from '@archwire/contracts';
import type { RenderedMediaType } from '@archwire/dicom';
import type { RouterContext } from '@koa/router';
import type { DicomwebParts } from '../dicomweb-parts.ts';
import type { Representation } from '../http/accept.ts';
import { bufferSource } from '../http/byte-source.ts';
import { negotiated, queryOf, warn } from '../http/request.ts';
import { sendBytes } from '../http/send-bytes.ts';
import { parseFrameList } from './frames-handler.ts';
import { parseRendering } from './parse-rendering.ts';
import { cannotRender, renderInstance, representativeInstance } from './render-instance.ts';
import { reading, resourceInstances } from './resource.ts';

const TYPES: readonly RenderedMediaType[] = ['image/jpeg', 'image/png', 'image/webp', 'image/gif'];
const OFFERS: readonly Representation<RenderedMediaType>[] = TYPES.map((type) => ({
  essence: type,
  value: type,
}));

/** The one frame of the path, if it names one. @throws AppError `not-acceptable` for several: one picture, one frame. */
export const pathFrame = (ctx: RouterContext): number | undefined => {
  const text = ctx.params['frames'];
  if (text === undefined) return undefined;
  const [frame, ...more] = parseFrameList(text);
  if (more.length > 0)
    throw new AppError('not-acceptable', 'Rendered pictures come one frame at a time. Ask for one frame.');
  return frame;
};

/** The picture type asked for; JPEG by itself. */
export const negotiatedPicture = (ctx: RouterContext): RenderedMediaType => negotiated(ctx, OFFERS, TYPES);

/**
 * WADO-RS rendered (PS3.18 section 10.4.1.1.3) of a frame, an instance, or the instance that stands for a series or study.
 */
export const createRenderedHandler =
  (parts: Pick<DicomwebParts, 'lookup' | 'openFrames' | 'pixels' | 'audit'>) =>
  async (ctx: RouterContext): Promise<void> => {
    const mediaType = negotiatedPicture(ctx);
    const frame = pathFrame(ctx);
    const { ignored, ...options } = parseRendering(queryOf(ctx), mediaType);
    const principal = reading(ctx, parts, 'imaging.study.viewed');
    const instance = representativeInstance(await resourceInstances(ctx, parts, principal));
    if (ignored.length > 0) warn(ctx, `Not offered and ignored: ${ignored.join(', ')}`);
    const picture = await renderInstance(parts, instance, frame, options).catch((error: unknown) => {
      throw cannotRender(error);
    });
    const version = [instance.sha256, frame ?? 0, mediaType, queryOf(ctx).toString()]
      .join('.')
      .replace(/[^\w.,=-]/g, '_');
    await sendBytes(ctx, bufferSource(picture.data), picture.mediaType, `"${version}"`);
  };
