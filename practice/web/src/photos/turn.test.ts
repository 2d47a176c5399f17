// Real: the arithmetic, against pixels that are moved one by one.
import type { PictureAdjustment } from '@archwire/contracts/picture-adjustment';
import { expect, it } from 'vitest';
import { flipped, rotated } from './turn.ts';

type Grid = readonly (readonly number[])[];
const turnRight = (grid: Grid): Grid =>
  (grid[0] ?? []).map((_, x) => grid.map((row) => row[x] ?? 0).toReversed());
const turnOver = (grid: Grid): Grid => grid.map((row) => row.toReversed());
const shown = (grid: Grid, { flip, rotation, crop }: PictureAdjustment): Grid => {
  let seen = flip ? turnOver(grid) : grid;
  for (let at = 0; at < rotation; at += 90) seen = turnRight(seen);
  if (crop === null) return seen;
  const [width, height] = [seen[0]?.length ?? 0, seen.length];
  const rows = seen.slice(Math.round(crop.y * height), Math.round((crop.y + crop.height) * height));
  return rows.map((row) => row.slice(Math.round(crop.x * width), Math.round((crop.x + crop.width) * width)));
};

const PICTURE: Grid = [
  [1, 2, 3, 4],
  [5, 6, 7, 8],
  [9, 10, 11, 12],
];
const START: PictureAdjustment = {
  flip: false,
  rotation: 0,
  crop: { x: 0.25, y: 0, width: 0.5, height: 2 / 3 },
};

it('turns and turns over what is seen, with its cut, in any order', () => {
  let adjustment = START;
  let seen = shown(PICTURE, START);
  expect(seen).toEqual([
    [2, 3],
    [6, 7],
  ]);
  for (const step of ['right', 'over', 'right', 'left', 'over', 'right', 'over', 'right', 'right'] as const) {
    adjustment = step === 'over' ? flipped(adjustment) : rotated(adjustment, step === 'right' ? 90 : 270);
    seen =
      step === 'over'
        ? turnOver(seen)
        : step === 'right'
          ? turnRight(seen)
          : turnRight(turnRight(turnRight(seen)));
    expect(shown(PICTURE, adjustment)).toEqual(seen);
  }
});
