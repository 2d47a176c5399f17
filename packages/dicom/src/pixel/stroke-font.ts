/**
 * Capital letters as strokes on a grid 4 wide and 6 high (y down): `xy` per point, strokes separated by a space.
 * A font of our own, because a server often has none installed.
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
  '3': '004023334445361605',
  '-': '1333',
};

/** An SVG path of one line of capitals, centred on `centerX`; `unit` is a sixth of the letter height. */
export function strokePath(text: string, centerX: number, top: number, unit: number): string {
  const advance = 6 * unit;
  const left = centerX - (text.length * advance - 2 * unit) / 2;
  const point = (pair: string, index: number) =>
    `${left + index * advance + Number(pair[0]) * unit} ${top + Number(pair[1]) * unit}`;
  return Array.from(text)
    .flatMap((letter, index) =>
      (STROKES[letter] ?? '')
        .split(' ')
        .filter((stroke) => stroke !== '')
        .map((stroke) => `M${(stroke.match(/../g) ?? []).map((pair) => point(pair, index)).join('L')}`),
    )
    .join('');
}
