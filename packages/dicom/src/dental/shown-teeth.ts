import type { ImageView } from '@archwire/contracts';
import type { DataSet } from 'dicom-parser';
import { sequenceCodes } from './sequence-codes.ts';
import { TOOTH_CODES } from './tooth-codes.ts';

/** A full mouth has 32 teeth, a mixed dentition more; whoever names more than that does not name teeth. */
const MAX_TEETH = 52;

/** ISO 3950 numbers of the teeth in the Primary Anatomic Structure Sequence, in its order. */
export const shownTeeth = (dataSet: DataSet): readonly string[] => {
  const teeth = sequenceCodes(dataSet, 'x00082228').flatMap((code) => TOOTH_CODES.get(code) ?? []);
  return [...new Set(teeth)].slice(0, MAX_TEETH);
};

export const isBothJaws = (teeth: readonly string[]): boolean =>
  teeth.some((tooth) => '1256'.includes(tooth.charAt(0))) &&
  teeth.some((tooth) => '3478'.includes(tooth.charAt(0)));

const isPermanent = (tooth: string): boolean => '1234'.includes(tooth.charAt(0));

/** Which bitewing shows these teeth: one that reaches the canine or first premolar, or one that reaches the second molar. */
export const bitewingOf = (teeth: readonly string[]): ImageView => {
  const places = teeth.filter(isPermanent).map((tooth) => Number(tooth.charAt(1)));
  if (places.length < teeth.length || places.length === 0) return 'bitewing';
  const isFront = places.some((place) => place <= 4);
  const isBack = places.some((place) => place >= 7);
  if (isFront === isBack) return 'bitewing';
  return isFront ? 'bitewing-premolar' : 'bitewing-molar';
};
