// Real: the reader and the whole gray chain. Expected levels are worked out by hand from PS3.3 C.11.
import { describe, expect, it } from 'vitest';
import { decodeFrame } from './decode-frame.ts';
import { describePixels } from './describe-pixels.ts';
import { frameSource } from './frame-source.ts';
import { pictureOf } from './picture.ts';
import { storedBuffer } from './stored-bytes.ts';
import type { Window } from './pixel-description.ts';
import { headOf } from './testing/head-of.ts';
import { grayImage, part10, type Elements } from './testing/part10.ts';

const words = (values: readonly number[]) => Buffer.from(Uint16Array.from(values).buffer);

async function shown(values: readonly number[], more: Elements, window?: Window): Promise<number[]> {
  const bytes = part10({ elements: grayImage(1, values.length, more), pixelData: words(values) });
  const head = headOf(bytes);
  const description = describePixels(head, 1);
  const frame = await decodeFrame(description, await frameSource(head, storedBuffer(bytes)).frame(1));
  return [...pictureOf(frame, description, window).data];
}

const signed = { '00280103 US': [1] };

describe('gray levels', () => {
  it('stretch from the smallest to the largest value when nothing else is said', async () => {
    expect(await shown([100, 150, 200], {})).toEqual([0, 128, 255]);
  });

  it('of a uniform image are not a division by zero', async () => {
    expect(await shown([7, 7], {})).toEqual([255, 255]);
    expect(await shown([0, 0], {})).toEqual([0, 0]);
  });

  it('leave Pixel Padding Value out of that range, and the range up to its limit', async () => {
    expect(await shown([0, 100, 200], { '00280120 US': [0] })).toEqual([0, 0, 255]);
    expect(await shown([0, 5, 100, 200], { '00280120 US': [0], '00280121 US': [9] })).toEqual([0, 0, 0, 255]);
  });

  it('use only Bits Stored below High Bit, and their sign', async () => {
    const twelve = { '00280101 US': [12], '00280102 US': [11] };
    expect(await shown([0xf000, 0x0fff], twelve)).toEqual([0, 255]);
    // -2048, 0, 2047 in 12 bits with rubbish above them.
    expect(await shown([0x0800, 0xf000, 0xa7ff], { ...twelve, ...signed })).toEqual([0, 128, 255]);
    const high = { '00280101 US': [12], '00280102 US': [15] };
    expect(await shown([0x000f, 0xfff0], high)).toEqual([0, 255]);
  });

  it('pass Rescale Slope and Intercept before the window', async () => {
    const hounsfield = {
      '00281050 DS': '0',
      '00281051 DS': '201',
      '00281052 DS': '-1024',
      '00281053 DS': '2',
    };
    // 412 → -200, 512 → 0, 562 → 100: C.11.2.1.2 maps -100.5…99.5 to 0…255.
    expect(await shown([412, 512, 562], hounsfield)).toEqual([0, 128, 255]);
  });

  it('take the first of several windows, and its function', async () => {
    const windows = { '00281050 DS': '100\\5', '00281051 DS': '200\\1' };
    expect(await shown([0, 100, 200], windows)).toEqual([0, 128, 255]);
    expect(await shown([0, 50, 200], { ...windows, '00281056 CS': 'LINEAR_EXACT' })).toEqual([0, 64, 255]);
    expect(await shown([100, 300], { ...windows, '00281056 CS': 'SIGMOID' })).toEqual([128, 250]);
    expect(await shown([9, 10, 11], { '00281050 DS': '10.5', '00281051 DS': '1' })).toEqual([0, 0, 255]);
  });

  it('obey a window that the client asks for instead', async () => {
    const window: Window = { center: 1000, width: 2, function: 'LINEAR_EXACT' };
    expect(await shown([0, 999, 1001], { '00281050 DS': '10', '00281051 DS': '10' }, window)).toEqual([
      0, 0, 255,
    ]);
  });

  it('pass a Modality LUT, then the window; below the first entry the first, above the last the last', async () => {
    const lut = { '00283000 SQ': [{ '00283002 US': [3, 10, 16], '00283006 OW': words([0, 50, 100]) }] };
    const window = { '00281050 DS': '50', '00281051 DS': '100', '00281056 CS': 'LINEAR_EXACT' };
    expect(await shown([0, 10, 11, 12, 99], { ...lut, ...window })).toEqual([0, 0, 128, 255, 255]);
  });

  it('pass a VOI LUT when there is no window', async () => {
    const lut = { '00283010 SQ': [{ '00283002 US': [3, 0, 8], '00283006 OW': words([255, 0, 51]) }] };
    expect(await shown([0, 1, 2, 3], lut)).toEqual([255, 0, 51, 51]);
    const negative = { '00283010 SQ': [{ '00283002 SS': [2, -1, 8], '00283006 OW': words([10, 20]) }] };
    expect(await shown([0xffff, 0], { ...signed, ...negative })).toEqual([10, 20]);
  });

  it('are inverted once by MONOCHROME1, and once by Presentation LUT Shape INVERSE, which says the same', async () => {
    const mono1 = { '00280004 CS': 'MONOCHROME1' };
    expect(await shown([0, 50, 200], mono1)).toEqual([255, 191, 0]);
    expect(await shown([0, 50, 200], { '20500020 CS': 'INVERSE' })).toEqual([255, 191, 0]);
    expect(await shown([0, 50, 200], { ...mono1, '20500020 CS': 'INVERSE' })).toEqual([255, 191, 0]);
  });

  it('survive empty and senseless numbers', async () => {
    const senseless = { '00281050 DS': '', '00281051 DS': 'wide', '00281052 DS': '', '00281053 DS': '0' };
    expect(await shown([1, 2, 3], senseless)).toEqual([0, 128, 255]);
  });

  it('of enhanced objects come from the functional groups of the frame', async () => {
    const group = (center: string) => ({
      '00289132 SQ': [{ '00281050 DS': center, '00281051 DS': '100', '00281056 CS': 'LINEAR_EXACT' }],
      '00289145 SQ': [{ '00281052 DS': '10', '00281053 DS': '1' }],
    });
    const bytes = part10({
      elements: {
        ...grayImage(1, 2, { '00280008 IS': '2' }),
        '52009230 SQ': [group('60'), group('160')],
      },
      pixelData: words([50, 100, 50, 100]),
    });
    const head = headOf(bytes);
    const levels = [];
    for (const n of [1, 2]) {
      const description = describePixels(head, n);
      const frame = await decodeFrame(description, await frameSource(head, storedBuffer(bytes)).frame(n));
      levels.push([...pictureOf(frame, description).data]);
    }
    // 60 and 110 in the windows 10…110 and 110…210.
    expect(levels).toEqual([
      [128, 255],
      [0, 0],
    ]);
  });
});
