/** Letters that Unicode does not decompose into a base letter and a mark. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

const foldComponent = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/g, (letter) => PLAIN[letter] ?? letter)
    .replace(/['’`´]/g, '')
    .replace(/[^\p{L}\p{M}\p{N}*?]+/gu, ' ')
    .trim();

/**
 * The form of a person name (VR PN) that is compared and searched: lower case, without accents, apostrophes and
 * punctuation; components still divided by `^`, component groups by `=`, empty ones at the end dropped. `*` and `?`
 * stay, so that a matching pattern folds the same way. Answers `null` when nothing is left.
 */
export const foldName = (name: string | null): string | null => {
  if (name === null) return null;
  const folded = name
    .split('=')
    .map((group) => group.split('^').map(foldComponent).join('^').replace(/\^+$/, ''))
    .join('=')
    .replace(/=+$/, '');
  return folded === '' ? null : folded;
};
