import { createRandom } from '../drawing/random.ts';

/** A point on the midsagittal plane in mm: x to the front, y down, sella at (0, 0). */
export type Point = readonly [number, number];
const NAMES = [
  'S',
  'N',
  'Or',
  'Po',
  'ANS',
  'PNS',
  'A',
  'B',
  'Pog',
  'Gn',
  'Me',
  'Go',
  'Ar',
  'Co',
  'Ba',
  'U1tip',
  'U1apex',
  'L1tip',
  'L1apex',
  'U6',
  'L6',
] as const;
/** Landmarks of lateral cephalometry by their usual abbreviations. */
export type Landmarks = Readonly<Record<(typeof NAMES)[number], Point>>;

/** Mean adult positions, from which a patient differs by his seed. */
const MEAN: Landmarks = {
  S: [0, 0],
  N: [67, -9],
  Or: [53, 20],
  Po: [-22, 22],
  ANS: [69, 43],
  PNS: [16, 46],
  A: [66, 48],
  B: [62, 88],
  Pog: [63, 101],
  Gn: [60, 107],
  Me: [54, 110],
  Go: [-8, 82],
  Ar: [-15, 34],
  Co: [-12, 24],
  Ba: [-22, 42],
  U1tip: [74, 74],
  U1apex: [64, 52],
  L1tip: [71, 73],
  L1apex: [60, 93],
  U6: [40, 71],
  L6: [42, 72],
};

/**
 * The landmarks of a patient at one progress. Treatment retracts the upper incisor by 4 mm and uprights the lower one;
 * the skeleton stays. These coordinates are what `ceph` draws, so a tracing of the picture can be checked against them.
 */
export const landmarks = (seed: number, progress: number): Landmarks => {
  const random = createRandom(seed + 71);
  const shifted: Record<keyof Landmarks, Point> = { ...MEAN };
  for (const name of NAMES) {
    const [x, y] = MEAN[name];
    if (name !== 'S') shifted[name] = [x + random.between(-2, 2), y + random.between(-2, 2)];
  }
  const overjet = 4 * (1 - progress);
  const [ux, uy] = shifted.U1tip;
  const [lx, ly] = shifted.L1tip;
  return { ...shifted, U1tip: [ux + overjet, uy], L1tip: [lx - overjet * 0.4, ly] };
};
