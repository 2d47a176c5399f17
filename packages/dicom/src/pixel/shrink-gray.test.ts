// Real: sharp, as the measure of what a smaller picture looks like.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resizePicture } from './encode-picture.ts';
import { shrinkGray } from './shrink-gray.ts';
import type { Picture } from './picture.ts';

const picture = (width: number, height: number, value: (x: number, y: number) => number): Picture => ({
  width,
  height,
  channels: 1,
  data: Uint8Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width))),
});

describe('a gray picture made smaller', () => {
  it('averages what each pixel covers, also where that is not whole', () => {
    const four = picture(4, 2, (x, y) => [10, 30, 100, 200][x] ?? y);
    expect(shrinkGray(four, { width: 2, height: 1 })).toEqual({
      width: 2,
      height: 1,
      channels: 1,
      data: Uint8Array.of(20, 150),
    });
    const three = picture(3, 1, (x) => [0, 90, 180][x] ?? 0);
    // The middle one counts half on either side.
    expect([...shrinkGray(three, { width: 2, height: 1 }).data]).toEqual([30, 150]);
  });

  it('is the picture itself at its own size, and flat where that is flat, whatever the sizes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 255 }),
        (width, height, w, h, level) => {
          const size = { width: Math.min(w, width), height: Math.min(h, height) };
          const flat = shrinkGray(
            picture(width, height, () => level),
            size,
          );
          expect(flat.data).toEqual(new Uint8Array(size.width * size.height).fill(level));
          const own = picture(width, height, (x, y) => (x * 7 + y * 13 + level) % 256);
          expect(shrinkGray(own, { width, height }).data).toEqual(own.data);
        },
      ),
    );
  });

  it('looks like what sharp makes', async () => {
    const soft = picture(400, 300, (x, y) => 128 + 90 * Math.sin(x / 25) * Math.cos(y / 18));
    const size = { width: 150, height: 113 };
    const theirs = await resizePicture(soft, size);
    const ours = shrinkGray(soft, size);
    const worst = ours.data.reduce(
      (max, level, i) => Math.max(max, Math.abs(level - (theirs.data[i] ?? 0))),
      0,
    );
    expect(worst).toBeLessThanOrEqual(6);
  });
});
