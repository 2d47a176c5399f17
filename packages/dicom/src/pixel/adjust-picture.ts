import type { PictureAdjustment } from '@archwire/contracts';
import { openPicture } from './encode-picture.ts';
import type { Picture } from './picture.ts';

/** Turned over, then turned clockwise, then cut, as `PictureAdjustment` says. */
export const adjustPicture = async (
  picture: Picture,
  { flip, rotation, crop }: PictureAdjustment,
): Promise<Picture> => {
  const { channels } = picture;
  // One after the other: in one pipeline sharp has an order of its own.
  const steps = [
    ...(flip ? [(from: Picture) => openPicture(from).flop()] : []),
    ...(rotation === 0 ? [] : [(from: Picture) => openPicture(from).rotate(rotation)]),
    ...(crop === null
      ? []
      : [
          (from: Picture) => {
            const left = Math.min(from.width - 1, Math.round(crop.x * from.width));
            const top = Math.min(from.height - 1, Math.round(crop.y * from.height));
            const width = Math.max(1, Math.min(from.width - left, Math.round(crop.width * from.width)));
            const height = Math.max(1, Math.min(from.height - top, Math.round(crop.height * from.height)));
            return openPicture(from).extract({ left, top, width, height });
          },
        ]),
  ];
  let current = picture;
  for (const step of steps) {
    const { data, info } = await step(current).raw().toBuffer({ resolveWithObject: true });
    current = { width: info.width, height: info.height, channels, data };
  }
  return current;
};
