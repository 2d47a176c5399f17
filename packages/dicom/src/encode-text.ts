import { DESIGNATIONS, normalised, WHOLE, type CodeElement } from './character-set.ts';

/** The bytes of a text in a Specific Character Set; `undefined` when the set has no code for one of its characters. */
export type TextEncoding = (text: string, vr: string) => Buffer | undefined;

/** The escape sequence of each registration number, without its ESC (PS3.3 tables C.12-2 to C.12-4). */
const SEQUENCES: Readonly<Record<string, string>> = {
  6: '(B',
  13: ')I',
  58: '$)A',
  87: '$B',
  100: '-A',
  101: '-B',
  109: '-C',
  110: '-D',
  126: '-F',
  127: '-G',
  138: '-H',
  144: '-L',
  148: '-M',
  149: '$)C',
  159: '$(D',
  166: '-T',
  203: '-b',
};
const ESC = '\u001B';
const ASCII = '(B';
const KATAKANA = ')I';
/** G0 of JIS X 0201: a text that begins in it returns to it. */
const ROMAJI = '(J';

type Bytes = readonly [first: number, last: number];
const G0: Bytes = [0x21, 0x7e];
const G1: Bytes = [0xa0, 0xff];

/** Every code of an element, found by decoding them all once. */
const codesOf = (
  element: CodeElement,
  [first, last]: Bytes,
  seconds: Bytes = [first, last],
): ReadonlyMap<string, string> => {
  const codes = new Map<string, string>();
  const learn = (...bytes: number[]): void => {
    const character = element.decode(Buffer.from(bytes));
    if (character.length === 1 && character !== '\uFFFD' && !codes.has(character))
      codes.set(character, String.fromCharCode(...bytes));
  };
  for (let byte = first; byte <= last; byte += 1) {
    if (element.bytesPerCharacter === 1) learn(byte);
    else for (let second = seconds[0]; second <= seconds[1]; second += 1) learn(byte, second);
  }
  return codes;
};

const CODES = new Map<string, ReadonlyMap<string, string>>();
const codes = (sequence: string): ReadonlyMap<string, string> => {
  const known = CODES.get(sequence);
  if (known !== undefined) return known;
  const designation = DESIGNATIONS.get(sequence);
  const made =
    designation === undefined
      ? new Map<string, string>()
      : codesOf(designation.element, designation.into === 'g1' ? G1 : G0);
  CODES.set(sequence, made);
  return made;
};

/** GB18030 and GBK: every two-byte code; rarer characters need four bytes, which nobody who asks for these sets sends. */
const wholeEncoding = (term: string, decode: (bytes: Buffer) => string): TextEncoding => {
  if (decode(Buffer.from('é')) === 'é') return (text) => Buffer.from(text);
  let table = CODES.get(term);
  return (text) => {
    table ??= codesOf({ bytesPerCharacter: 2, decode }, [0x81, 0xfe], [0x40, 0xfe]);
    CODES.set(term, table);
    let out = '';
    for (const character of text) {
      const code = character <= '\u007F' ? character : table.get(character);
      if (code === undefined) return undefined;
      out += code;
    }
    return Buffer.from(out, 'latin1');
  };
};

/** What ends a designation (PS3.5 6.1.2.5.3); mirrored by `decodeText`. */
const endsDesignation = (character: string, vr: string): boolean =>
  '\n\r\f\t'.includes(character) ||
  (character === '\\' && vr !== 'ST' && vr !== 'LT' && vr !== 'UT') ||
  (vr === 'PN' && (character === '^' || character === '='));

const extendedEncoding = (terms: readonly string[]): TextEncoding => {
  const initialG1 = SEQUENCES[terms[0] ?? ''];
  const initialG0 = initialG1 === KATAKANA ? ROMAJI : ASCII;
  const firstG1 = DESIGNATIONS.get(initialG1 ?? '')?.into === 'g1' ? initialG1 : undefined;
  const extensions = terms.slice(1).flatMap((term) => SEQUENCES[term] ?? []);
  return (text, vr) => {
    let out = '';
    let g0 = initialG0;
    let g1 = firstG1;
    for (const character of text) {
      if (character <= '\u007F') {
        if (g0 !== initialG0) out += `${ESC}${initialG0}`;
        g0 = initialG0;
        out += character;
        if (endsDesignation(character, vr)) g1 = firstG1;
        continue;
      }
      const current = [g0, g1].find((sequence) => sequence !== undefined && codes(sequence).has(character));
      const chosen = current ?? extensions.find((sequence) => codes(sequence).has(character));
      const code = chosen === undefined ? undefined : codes(chosen).get(character);
      if (chosen === undefined || code === undefined) return undefined;
      if (current === undefined) {
        out += `${ESC}${chosen}`;
        if (DESIGNATIONS.get(chosen)?.into === 'g0') g0 = chosen;
        else g1 = chosen;
      }
      out += code;
    }
    return Buffer.from(g0 === initialG0 ? out : `${out}${ESC}${initialG0}`, 'latin1');
  };
};

/** How text is written in a Specific Character Set (0008,0005), given with its backslashes; empty is the default repertoire. */
export const textEncoding = (specificCharacterSet: string): TextEncoding => {
  const terms = specificCharacterSet.split('\\').map(normalised);
  const [first = ''] = terms;
  const whole = WHOLE.get(first);
  return whole === undefined ? extendedEncoding(terms) : wholeEncoding(first, whole);
};
