// Real: worker threads, codecs, sharp. Images are made here; hostile sample files as well when there are any.
import { AppError } from '@archwire/contracts/app-error';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { assertDecodable } from './assert-decodable.ts';
import { describePixels } from './describe-pixels.ts';
import { frameSource } from './frame-source.ts';
import { createPixelPool } from './pixel-pool.ts';
import { representativeFrame } from './representative-frame.ts';
import { storedBuffer } from './stored-bytes.ts';
import { headOf } from './testing/head-of.ts';
import { grayImage, part10, type Elements } from './testing/part10.ts';
import { readSample, sampleFiles } from './testing/samples.ts';

const pool = createPixelPool({ threads: 2 });
afterAll(() => pool.close());

async function input(bytes: Buffer) {
  const head = headOf(bytes);
  const n = representativeFrame(head);
  const source = frameSource(head, storedBuffer(bytes));
  const description = describePixels(head, n);
  assertDecodable(description);
  return { description, bytes: Buffer.from(await source.frame(n)) };
}
const derive = async (object: Buffer) => {
  const { description, bytes } = await input(object);
  return pool.derive(description, bytes);
};

/** A smooth ramp with a dark square: any mistake of orientation, scale or polarity shows. */
function ramp(rows: number, columns: number, more: Elements = {}): Buffer {
  const values = Uint16Array.from({ length: rows * columns }, (_, i) => {
    const x = i % columns;
    const y = Math.floor(i / columns);
    return x < columns / 4 && y < rows / 4 ? 0 : 1000 + Math.round((3000 * x) / columns);
  });
  return part10({ elements: grayImage(rows, columns, more), pixelData: Buffer.from(values.buffer) });
}
function noise(rows: number, columns: number): Buffer {
  let state = 1;
  const bytes = Buffer.from(
    Uint8Array.from({ length: rows * columns * 3 }, () => (state = (state * 48_271) % 2_147_483_647) & 255),
  );
  const eightBit = { '00280100 US': [8], '00280101 US': [8], '00280102 US': [7] };
  const rgb = { '00280002 US': [3], '00280004 CS': 'RGB' };
  return part10({ elements: grayImage(rows, columns, { ...eightBit, ...rgb }), pixelData: bytes });
}
const sizeOf = ({ width, height }: { width: number; height: number }) => [width, height];
/** Channels of the file, and the level at a place given in fractions of its size. */
const level = async (image: Uint8Array, x: number, y: number) => {
  const { channels } = await sharp(image).metadata();
  const { data, info } = await sharp(image).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  const at = Math.round(y * (info.height - 1)) * info.width + Math.round(x * (info.width - 1));
  return { channels, value: data[at * info.channels] ?? -1 };
};

/** Every hostile sample with Pixel Data (or unreadable before it) that gets no picture; the others are shown. */
const HOSTILE: Readonly<Record<string, string>> = {
  'dwv__dwv-test_no-number-rows.dcm': 'invalid',
  'fo-dicom__GH1146.dcm': 'invalid',
  'fo-dicom__GH179B.dcm': 'invalid',
  'fo-dicom__GH340.dcm': 'unsupported',
  'orthanc-tests__2026-05-26-oob-monochrome-65535.dcm': 'too-large',
  'pydicom__nested_priv_SQ.dcm': 'invalid',
  'pydicom__no_meta.dcm': 'invalid',
  'pydicom__rtplan_truncated.dcm': 'invalid',
};

