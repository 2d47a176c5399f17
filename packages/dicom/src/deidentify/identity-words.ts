import type { DataSet } from 'dicom-parser';

const NAME_WORD = /[^\s^=\\,.;:()'"-]{3,}/g;
const IDENTIFIERS = [
  'x00100020',
  'x00101000',
  'x00080050',
  'x00100030',
  'x00380010',
  'x00402016',
  'x00402017',
];
const INSTITUTION = ['x00080080', 'x00080081'];
/** Patient IDs such as `7` are everywhere. */
const SHORTEST_IDENTIFIER = 4;

const folded = (text: string): string => text.replace(/[\0\s]+$/, '').toLowerCase();

/**
 * Whether a text repeats what the object says elsewhere of who was imaged, by whom and where: words of every person name,
 * identifiers, the institution. Bytes are compared, as all texts of an object are in its own character set.
 */
export const createIdentityWords = (
  dataSet: DataSet,
  keepInstitution: boolean,
): ((text: string) => boolean) => {
  const words = new Set<string>();
  const addNames = (text: string): void => {
    for (const [word] of text.matchAll(NAME_WORD)) words.add(folded(word));
  };
  const addWhole = (text: string): void => {
    for (const value of text.split('\\'))
      if (value.trim().length >= SHORTEST_IDENTIFIER) words.add(folded(value.trim()));
  };
  const collect = (source: DataSet): void => {
    for (const [key, element] of Object.entries(source.elements)) {
      if (element.items !== undefined)
        for (const { dataSet: item } of element.items) {
          if (item !== undefined) collect(item);
        }
      else if (element.vr === 'PN') addNames(source.string(key) ?? '');
    }
  };
  collect(dataSet);
  for (const key of IDENTIFIERS) addWhole(dataSet.string(key) ?? '');
  if (!keepInstitution) for (const key of INSTITUTION) addWhole(dataSet.string(key) ?? '');
  return (text) => {
    const searched = folded(text);
    return [...words].some((word) => searched.includes(word));
  };
};
