import { AppError } from '@archwire/contracts';
import type { RenderedMediaType } from '@archwire/dicom';
import type { RouterContext } from '@koa/router';
import { createHash } from 'node:crypto';
import type { DicomwebParts } from '../dicomweb-parts.ts';
import type { Representation } from '../http/accept.ts';
import { bufferSource } from '../http/byte-source.ts';
import { parseMediaType } from '../http/media-type.ts';
import { negotiated, queryOf } from '../http/request.ts';
import { isFresh, sendBytes } from '../http/send-bytes.ts';
import { sendMultipart } from '../http/send-multipart.ts';
import { parseFrameList } from './frames-handler.ts';
import { parseRendering, type Rendering } from './parse-rendering.ts';
import {
  allViews,
  cannotRender,
  type RenderedView,
  renderView,
  representativeView,
  viewVersion,
} from './rendered-view.ts';
import { storedDisplay } from './stored-display.ts';
import { instanceUrl, reading, resourceInstances } from './resource.ts';

type RenderParts = Pick<
  DicomwebParts,
  'withTenant' | 'lookup' | 'reader' | 'stores' | 'openFrames' | 'pixels' | 'audit'
>;

const TYPES: readonly RenderedMediaType[] = ['image/jpeg', 'image/png', 'image/webp', 'image/gif'];
const SINGLE: readonly Representation<RenderedMediaType>[] = TYPES.map((type) => ({
  essence: type,
  value: type,
}));

/** A picture type, alone or as the parts of multipart/related. */
interface PictureForm {
  readonly type: RenderedMediaType;
  readonly multipart: boolean;
}

const MULTIPART: readonly Representation<PictureForm>[] = TYPES.map((type) => ({
  essence: 'multipart/related',
  value: { type, multipart: true },
  matches: (parameters) => {
    const asked = parseMediaType(parameters.get('type') ?? type)?.essence;
    return asked === type || asked === 'image/*' || asked === '*/*';
  },
}));

/** The one frame of the path, if it names one. @throws AppError `not-acceptable` for several: one picture, one frame. */
export const pathFrame = (ctx: RouterContext): number | undefined => {
  const text = ctx.params['frames'];
  if (text === undefined) return undefined;
  const [frame, ...more] = parseFrameList(text);
  if (more.length > 0)
    throw new AppError('not-acceptable', 'A thumbnail shows one frame. Ask for one frame.');
  return frame;
};

/** The picture type asked for; JPEG by itself. */
export const negotiatedPicture = (ctx: RouterContext): RenderedMediaType => negotiated(ctx, SINGLE, TYPES);

const negotiatedForm = (ctx: RouterContext, frames: readonly number[] | undefined): PictureForm => {
  const single = (frames?.length ?? 1) === 1;
  const offers = [
    ...(single
      ? SINGLE.map(({ essence, value }) => ({ essence, value: { type: value, multipart: false } }))
      : []),
    ...MULTIPART,
  ];
  return negotiated(ctx, offers, [
    ...(single ? TYPES : []),
    ...TYPES.map((type) => `multipart/related; type="${type}"`),
  ]);
};

const picture = async (parts: RenderParts, view: RenderedView, options: Rendering) =>
  await renderView(parts, view, options).catch((error: unknown) => {
    throw cannotRender(error);
  });

const tagOf = (ctx: RouterContext, view: RenderedView, type: string): string =>
  `"${createHash('sha256')
    .update([viewVersion(view), type, queryOf(ctx).toString()].join('?'))
    .digest('hex')
    .slice(0, 32)}"`;

/** Nothing is asked for but the image as it says itself that it is shown. */
const isPlain = (ctx: RouterContext, type: RenderedMediaType): boolean =>
  type === 'image/jpeg' && [...queryOf(ctx).keys()].every((key) => key === 'accept');

const sendAll = async (
  ctx: RouterContext,
  parts: RenderParts,
  views: readonly RenderedView[],
  options: Rendering,
): Promise<void> => {
  // Once the first picture is sent nothing can be said any more.
  const beyond = views.find(({ instance, frame }) => (frame ?? 1) > (instance.NumberOfFrames ?? 1));
  if (beyond !== undefined)
    throw new AppError('not-found', `This object has frames 1 to ${beyond.instance.NumberOfFrames ?? 1}.`, {
      details: { frame: beyond.frame },
    });
  await sendMultipart(
    ctx,
    options.mediaType,
    views.map((view) => ({
      contentType: options.mediaType,
      location: `${instanceUrl(view.state?.instance ?? view.instance)}${view.frame === undefined || view.state !== null ? '' : `/frames/${view.frame}`}/rendered`,
      open: async () => bufferSource((await picture(parts, view, options)).data),
    })),
  );
};

/**
 * WADO-RS rendered (PS3.18 section 10.4.1.1.3): one picture of a frame, an instance, or the instance that stands for a series
 * or study; or as multipart/related all of them, made and sent one after the other. A presentation state shows its images.
 */
export const createRenderedHandler =
  (parts: RenderParts) =>
  async (ctx: RouterContext): Promise<void> => {
    const list = ctx.params['frames'];
    const frames = list === undefined ? undefined : parseFrameList(list);
    const form = negotiatedForm(ctx, frames);
    const options = parseRendering(queryOf(ctx), form.type);
    const principal = reading(ctx, parts, 'imaging.study.viewed');
    const instances = await resourceInstances(ctx, parts, principal);
    if (form.multipart) {
      await sendAll(ctx, parts, await allViews(parts, principal, instances, frames), options);
      return;
    }
    const view = await representativeView(parts, principal, instances, frames?.[0]);
    const tag = tagOf(ctx, view, form.type);
    if (isFresh(ctx, tag)) return;
    const display = isPlain(ctx, form.type) ? await storedDisplay(parts, view) : undefined;
    if (display !== undefined) {
      await sendBytes(ctx, display, form.type, `${tag.slice(0, -1)}.display"`);
      return;
    }
    const { data, mediaType } = await picture(parts, view, options).catch((error: unknown) => {
      ctx.remove('ETag');
      throw error;
    });
    await sendBytes(ctx, bufferSource(data), mediaType, tag);
  };
