import sharp from 'sharp';
import type { Random } from './random.ts';
import { createRandom } from './random.ts';

/** A radiograph in the making: how much the rays lost on their way to each pixel. Layers add up, as in a body. */
export interface Film {
  readonly columns: number;
  readonly rows: number;
  readonly density: Float32Array;
}

export const createFilm = (columns: number, rows: number): Film => ({
  columns,
  rows,
  density: new Float32Array(columns * rows),
});

/** The gray levels (0 to 1) of an SVG, drawn at its own size and stretched over the film. */
export const drawLayer = async (svg: string, { columns, rows }: Film): Promise<Float32Array> => {
  const { data, info } = await sharp(Buffer.from(svg))
    .flatten({ background: '#000' })
    .toColourspace('b-w')
    .resize(columns, rows, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const layer = new Float32Array(columns * rows);
  for (let i = 0; i < layer.length; i += 1) layer[i] = (data[i * info.channels] ?? 0) / 255;
  return layer;
};

const TILE = 512;
let tile: Float32Array | undefined;

const blurTile = (from: Float32Array, radius: number): Float32Array => {
  const pass = (source: Float32Array, step: number, line: number): Float32Array => {
    const to = new Float32Array(source.length);
    for (let a = 0; a < TILE; a += 1) {
      for (let b = 0; b < TILE; b += 1) {
        let sum = 0;
        for (let k = -radius; k <= radius; k += 1)
          sum += source[a * line + ((b + k + TILE) % TILE) * step] ?? 0;
        to[a * line + b * step] = sum;
      }
    }
    return to;
  };
  const to = pass(pass(from, 1, TILE), TILE, 1);
  const spread = Math.sqrt(to.reduce((sum, value) => sum + value * value, 0) / to.length);
  return to.map((value) => value / spread);
};

/** The mesh of spongy bone, mean 0, spread about 1, repeating every 512 pixels. */
const trabeculae = (): Float32Array => {
  if (tile !== undefined) return tile;
  const random = createRandom(77);
  const noise = Float32Array.from({ length: TILE * TILE }, () => random.normal());
  const [fine, middle, coarse] = [blurTile(noise, 1), blurTile(noise, 3), blurTile(noise.toReversed(), 9)];
  tile = fine.map((value, i) => {
    // Plates of bone around marrow: ridges, not hills.
    const ridge = 0.8 - Math.abs(middle[i] ?? 0);
    return 0.35 * value + 0.75 * ridge + 0.4 * (coarse[i] ?? 0);
  });
  return tile;
};

/** Adds a layer of `amount` at white, and where `bone` (0 to 1) is, the mesh of spongy bone of `mesh` strength. */
export const addLayers = (
  film: Film,
  layer: Float32Array,
  amount: number,
  { bone, mesh, scale = 1, seed = 0 }: { bone: Float32Array; mesh: number; scale?: number; seed?: number },
): void => {
  const { columns, rows, density } = film;
  const texture = trabeculae();
  for (let row = 0; row < rows; row += 1) {
    const line = ((Math.floor(row * scale) + seed) % TILE) * TILE;
    for (let column = 0; column < columns; column += 1) {
      const i = row * columns + column;
      const inBone = bone[i] ?? 0;
      const grain =
        inBone > 0.02
          ? (texture[line + ((Math.floor(column * scale) + seed) % TILE)] ?? 0) * mesh * inBone
          : 0;
      density[i] = (density[i] ?? 0) + (layer[i] ?? 0) * amount + grain;
    }
  }
};

const words = (bytes: Buffer): Uint16Array =>
  bytes.byteOffset % 2 === 0
    ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
    : new Uint16Array(Uint8Array.from(bytes).buffer);

/** What the detector shows: denser is whiter, with its curve, stretched to the image's size, with the noise of its quanta. */
export const develop = async (
  { columns, rows, density }: Film,
  image: { rows: number; columns: number; bits: number; grain: number; random: Random },
): Promise<Uint16Array> => {
  const curve = new Uint16Array(columns * rows);
  for (let i = 0; i < density.length; i += 1) {
    // A toe and a shoulder, as film has them: deep blacks, and whites that keep their detail.
    const seen = 1 - Math.exp(-1.55 * Math.max(0, density[i] ?? 0));
    const value = seen * (0.62 + 0.6 * seen - 0.2 * seen * seen);
    curve[i] = Math.round(Math.min(1, value) * 65_535);
  }
  const same = columns === image.columns && rows === image.rows;
  const stretched = same
    ? curve
    : words(
        await sharp(curve, { raw: { width: columns, height: rows, channels: 1 } })
          .toColourspace('grey16')
          .resize(image.columns, image.rows, { fit: 'fill', kernel: 'cubic' })
          .raw({ depth: 'ushort' })
          .toBuffer(),
      );
  const noise = Float32Array.from({ length: 65_536 }, () => image.random.normal());
  const maximum = 2 ** image.bits - 1;
  const pixels = new Uint16Array(image.rows * image.columns);
  for (let row = 0; row < image.rows; row += 1) {
    const start = image.random.below(noise.length);
    for (let column = 0; column < image.columns; column += 1) {
      const i = row * image.columns + column;
      const value = (stretched[i] ?? 0) / 65_535;
      // Fewer quanta arrive behind dense parts, but the curve is flat there.
      const grain =
        (noise[(start + column) & 0xffff] ?? 0) * image.grain * (0.35 + 0.65 * value * (1.4 - value));
      pixels[i] = Math.max(0, Math.min(maximum, Math.round((value + grain / 255) * maximum)));
    }
  }
  return pixels;
};
