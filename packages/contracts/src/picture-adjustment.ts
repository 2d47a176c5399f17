import { z } from 'zod';

const Part = z.number().min(0).max(1);

/**
 * How a picture is shown: turned over left to right, then turned clockwise, then cut to a part of what is seen then, in
 * fractions of it. The stored image stays as it is.
 */
export const PictureAdjustment = z.strictObject({
  flip: z.boolean(),
  rotation: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]),
  crop: z
    .strictObject({ x: Part, y: Part, width: Part, height: Part })
    .refine(
      ({ x, y, width, height }) =>
        width >= 0.02 && height >= 0.02 && x + width <= 1.0001 && y + height <= 1.0001,
      'A cut lies inside the picture and leaves something of it.',
    )
    .nullable(),
});
export type PictureAdjustment = z.infer<typeof PictureAdjustment>;

/** Whether anything is changed at all. */
export const isAdjusted = ({ flip, rotation, crop }: PictureAdjustment): boolean =>
  flip || rotation !== 0 || crop !== null;
