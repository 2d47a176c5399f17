/** Pixels of one side. */
export const TEST_IMAGE_SIZE = 512;

const TEETH = 14;
const HALF_WIDTHS = [22, 23, 24, 19, 18, 16, 19];
const HALF_HEIGHT = 26;
const SCALE = 4;
/** Five by seven, one string for each line. */
const LETTERS: Readonly<Record<string, string>> = {
  A: '.###.#...##...#######...##...##...#',
  R: '####.#...##...#####.#.#..#..#.#...#',
  C: '.###.#...##....#....#....#...#.###.',
  H: '#...##...##...#######...##...##...#',
  W: '#...##...##...##.#.##.#.###.###...#',
  I: '.###...#....#....#....#....#...###.',
  E: '######....#....####.#....#....#####',
  T: '#####..#....#....#....#....#....#..',
  S: '.#####....#.....###.....#....#####.',
};

interface Tooth {
  readonly x: number;
  readonly y: number;
  readonly cos: number;
  readonly sin: number;
  readonly halfWidth: number;
}

const arch = (): readonly Tooth[] =>
  Array.from({ length: TEETH }, (_, at) => {
    const along = (at - (TEETH - 1) / 2) / ((TEETH - 1) / 2);
    const bend = Math.sign(along) * Math.abs(along) ** 0.82;
    const turn = Math.atan2(2 * along * 280, 200);
    return {
      x: 256 + bend * 200,
      y: 84 + along * along * 280,
      cos: Math.cos(turn),
      sin: Math.sin(turn),
      halfWidth: HALF_WIDTHS[Math.min(at, TEETH - 1 - at)] ?? 19,
    };
  });

/** Distance to the edge of a rounded box around the origin; negative inside. */
const box = (x: number, y: number, halfWidth: number, halfHeight: number, round: number): number => {
  const dx = Math.max(Math.abs(x) - halfWidth + round, 0);
  const dy = Math.max(Math.abs(y) - halfHeight + round, 0);
  return Math.hypot(dx, dy) - round;
};

const write = (pixels: Uint8Array, words: string, top: number): void => {
  const left = Math.round((TEST_IMAGE_SIZE - words.length * 6 * SCALE) / 2);
  for (const [at, letter] of words.split('').entries()) {
    for (const [dot, sign] of (LETTERS[letter] ?? '').split('').entries()) {
      if (sign !== '#') continue;
      const x = left + (at * 6 + (dot % 5)) * SCALE;
      const y = top + Math.floor(dot / 5) * SCALE;
      for (let row = 0; row < SCALE; row += 1)
        pixels.fill(235, (y + row) * TEST_IMAGE_SIZE + x, (y + row) * TEST_IMAGE_SIZE + x + SCALE);
    }
  }
};

/** An arch with brackets and the word that nobody can take for a patient's image. Eight bits a pixel. */
export const drawTestImage = (): Uint8Array => {
  const pixels = new Uint8Array(TEST_IMAGE_SIZE * TEST_IMAGE_SIZE);
  const teeth = arch();
  for (let y = 0; y < TEST_IMAGE_SIZE; y += 1) {
    for (let x = 0; x < TEST_IMAGE_SIZE; x += 1) {
      let value = 14 + 26 * Math.exp(-(((x - 256) / 210) ** 2) - ((y - 250) / 190) ** 2);
      for (const tooth of teeth) {
        const [dx, dy] = [x - tooth.x, y - tooth.y];
        const across = dx * tooth.cos + dy * tooth.sin;
        const up = dy * tooth.cos - dx * tooth.sin;
        if (Math.abs(across) > 40 || Math.abs(up) > 40) continue;
        const edge = box(across, up, tooth.halfWidth, HALF_HEIGHT, 12);
        if (edge < 0) value = Math.max(value, 120 + 70 * Math.min(1, -edge / 14) - 12 * Math.abs(up / 26));
        if (box(across, up, 8, 8, 3) < 0) value = Math.abs(up) < 1.4 ? 90 : 252;
      }
      pixels[y * TEST_IMAGE_SIZE + x] = Math.round(value);
    }
  }
  write(pixels, 'ARCHWIRE TEST', 440);
  return pixels;
};
