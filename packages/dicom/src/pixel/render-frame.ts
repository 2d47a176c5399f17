import { AppError } from '@archwire/contracts/app-error';
import { decodeFrame } from './decode-frame.ts';
import {
  encodePicture,
  openPicture,
  resizePicture,
  type EncodedPicture,
  type RenderedMediaType,
} from './encode-picture.ts';
import { fitSize, squarePixels, type Size } from './fit-size.ts';
import { pictureOf, type Picture } from './picture.ts';
import type { PixelDescription, Window } from './pixel-description.ts';

/** What a client may ask of a rendered image (PS3.18 8.3.5). */
export interface RenderOptions {
  readonly mediaType: RenderedMediaType;
  /** 1 to 100; JPEG and WebP only. */
  readonly quality?: number;
  /** Replaces the object's own VOI; gray images only. */
  readonly window?: Window;
  readonly viewport?: Size & {
    /** A region of the frame in its pixels; negative width or height flips. Whole frame when absent. */
    readonly source?: {
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    };
    /** `true`: small pictures are scaled up to the viewport, as PS3.18 says; `false`: they keep their size. */
    readonly enlarge: boolean;
  };
}

const DEFAULT_QUALITY = 90;
/** WebP's limit, the smallest of the formats. */
const MAX_SIDE = 16_383;
/** Side to which a picture may be scaled up. */
const MAX_ENLARGED_SIDE = 4096;

/**
 * Decodes and renders one frame with square pixels.
 * @throws AppError as `decodeFrame`; `invalid` when the source region lies outside the frame.
 */
export async function renderFrame(
  description: PixelDescription,
  bytes: Buffer,
  options: RenderOptions,
): Promise<EncodedPicture> {
  const frame = await decodeFrame(description, bytes);
  const whole = pictureOf(frame, description, options.window);
  const picture = options.viewport?.source === undefined ? whole : await cut(whole, options.viewport.source);
  const natural = squarePixels(picture, description.pixelAspect);
  const { viewport } = options;
  const side = (asked: number | undefined, own: number) =>
    Math.min(MAX_SIDE, asked ?? own, Math.max(MAX_ENLARGED_SIDE, own));
  const box = { width: side(viewport?.width, natural.width), height: side(viewport?.height, natural.height) };
  const sized = await resizePicture(picture, fitSize(natural, box, viewport?.enlarge ?? false));
  return encodePicture(sized, options.mediaType, options.quality ?? DEFAULT_QUALITY);
}

async function cut(
  picture: Picture,
  source: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): Promise<Picture> {
  const left = Math.max(0, Math.round(source.x));
  const top = Math.max(0, Math.round(source.y));
  const width = Math.min(picture.width - left, Math.round(Math.abs(source.width)));
  const height = Math.min(picture.height - top, Math.round(Math.abs(source.height)));
  if (!(width >= 1 && height >= 1)) {
    throw new AppError('invalid', 'The source region of the viewport lies outside the image.');
  }
  const { data, info } = await openPicture(picture)
    .extract({ left, top, width, height })
    .flop(source.width < 0)
    .flip(source.height < 0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: picture.channels, data };
}
