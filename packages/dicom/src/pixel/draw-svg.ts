import sharp from 'sharp';
import type { Picture } from './picture.ts';

/** The picture with shapes over it, in the picture's own pixels. `shapes` are SVG elements without text: no font is installed. */
export async function drawSvg(picture: Picture, shapes: string): Promise<Picture> {
  if (shapes === '') return picture;
  const { width, height, channels } = picture;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes}</svg>`;
  const { data: ink } = await sharp(Buffer.from(svg), { limitInputPixels: false })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const data = Uint8Array.from(picture.data);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const alpha = ink[pixel * 4 + 3] ?? 0;
    if (alpha === 0) continue;
    for (let channel = 0; channel < channels; channel++) {
      const at = pixel * channels + channel;
      data[at] = ((data[at] ?? 0) * (255 - alpha) + (ink[pixel * 4 + channel] ?? 0) * alpha) / 255 + 0.5;
    }
  }
  return { width, height, channels, data };
}
