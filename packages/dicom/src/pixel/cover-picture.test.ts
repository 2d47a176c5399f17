// Real: the reader and the whole gray chain, from bytes to the picture. What is covered is drawn here by hand.
import { describe, expect, it } from 'vitest';
import { decodeFrame } from './decode-frame.ts';
import { describePixels } from './describe-pixels.ts';
import { frameSource } from './frame-source.ts';
import { pictureOf } from './picture.ts';
import { storedBuffer } from './stored-bytes.ts';
import { headOf } from './testing/head-of.ts';
import { grayImage, part10, type Elements } from './testing/part10.ts';

const eightBit = {
  '00280100 US': [8],
  '00280101 US': [8],
  '00280102 US': [7],
  '00281050 DS': '128',
  '00281051 DS': '256',
};

/** The picture of each frame as text: `.` the image (level 100), `#` white, `o` black. */
async function drawn(rows: number, columns: number, frames: number, more: Elements): Promise<string[]> {
  const bytes = part10({
    elements: grayImage(rows, columns, { ...eightBit, '00280008 IS': String(frames), ...more }),
    pixelData: Buffer.alloc(rows * columns * frames, 100),
    pixelVr: 'OB',
  });
  const head = headOf(bytes);
  const pictures: string[] = [];
  for (let n = 1; n <= frames; n++) {
    const description = describePixels(head, n);
    const frame = await decodeFrame(description, await frameSource(head, storedBuffer(bytes)).frame(n));
    const { data } = pictureOf(frame, description);
    const text = Array.from(data, (level) => (level === 100 ? '.' : level === 255 ? '#' : 'o'));
    pictures.push(
      Array.from({ length: rows }, (_, y) => text.slice(y * columns, (y + 1) * columns).join('')).join(' '),
    );
  }
  return pictures;
}

const overlay = (
  rows: number,
  columns: number,
  origin: readonly [number, number],
  bits: Buffer,
): Elements => ({
  '60000010 US': [rows],
  '60000011 US': [columns],
  '60000040 CS': 'G',
  '60000050 SS': origin,
  '60000100 US': [1],
  '60000102 US': [0],
  '60003000 OW': bits,
});

describe('overlays', () => {
  it('lie where their origin says, and are cut at the edges of the image', async () => {
    const full = Buffer.from([0xff, 0xff]);
    expect(await drawn(4, 4, 1, overlay(3, 3, [3, 3], full))).toEqual(['.... .... ..## ..##']);
    expect(await drawn(4, 4, 1, overlay(3, 3, [0, -1], full))).toEqual(['#... #... .... ....']);
  });

  it('of several frames begin at their frame and are not aligned to bytes; one of one frame lies over all', async () => {
    // Frames of 9 bits: the first has its first pixel, the second its last.
    const bits = Buffer.from([0x01, 0x00, 0x02, 0x00]);
    const several = { '60000015 IS': '2', '60000051 US': [2] };
    const first = overlay(3, 3, [1, 1], bits);
    const ordered = Object.fromEntries(
      Object.entries({ ...first, ...several }).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
    expect(await drawn(3, 3, 3, ordered)).toEqual(['... ... ...', '#.. ... ...', '... ... ..#']);
    expect(await drawn(3, 3, 2, first)).toEqual(['#.. ... ...', '#.. ... ...']);
  });

  it('that are shorter than they say, or mark a region of interest, are not drawn', async () => {
    expect(await drawn(3, 3, 1, overlay(200, 200, [1, 1], Buffer.from([0xff, 0xff])))).toEqual([
      '... ... ...',
    ]);
    const region = { ...overlay(3, 3, [1, 1], Buffer.from([0xff, 0xff])), '60000040 CS': 'R' };
    expect(await drawn(3, 3, 1, region)).toEqual(['... ... ...']);
  });
});

describe('shutters', () => {
  const rectangle = {
    '00181600 CS': 'RECTANGULAR',
    '00181602 IS': '2',
    '00181604 IS': '4',
    '00181606 IS': '3',
    '00181608 IS': '4',
  };

  it('leave open a rectangle, a circle, a polygon, edges included', async () => {
    expect(await drawn(5, 5, 1, rectangle)).toEqual(['ooooo ooooo o...o o...o ooooo']);
    const circle = { '00181600 CS': 'CIRCULAR', '00181610 IS': '3\\3', '00181612 IS': '2' };
    expect(await drawn(5, 5, 1, circle)).toEqual(['oo.oo o...o ..... o...o oo.oo']);
    const polygon = { '00181600 CS': 'POLYGONAL', '00181620 IS': '1\\1\\1\\5\\5\\1' };
    expect(await drawn(5, 5, 1, polygon)).toEqual(['..... ....o ...oo ..ooo .oooo']);
  });

  it('of several shapes leave open only what all do, in the gray that they say', async () => {
    const two = {
      ...rectangle,
      '00181600 CS': 'RECTANGULAR\\CIRCULAR',
      '00181610 IS': '3\\3',
      '00181612 IS': '1',
      '00181622 US': [65_535],
    };
    expect(await drawn(5, 5, 1, two)).toEqual(['##### ##### #...# ##.## #####']);
  });

  it('without their numbers, or with senseless ones, cover nothing', async () => {
    for (const more of [
      { '00181600 CS': 'RECTANGULAR' },
      { '00181600 CS': 'CIRCULAR', '00181610 IS': '3\\3', '00181612 IS': '0' },
      { '00181600 CS': 'POLYGONAL', '00181620 IS': '1\\1\\2\\2' },
      { '00181600 CS': 'OVAL' },
    ]) {
      expect(await drawn(2, 2, 1, more)).toEqual(['.. ..']);
    }
  });
});

it('floating-point values are shown from the smallest to the largest; what is no number, and padding, is not counted', async () => {
  const values = Float32Array.from([0.5, 1, 1.5, Number.NaN, -1e9]);
  const bytes = part10({
    elements: {
      ...grayImage(1, 5, {
        '00280100 US': [32],
        '00280122 FL': Buffer.from(Float32Array.from([-1e9]).buffer),
      }),
      '7FE00008 OF': Buffer.from(values.buffer),
    },
  });
  const head = headOf(bytes);
  const description = describePixels(head, 1);
  const frame = await decodeFrame(description, await frameSource(head, storedBuffer(bytes)).frame(1));
  expect([...pictureOf(frame, description).data]).toEqual([0, 128, 255, 0, 0]);
});
