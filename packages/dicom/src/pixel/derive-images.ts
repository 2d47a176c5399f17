import { adjustPicture } from './adjust-picture.ts';
import { decodeFrame } from './decode-frame.ts';
import { encodeDisplay, encodeWithin, resizePicture, type EncodedPicture } from './encode-picture.ts';
import { fitSize, squarePixels } from './fit-size.ts';
import { pictureOf, type Picture } from './picture.ts';
import type { PixelDescription } from './pixel-description.ts';
import { shrinkGray } from './shrink-gray.ts';

export const THUMBNAIL = { side: 200, maxBytes: 50_000 };
export const PREVIEW = { side: 800, maxBytes: 200_000 };
const SMALL_QUALITY = 82;
/** Beyond what JPEG can hold a display image is scaled down. */
const MAX_JPEG_SIDE = 65_500;

export interface DerivedImages {
  readonly thumbnail: EncodedPicture;
  readonly preview: EncodedPicture;
  readonly display: EncodedPicture;
}

/** Thumbnail (fits 200 × 200, ≤ 50 kB), preview (fits 800 × 800, ≤ 200 kB) and display image (full resolution) of one frame. */
export async function deriveImages(description: PixelDescription, bytes: Buffer): Promise<DerivedImages> {
  const frame = await decodeFrame(description, bytes);
  const picture = pictureOf(frame, description);
  const { adjustment, pixelAspect } = description;
  if (adjustment === undefined) return derivePictures(picture, pixelAspect);
  const isOnItsSide = adjustment.rotation % 180 !== 0;
  return derivePictures(
    await adjustPicture(picture, adjustment),
    isOnItsSide ? 1 / pixelAspect : pixelAspect,
  );
}

/**
 * The same from a picture; the thumbnail is made from the preview, which is 16 times less work. Where the preview is no smaller
 * than the image, it is the display image, in the same memory.
 */
export async function derivePictures(picture: Picture, pixelAspect: number): Promise<DerivedImages> {
  const full = fitSize(squarePixels(picture, pixelAspect), { width: MAX_JPEG_SIDE, height: MAX_JPEG_SIDE });
  const display = await encodeDisplay(await resizePicture(picture, full));
  const previewSize = fitSize(full, { width: PREVIEW.side, height: PREVIEW.side });
  const small = await resizePicture(picture, previewSize);
  const isWhole = previewSize.width === full.width && previewSize.height === full.height;
  const preview =
    isWhole && display.data.length <= PREVIEW.maxBytes
      ? display
      : await encodeWithin(small, SMALL_QUALITY, PREVIEW.maxBytes);
  const thumbnailSize = fitSize(small, { width: THUMBNAIL.side, height: THUMBNAIL.side });
  const tiny =
    small.channels === 1 ? shrinkGray(small, thumbnailSize) : await resizePicture(small, thumbnailSize);
  const thumbnail = await encodeWithin(tiny, SMALL_QUALITY, THUMBNAIL.maxBytes);
  return { thumbnail, preview, display };
}
