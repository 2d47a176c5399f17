import type { ImageLaterality } from '@archwire/contracts';
import type { DataSet } from 'dicom-parser';
import { sequenceCodes, sequenceItems } from './sequence-codes.ts';

const SIDES: ReadonlyMap<string, ImageLaterality> = new Map([
  ['R', 'R'],
  ['L', 'L'],
  ['B', 'B'],
  ['24028007', 'R'],
  ['7771000', 'L'],
  ['51440002', 'B'],
]);

const RIGHT = '1458';

const ofTeeth = (teeth: readonly string[]): ImageLaterality | null => {
  if (teeth.length === 0) return null;
  const right = teeth.filter((tooth) => RIGHT.includes(tooth.charAt(0))).length;
  return right === teeth.length ? 'R' : right === 0 ? 'L' : 'B';
};

const single = (sides: readonly ImageLaterality[]): ImageLaterality | null => {
  const [first] = sides;
  return first === undefined ? null : sides.every((side) => side === first) ? first : 'B';
};

/**
 * The side that an image shows: as Image Laterality or Laterality says, else as the modifiers of its anatomy say, else that
 * of its teeth. `null`: an unpaired structure, or nothing is said.
 */
export const shownLaterality = (dataSet: DataSet, teeth: readonly string[]): ImageLaterality | null => {
  const said =
    SIDES.get((dataSet.string('x00200062') ?? '').trim()) ??
    SIDES.get((dataSet.string('x00200060') ?? '').trim());
  if (said !== undefined) return said;
  const modifiers = (
    [
      ['x00082228', 'x00082230'],
      ['x00082218', 'x00082220'],
    ] as const
  ).flatMap(([outer, inner]) =>
    sequenceItems(dataSet, outer).flatMap((item) =>
      sequenceCodes(item, inner).flatMap((code) => SIDES.get(code) ?? []),
    ),
  );
  return single(modifiers) ?? ofTeeth(teeth);
};
