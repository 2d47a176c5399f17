import { AppError } from '@archwire/contracts/app-error';
import { assertFrameFits } from './assert-decodable.ts';
import { openPicture } from './encode-picture.ts';
import type { Picture } from './picture.ts';
import type { Presentation } from './presentation.ts';

/** From a point of the image to the same point of a picture made from it. */
export type PlacePoint = (x: number, y: number) => readonly [number, number];

/**
 * The displayed area of a picture, turned and flipped as a presentation state says (PS3.3 C.10.4, C.10.6), and where points of
 * the image lie in it. What the area has beyond the image is black.
 * @throws AppError `invalid` for an area without pixels, `too-large` for one that no memory holds.
 */
export async function placePicture(
  picture: Picture,
  { area, rotation, flipped }: Pick<Presentation, 'area' | 'rotation' | 'flipped'>,
): Promise<{ readonly picture: Picture; readonly place: PlacePoint }> {
  const width = area.right - area.left + 1;
  const height = area.bottom - area.top + 1;
  if (!(width >= 1 && height >= 1))
    throw new AppError('invalid', 'The displayed area of the presentation state is empty.');
  assertFrameFits(width * height * picture.channels);
  const cut = crop(picture, area.left, area.top, width, height);
  const turned = rotation === 0 && !flipped ? cut : await turn(cut, rotation, flipped);
  const place: PlacePoint = (x, y) => {
    const [u, v] = [x - area.left, y - area.top];
    const [a, b] =
      rotation === 90
        ? [height - v, u]
        : rotation === 180
          ? [width - u, height - v]
          : rotation === 270
            ? [v, width - u]
            : [u, v];
    return [flipped ? turned.width - a : a, b];
  };
  return { picture: turned, place };
}

function crop(
  { width: columns, height: rows, channels, data }: Picture,
  left: number,
  top: number,
  width: number,
  height: number,
): Picture {
  if (left === 0 && top === 0 && width === columns && height === rows)
    return { width, height, channels, data };
  const out = new Uint8Array(width * height * channels);
  const from = Math.max(0, left);
  const to = Math.min(columns, left + width);
  for (let y = Math.max(0, top); y < Math.min(rows, top + height) && from < to; y++) {
    const line = data.subarray((y * columns + from) * channels, (y * columns + to) * channels);
    out.set(line, ((y - top) * width + from - left) * channels);
  }
  return { width, height, channels, data: out };
}

/** One step after the other: sharp flips before it rotates, whatever the order it is told in. */
async function turn(picture: Picture, rotation: number, flipped: boolean): Promise<Picture> {
  const rotated = rotation === 0 ? picture : await raw(picture, openPicture(picture).rotate(rotation));
  return flipped ? await raw(rotated, openPicture(rotated).flop()) : rotated;
}

async function raw({ channels }: Picture, image: ReturnType<typeof openPicture>): Promise<Picture> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels, data };
}
