// Real: rendering, sharp with its colour management, a Display P3 profile.
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { describePixels } from './describe-pixels.ts';
import { frameSource } from './frame-source.ts';
import { renderFrame, type RenderOptions } from './render-frame.ts';
import { storedBuffer } from './stored-bytes.ts';
import { headOf } from './testing/head-of.ts';
import { grayImage, part10 } from './testing/part10.ts';

const PIXEL = [200, 40, 40];

async function rendered(profile: Buffer | undefined, options: RenderOptions) {
  const bytes = part10({
    elements: grayImage(8, 8, {
      '00280002 US': [3],
      '00280004 CS': 'RGB',
      '00280006 US': [0],
      '00280100 US': [8],
      '00280101 US': [8],
      '00280102 US': [7],
      ...(profile === undefined ? {} : { '00282000 OB': profile }),
    }),
    pixelData: Buffer.from(Array.from({ length: 64 }, () => PIXEL).flat()),
    pixelVr: 'OB',
  });
  const head = headOf(bytes);
  const { data } = await renderFrame(
    describePixels(head, 1),
    await frameSource(head, storedBuffer(bytes)).frame(1),
    options,
  );
  const { icc } = await sharp(data).metadata();
  const raw = await sharp(data, { ignoreIcc: true }).removeAlpha().raw().toBuffer();
  return { icc, pixel: [...raw.subarray(0, 3)] };
}

it('keeps the profile of the image with its colours, converts it to sRGB, or leaves it out, as asked', async () => {
  const { data } = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#fff' } })
    .withIccProfile('p3')
    .png()
    .toBuffer({ resolveWithObject: true });
  const { icc: p3 = Buffer.alloc(0) } = await sharp(data).metadata();
  expect(p3.length).toBeGreaterThan(128);
  for (const mediaType of ['image/png', 'image/jpeg', 'image/webp'] as const) {
    const near = (pixel: readonly number[], expected: readonly number[]) =>
      pixel.every((value, i) => Math.abs(value - (expected[i] ?? 0)) <= (mediaType === 'image/png' ? 1 : 6));
    const left = await rendered(p3, { mediaType, quality: 100 });
    expect([mediaType, left.icc, near(left.pixel, PIXEL)]).toEqual([mediaType, undefined, true]);
    const kept = await rendered(p3, { mediaType, quality: 100, iccProfile: 'embed' });
    expect([mediaType, kept.icc?.equals(p3), near(kept.pixel, PIXEL)]).toEqual([mediaType, true, true]);
    const converted = await rendered(p3, { mediaType, quality: 100, iccProfile: 'srgb' });
    // This red lies at 218, 0, 26 of sRGB.
    expect([mediaType, converted.icc !== undefined, near(converted.pixel, [218, 0, 26])]).toEqual([
      mediaType,
      true,
      true,
    ]);
  }
});

it('says nothing about colours that nobody described, unless sRGB is asked for; a damaged profile harms nothing', async () => {
  const none = await rendered(undefined, { mediaType: 'image/png', iccProfile: 'embed' });
  expect([none.icc, none.pixel]).toEqual([undefined, PIXEL]);
  const said = await rendered(undefined, { mediaType: 'image/png', iccProfile: 'srgb' });
  expect([said.icc !== undefined, said.pixel]).toEqual([true, PIXEL]);
  const damaged = await rendered(Buffer.alloc(500, 7), { mediaType: 'image/png', iccProfile: 'srgb' });
  expect(damaged.pixel).toEqual(PIXEL);
});
