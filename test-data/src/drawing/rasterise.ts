import sharp from 'sharp';
import type { Picture } from './mesh.ts';
import type { Random } from './random.ts';

/** The bytes of 16-bit pixels, little endian as every machine is that Node and sharp run on. */
export const wordBytes = (pixels: Uint16Array): Uint8Array =>
  new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);

/** The bytes of 8-bit pixels. */
export const byteBytes = (pixels: Uint16Array): Uint8Array => Uint8Array.from(pixels);

/** A drawing or a rendered picture as a camera writes it: JPEG baseline with subsampled chroma (YBR_FULL_422) and sensor grain. */
export const rasterisePhoto = async (
  picture: string | Picture,
  { rows, columns, grain, random }: { rows: number; columns: number; grain: number; random: Random },
): Promise<Buffer> => {
  const source =
    typeof picture === 'string'
      ? sharp(Buffer.from(picture))
      : // A lens is softer than a rendering.
        sharp(picture.data, { raw: { width: picture.columns, height: picture.rows, channels: 3 } }).blur(0.7);
  const drawn = await source
    .resize(columns, rows, { fit: 'fill' })
    .flatten({ background: '#000' })
    .removeAlpha()
    .raw()
    .toBuffer();
  const noise = Float32Array.from({ length: 65_536 }, () => random.normal());
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
