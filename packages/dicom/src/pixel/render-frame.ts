import { AppError } from '@archwire/contracts/app-error';
import { annotatePicture, type Annotation } from './annotate-picture.ts';
import { decodeFrame } from './decode-frame.ts';
import { drawGraphics } from './draw-graphics.ts';
import {
  encodePicture,
  openPicture,
  resizePicture,
  type EncodedPicture,
  type RenderedMediaType,
} from './encode-picture.ts';
import { fitSize, squarePixels, type Size } from './fit-size.ts';
import { withIccProfile } from './icc-profile.ts';
import { pictureOf, type Picture } from './picture.ts';
import type { PixelDescription, Window } from './pixel-description.ts';
import { placePicture, type PlacePoint } from './place-picture.ts';
import type { Presentation } from './presentation.ts';

/** A region of a picture in its pixels; negative width or height flips. */
interface SourceRegion {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a client may ask of a rendered image (PS3.18 8.3.5). */
export interface RenderOptions {
  readonly mediaType: RenderedMediaType;
  /** 1 to 100; JPEG and WebP only. */
  readonly quality?: number;
  /** Replaces the object's own VOI; gray images only. */
  readonly window?: Window;
  readonly viewport?: Size & {
    /** Whole frame (or displayed area of the presentation) when absent. */
    readonly source?: SourceRegion;
    /** `true`: small pictures are scaled up to the viewport, as PS3.18 says; `false`: they keep their size. */
    readonly enlarge: boolean;
  };
  readonly annotation?: Annotation;
  /** `embed` keeps the object's own profile, `srgb` converts to it; colour only. */
  readonly iccProfile?: 'embed' | 'srgb';
  /** What a presentation state does to the frame; its gray levels, overlays and shutter are in the description. */
  readonly presentation?: Presentation;
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
  const { presentation, viewport, annotation } = options;
  const whole = pictureOf(frame, description, options.window);
  const placed = presentation === undefined ? asItIs(whole) : await placePicture(whole, presentation);
  const cut = viewport?.source === undefined ? placed : await cutPicture(placed, viewport.source);
  const sideways = presentation?.rotation === 90 || presentation?.rotation === 270;
  const natural = squarePixels(cut.picture, sideways ? 1 / description.pixelAspect : description.pixelAspect);
  const size = sizeFor(natural, viewport, presentation?.magnification ?? 1);
  const sized = await resizePicture(cut.picture, size);
  const across = sized.width / cut.picture.width;
  const down = sized.height / cut.picture.height;
  const drawn =
    presentation === undefined
      ? sized
      : await drawGraphics(sized, presentation, (x, y) => {
          const [u, v] = cut.place(x, y);
          return [u * across, v * down];
        });
  const annotated = annotation === undefined ? drawn : await annotatePicture(drawn, annotation);
  const quality = options.quality ?? DEFAULT_QUALITY;
  return options.iccProfile === undefined || annotated.channels === 1
    ? await encodePicture(annotated, options.mediaType, quality)
    : await withIccProfile(annotated, description.iccProfile, options.iccProfile, options.mediaType, quality);
}

function sizeFor(natural: Size, viewport: RenderOptions['viewport'], magnification: number): Size {
  const side = (asked: number | undefined, own: number) =>
    Math.min(MAX_SIDE, asked ?? own * magnification, Math.max(MAX_ENLARGED_SIDE, own));
  const box = { width: side(viewport?.width, natural.width), height: side(viewport?.height, natural.height) };
  return fitSize(natural, box, viewport === undefined ? magnification > 1 : viewport.enlarge);
}

interface Placed {
  readonly picture: Picture;
  readonly place: PlacePoint;
}

const asItIs = (picture: Picture): Placed => ({ picture, place: (x, y) => [x, y] });

async function cutPicture({ picture, place }: Placed, source: SourceRegion): Promise<Placed> {
  const left = Math.max(0, Math.round(source.x));
  const top = Math.max(0, Math.round(source.y));
  const width = Math.min(picture.width - left, Math.round(Math.abs(source.width)));
  const height = Math.min(picture.height - top, Math.round(Math.abs(source.height)));
  if (!(width >= 1 && height >= 1)) {
    throw new AppError('invalid', 'The source region of the viewport lies outside the image.', {
      details: { parameter: 'viewport' },
    });
  }
  const { data, info } = await openPicture(picture)
    .extract({ left, top, width, height })
    .flop(source.width < 0)
    .flip(source.height < 0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return {
    picture: { width: info.width, height: info.height, channels: picture.channels, data },
    place: (x, y) => {
      const [u, v] = place(x, y);
      return [
        source.width < 0 ? width - (u - left) : u - left,
        source.height < 0 ? height - (v - top) : v - top,
      ];
    },
  };
}
