/**
 * Characters as strokes on a grid 4 wide and 6 high (y down): `xy` per point, strokes separated by a space.
 * A font of our own, because a server often has none installed. Small letters are drawn as capitals.
 */
const STROKES: Readonly<Record<string, string>> = {
  A: '062046 1333',
  B: '06003041423303 3344453606',
  C: '4130100105163645',
  D: '00204244260600',
  E: '40000646 0333',
  F: '400006 0333',
  G: '41301001051636454323',
  H: '0006 4046 0343',
  I: '1030 2026 1636',
  J: '4045361605',
  K: '0006 4003 1246',
  L: '000646',
  M: '0600234046',
  N: '06004640',
  O: '103041453616050110',
  P: '06003041423303',
  Q: '103041453616050110 2446',
  R: '06003041423303 1346',
  S: '413010010213334445361605',
  T: '0040 2026',
  U: '000516364540',
  V: '002640',
  W: '0016233640',
  X: '0046 4006',
  Y: '002340 2326',
  Z: '00400646',
  '0': '103041453616050110 4105',
  '1': '112026 1636',
  '2': '011030414206 0646',
  '3': '004023334445361605',
  '4': '36300444',
  '5': '400003334445361605',
  '6': '301001051636454433130414',
  '7': '004016',
  '8': '103041423313020110 132304051636454433',
  '9': '163645413010010213334142',
  '.': '2526',
  ',': '2517',
  ':': '2122 2526',
  ';': '2122 2517',
  '/': '0640',
  '\\': '0046',
  '-': '1333',
  '+': '1333 2224 2125',
  _: '0646',
  '=': '0242 0444',
  '(': '30111536',
  ')': '10313516',
  '[': '30101636',
  ']': '10303616',
  '<': '410345',
  '>': '014305',
  '*': '2125 0145 0541',
  "'": '2021',
  '"': '1011 3031',
  '!': '2024 2526',
  '?': '01103041422324 2526',
  '#': '1115 3135 0242 0444',
  '%': '0640 0011 3546',
  '&': '46021021420605163643',
  '@': '3424223132343442413010010516364',
  '°': '1020211110',
  '^': '022042',
  '|': '2026',
  '~': '0312234132',
};

/** What stands for a character that has no strokes. */
const BOX = '1030361610';

const UNDECOMPOSED: Readonly<Record<string, string>> = {
  ß: 'SS',
  Æ: 'AE',
  Œ: 'OE',
  Ø: 'O',
  Đ: 'D',
  Ð: 'D',
  Þ: 'TH',
  Ł: 'L',
  '’': "'",
  '–': '-',
};

/** The characters that the font has: capitals without accents, as a passport writes them. */
const drawable = (text: string): readonly string[] =>
  Array.from(
    text
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .replace(
        /[ßÆæŒœØøĐđÐðÞþŁł’–]/g,
        (letter) => UNDECOMPOSED[letter.toUpperCase()] ?? UNDECOMPOSED[letter] ?? '',
      )
      .toUpperCase(),
  );

/** Grid columns from one character to the next. */
const ADVANCE = 6;

/** How wide `strokePath` draws the text. */
export const strokeWidth = (text: string, unit: number): number =>
  Math.max(0, drawable(text).length * ADVANCE - 2) * unit;

/** An SVG path of one line of text from its left top corner; `unit` is a sixth of the letter height. */
export function strokePath(text: string, left: number, top: number, unit: number): string {
  const at = (value: number) => Math.round(value * 100) / 100;
  const point = (pair: string, index: number) =>
    `${at(left + (index * ADVANCE + Number(pair[0])) * unit)} ${at(top + Number(pair[1]) * unit)}`;
  return drawable(text)
    .flatMap((character, index) =>
      (character.trim() === '' ? '' : (STROKES[character] ?? BOX))
        .split(' ')
        .filter((stroke) => stroke !== '')
        .map((stroke) => `M${(stroke.match(/../g) ?? []).map((pair) => point(pair, index)).join('L')}`),
    )
    .join('');
}

/** The same, its middle at `centerX`. */
export const centredPath = (text: string, centerX: number, top: number, unit: number): string =>
  strokePath(text, centerX - strokeWidth(text, unit) / 2, top, unit);
