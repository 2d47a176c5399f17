import type { PictureAdjustment } from '@archwire/contracts/picture-adjustment';

type Turn = 90 | 270;
const SUMS = [0, 90, 180, 270] as const;

const sum = (rotation: PictureAdjustment['rotation'], by: number): PictureAdjustment['rotation'] =>
  SUMS[((rotation + by) / 90) % 4] ?? 0;

/** Turned clockwise; the cut turns with the picture. */
export const rotated = ({ flip, rotation, crop }: PictureAdjustment, by: Turn): PictureAdjustment => ({
  flip,
  rotation: sum(rotation, by),
  crop:
    crop === null
      ? null
      : by === 90
        ? { x: 1 - crop.y - crop.height, y: crop.x, width: crop.height, height: crop.width }
        : { x: crop.y, y: 1 - crop.x - crop.width, width: crop.height, height: crop.width },
});

/** Turned over left to right as it is seen now. */
export const flipped = ({ flip, rotation, crop }: PictureAdjustment): PictureAdjustment => ({
  // Turning over comes before the rotation: the same picture is the other rotation of the picture turned over.
  flip: !flip,
  rotation: sum(0, 360 - rotation),
  crop: crop === null ? null : { ...crop, x: 1 - crop.x - crop.width },
});
