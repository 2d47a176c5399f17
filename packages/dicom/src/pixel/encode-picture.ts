import sharp, { type Sharp } from 'sharp';
import type { Picture } from './picture.ts';

sharp.cache(false);
sharp.concurrency(1);

export type RenderedMediaType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif';

export interface EncodedPicture {
  readonly data: Uint8Array;
  readonly mediaType: RenderedMediaType;
  readonly width: number;
  readonly height: number;
}

/** `b-w` keeps one channel: without it sharp writes gray as a three-channel JPEG. */
export function openPicture({ data, width, height, channels }: Picture): Sharp {
  const image = sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
  return channels === 1 ? image.toColourspace('b-w') : image;
}

/** Scaled to exactly this size; the caller has chosen it by the picture's aspect. */
export async function resizePicture(
  picture: Picture,
  size: { width: number; height: number },
): Promise<Picture> {
  if (size.width === picture.width && size.height === picture.height) return picture;
  const { data, info } = await openPicture(picture)
    .resize({ ...size, fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: picture.channels, data };
}

export async function encodePicture(
  picture: Picture,
  mediaType: RenderedMediaType,
  quality: number,
): Promise<EncodedPicture> {
  const { data, info } = await encodeAs(openPicture(picture), mediaType, quality).toBuffer({
    resolveWithObject: true,
  });
  return { data, mediaType, width: info.width, height: info.height };
}

const DISPLAY_QUALITY = 90;

/** JPEG at full size. Its Huffman tables are the standard's: better ones save 2 to 10 % of the bytes for twice the CPU. */
export async function encodeDisplay(picture: Picture): Promise<EncodedPicture> {
  const { data, info } = await openPicture(picture)
    .jpeg({ quality: DISPLAY_QUALITY, optimiseCoding: false })
    .toBuffer({ resolveWithObject: true });
  return { data, mediaType: 'image/jpeg', width: info.width, height: info.height };
}

/** In the format asked for; `quality` counts for JPEG and WebP. */
export function encodeAs(image: Sharp, mediaType: RenderedMediaType, quality: number): Sharp {
  switch (mediaType) {
    case 'image/jpeg':
      return image.jpeg({ quality });
    case 'image/webp':
      return image.webp({ quality });
    case 'image/png':
      return image.png();
    default:
      return image.gif();
  }
}

const QUALITIES = [80, 70, 60, 50, 40, 30];
const SHRINK = 0.8;

/** JPEG no larger than `maxBytes`: lower quality first, then a smaller picture (noise does not compress at any quality). */
export async function encodeWithin(
  picture: Picture,
  quality: number,
  maxBytes: number,
): Promise<EncodedPicture> {
  for (let current = picture; ;) {
    for (const q of [quality, ...QUALITIES.filter((lower) => lower < quality)]) {
      const encoded = await encodePicture(current, 'image/jpeg', q);
      if (encoded.data.length <= maxBytes || current.width * current.height <= 64) return encoded;
    }
    current = await resizePicture(current, {
      width: Math.max(1, Math.round(current.width * SHRINK)),
      height: Math.max(1, Math.round(current.height * SHRINK)),
    });
  }
}
