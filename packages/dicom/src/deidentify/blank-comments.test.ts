// Real: sharp's JPEG encoder and decoder.
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { blankComments } from './blank-comments.ts';

it('takes words and Exif out of a JPEG and leaves its pixels', async () => {
  const width = 32;
  const pixels = Buffer.from(Array.from({ length: width * width * 3 }, (_, n) => (n * 7) % 251));
  const jpeg = await sharp(pixels, { raw: { width, height: width, channels: 3 } })
    .withExif({ IFD0: { Artist: 'Ada Lovelace' } })
    .jpeg()
    .toBuffer();
  const comment = Buffer.from('\u00ff\u00fe\u0000\u000eAda Lovelace', 'latin1');
  const spoken = Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)]);
  expect(spoken.toString('latin1').match(/Ada Lovelace/g)).toHaveLength(2);
  const before = await sharp(spoken).raw().toBuffer();
  blankComments(spoken);
  expect(spoken.toString('latin1')).not.toContain('Lovelace');
  expect(await sharp(spoken).raw().toBuffer()).toEqual(before);
});

it('leaves alone what is no such code stream, and one that ends early', () => {
  for (const bytes of [
    Buffer.from('RIFF1234'),
    Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0, 1, 2]),
    Buffer.alloc(2),
  ]) {
    const copy = Buffer.from(bytes);
    blankComments(copy);
    expect(copy.length).toBe(bytes.length);
  }
});
