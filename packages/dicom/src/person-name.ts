import type { PersonNameJson } from './dicom-json.ts';

/** The component groups of a PN value (PS3.5 6.2.1) as DICOM JSON; `null` when all are empty. */
export const personNameJson = (value: string): PersonNameJson | null => {
  const [alphabetic = '', ideographic = '', phonetic = ''] = value.split('=').map((group) => group.trim());
  if (alphabetic === '' && ideographic === '' && phonetic === '') return null;
  return {
    ...(alphabetic === '' ? {} : { Alphabetic: alphabetic }),
    ...(ideographic === '' ? {} : { Ideographic: ideographic }),
    ...(phonetic === '' ? {} : { Phonetic: phonetic }),
  };
};

/** The name without trailing empty components and groups, which the standard lets a sender leave out: `A^B^^=C^D==` is `A^B=C^D`. */
export const canonicalName = (name: string): string =>
  name
    .split('=')
    .map((group) => group.trim().replace(/[\^ ]+$/, ''))
    .join('=')
    .replace(/=+$/, '');

/** Letters that Unicode does not decompose into a base letter and an accent. */
const UNDECOMPOSED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ŋ: 'n',
  ŧ: 't',
};

/**
 * A person name as it is searched: every component group, lower case, compatibility forms and accents removed, apostrophes dropped,
 * other punctuation and the delimiters `^` `=` turned into single spaces. `Müller^Jörg` and `MULLER^JORG ` fold alike.
 * The wildcards `*` and `?` are kept, so that a query folds the same way.
 */
export const foldName = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[ßæœøđðþłħıŋŧ]/g, (letter) => UNDECOMPOSED[letter] ?? letter)
    .replace(/['’ʼ`´]/g, '')
    .replace(/[^\p{L}\p{N}*?]+/gu, ' ')
    .trim();
