// Real: the reader and the colour chain. Expected colours from PS3.3 C.7.6.3.1.2 and C.7.9.2.
import { describe, expect, it } from 'vitest';
import { decodeFrame } from './decode-frame.ts';
import { describePixels } from './describe-pixels.ts';
import { frameSource } from './frame-source.ts';
import { pictureOf } from './picture.ts';
import { storedBuffer } from './stored-bytes.ts';
import { headOf } from './testing/head-of.ts';
import { grayImage, part10, type Elements } from './testing/part10.ts';

const eightBit = { '00280100 US': [8], '00280101 US': [8], '00280102 US': [7] };
const words = (values: readonly number[]) => Buffer.from(Uint16Array.from(values).buffer);

async function colours(columns: number, more: Elements, pixelData: Buffer): Promise<number[]> {
  const bytes = part10({ elements: grayImage(1, columns, { ...eightBit, ...more }), pixelData });
  const head = headOf(bytes);
  const description = describePixels(head, 1);
  const frame = await decodeFrame(description, await frameSource(head, storedBuffer(bytes)).frame(1));
  return [...pictureOf(frame, description).data];
}

const three = (photometricInterpretation: string) => ({
  '00280002 US': [3],
  '00280004 CS': photometricInterpretation,
});

describe('colour', () => {
  it('RGB stays, by pixel or by plane', async () => {
    const byPixel = Buffer.from([1, 2, 3, 4, 5, 6]);
    expect(await colours(2, three('RGB'), byPixel)).toEqual([1, 2, 3, 4, 5, 6]);
    const byPlane = Buffer.from([1, 4, 2, 5, 3, 6]);
    expect(await colours(2, { ...three('RGB'), '00280006 US': [1] }, byPlane)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('RGB of 16 bits keeps its high byte', async () => {
    const sixteen = { ...three('RGB'), '00280100 US': [16], '00280101 US': [16], '00280102 US': [15] };
    expect(await colours(1, sixteen, words([65_535, 32_768, 0]))).toEqual([255, 128, 0]);
  });

  it('YBR_FULL is converted', async () => {
    expect(await colours(2, three('YBR_FULL'), Buffer.from([76, 85, 255, 150, 44, 21]))).toEqual([
      254, 0, 0, 0, 255, 1,
    ]);
  });

  it('YBR_FULL_422 shares its chroma between two pixels', async () => {
    expect(await colours(2, three('YBR_FULL_422'), Buffer.from([76, 150, 85, 255]))).toEqual([
      254, 0, 0, 255, 74, 74,
    ]);
  });

  it('PALETTE COLOR maps through its tables, from their first value and with their depth', async () => {
    const table = (first: number, bits: number, scale: number): Elements => ({
      '00280004 CS': 'PALETTE COLOR',
      '00281101 US': [2, first, bits],
      '00281102 US': [2, first, bits],
      '00281103 US': [2, first, bits],
      '00281201 OW': words([10 * scale, 20 * scale]),
      '00281202 OW': words([30 * scale, 40 * scale]),
      '00281203 OW': words([50 * scale, 60 * scale]),
    });
    const expected = [10, 30, 50, 20, 40, 60, 20, 40, 60];
    expect(await colours(3, table(5, 16, 256), Buffer.from([5, 6, 9]))).toEqual(expected);
    expect(await colours(3, table(5, 8, 1), Buffer.from([5, 6, 9]))).toEqual(expected);
    // Declared 16 bits deep but filled with 8-bit colours, as some modalities do.
    expect(await colours(3, table(5, 16, 1), Buffer.from([5, 6, 9]))).toEqual(expected);
  });

  it('PALETTE COLOR in segments is expanded', async () => {
    const segmented = words([0, 1, 0, 1, 2, 0x8000]);
    const table: Elements = {
      '00280004 CS': 'PALETTE COLOR',
      '00281101 US': [3, 0, 16],
      '00281102 US': [3, 0, 16],
      '00281103 US': [3, 0, 16],
      '00281221 OW': segmented,
      '00281222 OW': segmented,
      '00281223 OW': segmented,
    };
    expect(await colours(3, table, Buffer.from([0, 1, 2]))).toEqual([0, 0, 0, 64, 64, 64, 128, 128, 128]);
  });

  it('PALETTE COLOR without a palette is damaged, and CMYK is not supported', async () => {
    await expect(colours(1, { '00280004 CS': 'PALETTE COLOR' }, Buffer.from([0]))).rejects.toMatchObject({
      kind: 'invalid',
    });
    await expect(colours(1, three('HSV'), Buffer.from([0, 0, 0]))).rejects.toMatchObject({
      kind: 'unsupported',
    });
  });
});
