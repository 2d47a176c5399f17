import sharp from 'sharp';
import type { Random } from './random.ts';

/** Normal deviates drawn once; each row of a picture starts at another place, which the eye cannot tell from fresh ones. */
const grainTable = (random: Random): Float32Array =>
  Float32Array.from({ length: 65_536 }, () => random.normal());

export interface GrayPicture {
  readonly rows: number;
  readonly columns: number;
  /** Unsigned, `bits` significant bits, row by row. */
  readonly pixels: Uint16Array;
}

/**
 * Draws an SVG and digitises it: gray levels of `bits` bits with film-like grain, since a detector never gives two equal
 * neighbours and a codec would otherwise look better than it is.
 */
export const rasteriseGray = async (
  svg: string,
  {
    rows,
    columns,
    bits,
    grain,
    random,
  }: { rows: number; columns: number; bits: number; grain: number; random: Random },
): Promise<GrayPicture> => {
  const drawn = await sharp(Buffer.from(svg))
    .resize(columns, rows, { fit: 'fill' })
    .flatten({ background: '#000' })
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  const maximum = 2 ** bits - 1;
  const scale = maximum / 255;
  const pixels = new Uint16Array(rows * columns);
  const noise = grainTable(random);
  for (let row = 0; row < rows; row += 1) {
    const start = random.below(noise.length);
    for (let column = 0; column < columns; column += 1) {
      const i = row * columns + column;
      const value = ((drawn[i] ?? 0) + (noise[(start + column) & 0xffff] ?? 0) * grain) * scale;
      pixels[i] = Math.max(0, Math.min(maximum, Math.round(value)));
    }
  }
  return { rows, columns, pixels };
};

/** The bytes of 16-bit pixels, little endian. */
export const wordBytes = (pixels: Uint16Array): Uint8Array => {
  const bytes = Buffer.alloc(pixels.length * 2);
  for (let i = 0; i < pixels.length; i += 1) bytes.writeUInt16LE(pixels[i] ?? 0, i * 2);
  return bytes;
};

/** The bytes of 8-bit pixels. */
export const byteBytes = (pixels: Uint16Array): Uint8Array => Uint8Array.from(pixels);

/** A colour photograph as JPEG baseline with subsampled chroma, as cameras write it (YBR_FULL_422), with sensor grain. */
export const rasterisePhoto = async (
  svg: string,
  { rows, columns, grain, random }: { rows: number; columns: number; grain: number; random: Random },
): Promise<Buffer> => {
  const drawn = await sharp(Buffer.from(svg))
    .resize(columns, rows, { fit: 'fill' })
    .flatten({ background: '#000' })
    .removeAlpha()
    .raw()
    .toBuffer();
  const noise = grainTable(random);
  for (let row = 0; row < rows; row += 1) {
    const start = random.below(noise.length);
    for (let column = 0; column < columns; column += 1) {
      const i = (row * columns + column) * 3;
      const change = (noise[(start + column) & 0xffff] ?? 0) * grain;
      for (let c = 0; c < 3; c += 1) drawn[i + c] = Math.max(0, Math.min(255, (drawn[i + c] ?? 0) + change));
    }
  }
  return await sharp(drawn, { raw: { width: columns, height: rows, channels: 3 } })
    .jpeg({ quality: 88, chromaSubsampling: '4:2:0' })
    .toBuffer();
};
