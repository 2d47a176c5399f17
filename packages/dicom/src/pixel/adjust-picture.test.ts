// Real: libvips turns and cuts the pixels.
import { expect, it } from 'vitest';
import { adjustPicture } from './adjust-picture.ts';

const PICTURE = {
  width: 4,
  height: 3,
  channels: 1,
  data: Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
} as const;

it('turns over, then turns clockwise, then cuts', async () => {
  const { width, height, data } = await adjustPicture(PICTURE, { flip: true, rotation: 90, crop: null });
  expect([width, height, [...data]]).toEqual([3, 4, [12, 8, 4, 11, 7, 3, 10, 6, 2, 9, 5, 1]]);
  const part = await adjustPicture(PICTURE, {
    flip: true,
    rotation: 90,
    crop: { x: 1 / 3, y: 0, width: 2 / 3, height: 0.5 },
  });
  expect([part.width, part.height, [...part.data]]).toEqual([2, 2, [8, 4, 7, 3]]);
});
