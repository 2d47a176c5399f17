import { findDerivative, type StoredInstance, streamLocation } from '@archwire/archive';
import { AppError } from '@archwire/contracts';
import type { PlaceholderReason } from '@archwire/dicom';
import type { RouterContext } from '@koa/router';
import type { DicomwebParts } from '../dicomweb-parts.ts';
import { bufferSource, type ByteSource } from '../http/byte-source.ts';
import { queryOf } from '../http/request.ts';
import { sendBytes } from '../http/send-bytes.ts';
import { parseRendering } from './parse-rendering.ts';
import { negotiatedPicture, pathFrame } from './rendered-handler.ts';
import { type RenderedView, renderView, representativeView, viewVersion } from './rendered-view.ts';
import { reading, resourceInstances } from './resource.ts';

type ThumbnailParts = Pick<
  DicomwebParts,
  'withTenant' | 'lookup' | 'reader' | 'stores' | 'openFrames' | 'pixels' | 'audit'
>;

/** Names why the picture is a drawn placeholder and not the image. */
export const PLACEHOLDER_HEADER = 'X-Archwire-Placeholder';
const SIDE = 200;
const QUALITY = 82;

interface Thumbnail {
  readonly source: ByteSource;
  readonly mediaType: string;
  readonly placeholder: string | null;
  readonly version: string;
}

const reasonOf = (error: unknown): PlaceholderReason | undefined => {
  if (!(error instanceof AppError)) return undefined;
  if (error.kind === 'not-found') return 'no-picture';
  if (error.kind === 'unsupported' || error.kind === 'too-large') return error.kind;
  if (error.kind === 'invalid') return 'damaged';
  return error.details['reason'] === 'timeout' ? 'timeout' : undefined;
};

const derived = async (parts: ThumbnailParts, instance: StoredInstance): Promise<Thumbnail | undefined> => {
  const found = await parts.withTenant(
    instance.tenantId,
    async (trx) => await findDerivative(trx, instance.id, 'thumbnail'),
  );
  if (found === undefined) return undefined;
  const { location } = found;
  return {
    mediaType: found.mediaType,
    placeholder: found.placeholderReason,
    version: `${instance.sha256}.thumbnail.${location.length}`,
    source: {
      length: location.length,
      read: async function* (range) {
        yield* await streamLocation(parts.stores, location, range);
      },
    },
  };
};

const drawn = async (parts: ThumbnailParts, ctx: RouterContext, view: RenderedView): Promise<Thumbnail> => {
  const asked = parseRendering(queryOf(ctx), negotiatedPicture(ctx));
  const viewport = { width: SIDE, height: SIDE, ...asked.viewport, enlarge: false };
  const version = `${viewVersion(view)}.${asked.mediaType.slice(6)}.${viewport.width}x${viewport.height}`;
  try {
    const picture = await renderView(parts, view, { quality: QUALITY, ...asked, viewport });
    return { source: bufferSource(picture.data), mediaType: picture.mediaType, placeholder: null, version };
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined || (reason === 'no-picture' && view.frame !== undefined)) throw error;
    const { thumbnail } = await parts.pixels.placeholder({ reason });
    return {
      source: bufferSource(thumbnail.data),
      mediaType: thumbnail.mediaType,
      placeholder: reason,
      version: `${version}.${reason}`,
    };
  }
};

/**
 * WADO-RS thumbnail (PS3.18 section 10.4.1.1.4): the stored derivative, or rendered now when it is not there yet or another
 * type or frame is asked for. An image that cannot be shown answers with a picture that says so, and why in a header.
 */
export const createThumbnailHandler =
  (parts: ThumbnailParts) =>
  async (ctx: RouterContext): Promise<void> => {
    const type = negotiatedPicture(ctx);
    const frame = pathFrame(ctx);
    const principal = reading(ctx, parts, 'imaging.study.viewed');
    const view = await representativeView(
      parts,
      principal,
      await resourceInstances(ctx, parts, principal),
      frame,
    );
    const isDerived = type === 'image/jpeg' && frame === undefined && view.state === null;
    const stored = isDerived ? await derived(parts, view.instance) : undefined;
    const thumbnail = stored ?? (await drawn(parts, ctx, view));
    if (thumbnail.placeholder !== null) ctx.set(PLACEHOLDER_HEADER, thumbnail.placeholder);
    await sendBytes(ctx, thumbnail.source, thumbnail.mediaType, `"${thumbnail.version}"`);
  };