describe('derived images', () => {
  it('of a panoramic fit 200 and 800 pixels, keep full resolution, stay gray, and show the same picture', async () => {
    const images = await derive(ramp(1500, 3000));
    expect([images.thumbnail, images.preview, images.display].map(sizeOf)).toEqual([
      [200, 100],
      [800, 400],
      [3000, 1500],
    ]);
    expect(images.thumbnail.data.length).toBeLessThanOrEqual(50_000);
    expect(images.preview.data.length).toBeLessThanOrEqual(200_000);
    for (const image of Object.values(images)) {
      const dark = await level(image.data, 0.1, 0.1);
      const middle = await level(image.data, 0.5, 0.5);
      const bright = await level(image.data, 1, 0.9);
      expect([dark.channels, middle.channels]).toEqual([1, 1]);
      expect([dark.value, middle.value, bright.value].map((value) => Math.round(value / 8))).toEqual([
        0, 20, 32,
      ]);
    }
  });

  it('of a small image are not enlarged', async () => {
    const images = await derive(ramp(50, 30));
    expect([images.thumbnail, images.preview, images.display].map(sizeOf)).toEqual([
      [30, 50],
      [30, 50],
      [30, 50],
    ]);
  });

  it('of pixels that are not square are stretched until they are', async () => {
    const spaced = await derive(ramp(100, 100, { '00280030 DS': '0.4\\0.2' }));
    expect(sizeOf(spaced.display)).toEqual([100, 200]);
    const aspect = await derive(ramp(100, 100, { '00280034 IS': '1\\2' }));
    expect(sizeOf(aspect.display)).toEqual([200, 100]);
  });

  it('of pure noise stay below their byte limits all the same', async () => {
    const images = await derive(noise(900, 900));
    expect(images.preview.data.length).toBeLessThanOrEqual(200_000);
    expect(images.thumbnail.data.length).toBeLessThanOrEqual(50_000);
    expect(sizeOf(images.display)).toEqual([900, 900]);
  });
});

describe('rendered frames', () => {
  const rendered = async (options: Parameters<typeof pool.render>[2], object = ramp(100, 200)) => {
    const { description, bytes } = await input(object);
    return pool.render(description, bytes, options);
  };

  it('come in the media type asked for', async () => {
    const formats = [];
    for (const mediaType of ['image/jpeg', 'image/png', 'image/webp', 'image/gif'] as const) {
      const image = await rendered({ mediaType });
      formats.push([image.mediaType, (await sharp(image.data).metadata()).format, ...sizeOf(image)]);
    }
    expect(formats).toEqual([
      ['image/jpeg', 'jpeg', 200, 100],
      ['image/png', 'png', 200, 100],
      ['image/webp', 'webp', 200, 100],
      ['image/gif', 'gif', 200, 100],
    ]);
  });

  it('fit the viewport, scaled up only when asked', async () => {
    const viewport = { width: 300, height: 300 };
    expect(
      sizeOf(await rendered({ mediaType: 'image/jpeg', viewport: { ...viewport, enlarge: true } })),
    ).toEqual([300, 150]);
    expect(
      sizeOf(await rendered({ mediaType: 'image/jpeg', viewport: { ...viewport, enlarge: false } })),
    ).toEqual([200, 100]);
  });

  it('are not scaled up beyond what memory allows, whatever viewport is asked for', async () => {
    const viewport = { width: 100_000, height: 100_000, enlarge: true };
    expect(sizeOf(await rendered({ mediaType: 'image/jpeg', viewport }))).toEqual([4096, 2048]);
  });

  it('show the source region of the viewport, flipped when its size is negative', async () => {
    const viewport = { width: 50, height: 25, enlarge: false };
    const source = { x: 0, y: 0, width: 100, height: 50 };
    const plain = await rendered({ mediaType: 'image/png', viewport: { ...viewport, source } });
    const flipped = await rendered({
      mediaType: 'image/png',
      viewport: { ...viewport, source: { ...source, width: -100 } },
    });
    const levels = [];
    for (const image of [plain, flipped]) {
      levels.push(
        [(await level(image.data, 0.1, 0.1)).value, (await level(image.data, 0.9, 0.1)).value].map(
          (v) => v > 50,
        ),
      );
    }
    expect(levels).toEqual([
      [false, true],
      [true, false],
    ]);
    const outside = { ...viewport, source: { ...source, x: 500 } };
    await expect(rendered({ mediaType: 'image/png', viewport: outside })).rejects.toMatchObject({
      kind: 'invalid',
    });
  });

  it('obey the window asked for', async () => {
    const image = await rendered({
      mediaType: 'image/png',
      window: { center: 0, width: 10, function: 'LINEAR' },
    });
    expect((await level(image.data, 0.9, 0.9)).value).toBe(255);
  });
});

