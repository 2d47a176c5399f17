import type { DataSet } from 'dicom-parser';
import { ORTHO_CODES } from './ortho-codes.ts';
import { ORTHO_VIEWS, type OrthoView, type OrthoViewKey } from './ortho-views.ts';
import { sequenceCodes, sequenceItems } from './sequence-codes.ts';

/** View modifiers of CID 4064 and 4065 that say what another code says too, by that code's word. */
const SAME_AS: readonly (readonly [code: string, word: string])[] = [
  ['789134001', 'mirrored-uncorrected'],
  ['789132002', 'mirrored-uncorrected'],
  ['789133007', 'mirrored-uncorrected'],
  ['789310004', 'mirrored-corrected'],
  ['789311000', 'mirrored-corrected'],
  ['789312007', 'mirrored-corrected'],
  ['787612006', '45-degree'],
  ['787611004', 'mandible-forward'],
  ['789314008', 'lips-relaxed'],
  ['787607005', 'lips-closed'],
  ['1332210001', 'teeth-apart'],
];
const WORDS: ReadonlyMap<string, string> = new Map([
  ...Object.entries(ORTHO_CODES).map(([word, { CodeValue }]) => [CodeValue, word] as const),
  ...SAME_AS,
]);

/** Codes that decide nothing here, such as those of teeth, have no word. */
const wordsOf = (codes: readonly string[]): readonly string[] =>
  codes.flatMap((code) => WORDS.get(code) ?? []);
const nestedWords = (dataSet: DataSet, outer: string, inner: string): readonly string[] =>
  sequenceItems(dataSet, outer).flatMap((item) => wordsOf(sequenceCodes(item, inner)));

const expected = (view: OrthoView): ReadonlySet<string> =>
  new Set(
    [
      view.structure,
      ...(view.structureModifier === undefined ? [] : [`of ${view.structureModifier}`]),
      view.device,
      view.projection,
      view.viewModifier,
      ...(view.functional ?? []),
      view.finding,
      view.observable,
      view.occlusion,
    ].filter((word) => word !== undefined),
  );

const isKey = (text: string): text is OrthoViewKey => Object.hasOwn(ORTHO_VIEWS, text);
const KEYS = Object.keys(ORTHO_VIEWS).filter(isKey);
const CODED = KEYS.map((key) => {
  const view: OrthoView = ORTHO_VIEWS[key];
  return { key, view, words: expected(view) };
});

/** A side is said by the region's modifier or, without one, by where the row of pixels points. */
const isOnSide = (dataSet: DataSet, { regionModifier, orientation }: OrthoView): boolean => {
  if (regionModifier === undefined) return true;
  const said = nestedWords(dataSet, 'x00082218', 'x00082220');
  if (said.length > 0) return said.includes(regionModifier);
  return (dataSet.string('x00200020') ?? '').split('\\')[0] === orientation?.split('\\')[0];
};

/**
 * Which of the standard photographs has exactly these codes. Two pairs of keys share theirs (IV07 and IV11, IV08 and
 * IV12): the plain frontal view stands for both.
 */
export const orthoViewKey = (dataSet: DataSet): OrthoViewKey | undefined => {
  const words = new Set([
    ...wordsOf(sequenceCodes(dataSet, 'x00082228')),
    ...nestedWords(dataSet, 'x00082228', 'x00082230').map((word) => `of ${word}`),
    ...wordsOf(sequenceCodes(dataSet, 'x00500010')),
    ...wordsOf(sequenceCodes(dataSet, 'x00540220')),
    ...nestedWords(dataSet, 'x00540220', 'x00540222'),
    ...nestedWords(dataSet, 'x00400555', 'x0040a168'),
  ]);
  const isExact = (wanted: ReadonlySet<string>): boolean =>
    wanted.size === words.size && [...wanted].every((word) => words.has(word));
  return CODED.find((each) => isExact(each.words) && isOnSide(dataSet, each.view))?.key;
};

/** An ADA-1100 key in the words of an object, as writers put it there who know no codes: `IV-18`, `EV38`. */
export const writtenViewKey = (words: string): OrthoViewKey | undefined => {
  const found = /\b([IE]V)-?(\d\d)\b/.exec(words.toUpperCase());
  const key = `${found?.[1] ?? ''}${found?.[2] ?? ''}`;
  return isKey(key) ? key : undefined;
};