describe('what cannot be shown', () => {
  it('says why, and the pool goes on', async () => {
    const damaged = part10({
      transferSyntaxUid: '1.2.840.10008.1.2.4.90',
      elements: grayImage(10, 10),
      fragments: { table: [], values: [Buffer.alloc(100)] },
    });
    await expect(derive(damaged)).rejects.toMatchObject({ name: 'AppError', kind: 'invalid' });
    expect(sizeOf((await derive(ramp(10, 10))).display)).toEqual([10, 10]);
  });

  it('is refused before any memory is taken for it: 65,535 × 65,535 from 910 bytes', async () => {
    const before = process.memoryUsage.rss();
    const small = part10({ elements: grayImage(65_535, 65_535), pixelData: Buffer.alloc(16) });
    await expect(derive(small)).rejects.toMatchObject({ kind: 'too-large' });
    const claim = part10({
      transferSyntaxUid: '1.2.840.10008.1.2.4.70',
      elements: grayImage(65_535, 65_535),
      fragments: { table: [], values: [Buffer.from('ffd8ffc3000b10ffffffff01000000ffd9', 'hex')] },
    });
    await expect(derive(claim)).rejects.toMatchObject({ kind: 'too-large' });
    expect(process.memoryUsage.rss() - before).toBeLessThan(50_000_000);
  });

  it('too slow ends with its thread; the next frame gets a new one', async () => {
    const impatient = createPixelPool({ threads: 1, timeoutMs: 1 });
    const { description, bytes } = await input(ramp(2000, 2000));
    await expect(impatient.derive(description, bytes)).rejects.toMatchObject({
      kind: 'unavailable',
      details: { reason: 'timeout' },
    });
    await impatient.close();
    const again = await input(ramp(10, 10));
    await expect(impatient.derive(again.description, again.bytes)).rejects.toMatchObject({
      kind: 'unavailable',
    });
  });

  it('gets a drawn placeholder in all three sizes', async () => {
    for (const reason of ['damaged', 'unsupported', 'too-large', 'timeout', 'no-picture'] as const) {
      const images = await pool.placeholder({ reason });
      expect([images.thumbnail, images.preview, images.display].map(sizeOf)).toEqual([
        [200, 200],
        [800, 800],
        [800, 800],
      ]);
      const { data } = await sharp(images.preview.data).raw().toBuffer({ resolveWithObject: true });
      expect(new Set(data).size).toBeGreaterThan(10);
    }
  });

  it('of the hostile samples answers with an error of ours, never with a crash', async () => {
    const outcomes: Record<string, string> = {};
    for (const file of sampleFiles('dicom_robustness')) {
      const outcome = await derive(readSample(file)).then(
        () => 'shown',
        (error: unknown) => (error instanceof AppError ? error.kind : String(error)),
      );
      if (outcome !== 'shown' && outcome !== 'not-found')
        outcomes[file.slice('dicom_robustness/'.length)] = outcome;
    }
    expect(outcomes).toEqual(sampleFiles('dicom_robustness').length === 0 ? {} : HOSTILE);
  });
});

describe('memory', () => {
  it('does not grow over 300 images', async () => {
    const object = ramp(512, 512);
    const hundred = async () => {
      for (let i = 0; i < 100; i++) await derive(object);
      return process.memoryUsage.rss();
    };
    const warm = await hundred();
    await hundred();
    expect((await hundred()) - warm).toBeLessThan(60_000_000);
  });
});
