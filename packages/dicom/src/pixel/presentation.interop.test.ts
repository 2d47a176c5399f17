// Real: the reader, the gray chain, turning; DCMTK's dcmp2pgm as oracle; presentation states of the samples when there are any,
// and states made here.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDataSet } from '../open-data-set.ts';
import { decodeFrame } from './decode-frame.ts';
import { frameSource } from './frame-source.ts';
import { pictureOf } from './picture.ts';
import { placePicture } from './place-picture.ts';
import { applyPresentation, PRESENTATION_STATES, presentedImages } from './presentation-state.ts';
import { renderFrame } from './render-frame.ts';
import { storedBuffer } from './stored-bytes.ts';
import { headOf } from './testing/head-of.ts';
import { grayImage, part10, type Elements } from './testing/part10.ts';
import { readSample, sampleFiles, samplePath } from './testing/samples.ts';
import sharp from 'sharp';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'archwire-presentation-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The whole image after gray levels and turning; dcmp2pgm draws neither overlays nor shutters nor annotations. */
async function ours(state: Buffer, image: Buffer, frameNumber: number) {
  const head = headOf(image);
  const { description, presentation } = applyPresentation(openDataSet(state).dataSet, head, frameNumber);
  const frame = await decodeFrame(
    description,
    await frameSource(head, storedBuffer(image)).frame(frameNumber),
  );
  const area = { left: 0, top: 0, right: description.columns - 1, bottom: description.rows - 1 };
  const picture = pictureOf(frame, { ...description, overlays: [], shutter: null });
  return (await placePicture(picture, { ...presentation, area })).picture;
}

function theirs(state: string, image: string, frameNumber: number): { size: string; data: Buffer } {
  const out = join(folder, 'out.pgm');
  execFileSync('dcmp2pgm', ['-p', state, '-f', String(frameNumber), image, out], { stdio: 'pipe' });
  const pgm = execFileSync('cat', [out], { maxBuffer: 100_000_000 });
  const [header = '', width, height] =
    /^P5\s(?:#.*\n)?(\d+)\s+(\d+)\s+\d+\s/.exec(pgm.toString('latin1', 0, 200)) ?? [];
  return { size: `${width}x${height}`, data: pgm.subarray(header.length) };
}

function largest(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return Infinity;
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs((a[i] ?? 0) - (b[i] ?? 0)));
  return most;
}

describe('presentation states of the samples', () => {
  it(
    'give every frame the gray levels and the turn that dcmp2pgm gives it',
    { timeout: 120_000 },
    async () => {
      const files = sampleFiles('dicom_gsps');
      const objects = files.map((file) => ({
        file,
        bytes: readSample(file),
        head: headOf(readSample(file)),
      }));
      const byUid = new Map(objects.map((object) => [object.head.dataSet.string('x00080018') ?? '', object]));
      const compared: Record<string, number> = {};
      for (const { file, bytes, head } of objects) {
        if (!PRESENTATION_STATES.has(head.dataSet.string('x00080016') ?? '')) continue;
        for (const reference of presentedImages(head.dataSet)) {
          const image = byUid.get(reference.SOPInstanceUID);
          if (image === undefined) continue;
          for (let frame = 1; frame <= (image.head.header.NumberOfFrames ?? 1); frame++) {
            const [mine, dcmtk] = [
              await ours(bytes, image.bytes, frame),
              theirs(samplePath(file), samplePath(image.file), frame),
            ];
            expect([file, `${mine.width}x${mine.height}`]).toEqual([file, dcmtk.size]);
            compared[`${file}#${frame}`] = largest(mine.data, dcmtk.data);
          }
        }
      }
      expect(Object.entries(compared).filter(([, most]) => most > 1)).toEqual([]);
      expect(Object.keys(compared)).toHaveLength(files.length === 0 ? 0 : 20);
    },
  );
});

const IMAGE_CLASS = '1.2.840.10008.5.1.4.1.1.7';
const words = (values: readonly number[]): Buffer => Buffer.from(Uint16Array.from(values).buffer);
const longs = (values: readonly number[]): Buffer => Buffer.from(Int32Array.from(values).buffer);
const floats = (values: readonly number[]): Buffer => Buffer.from(Float32Array.from(values).buffer);
const ROWS = 20;
const COLUMNS = 30;

const gradient = part10({
  elements: {
    '00100010 PN': 'Test',
    '00100020 LO': '1',
    ...grayImage(ROWS, COLUMNS, { '00280101 US': [12], '00280102 US': [11], '00280008 IS': '1' }),
  },
  pixelData: words(Array.from({ length: ROWS * COLUMNS }, (_, i) => (i * 7) % 4096)),
});

const sorted = (elements: Elements): Elements =>
  Object.fromEntries(Object.entries(elements).toSorted(([a], [b]) => (a < b ? -1 : 1)));

function state(
  more: Elements,
  area: readonly [number, number, number, number] = [1, 1, COLUMNS, ROWS],
): Buffer {
  return part10({
    sopClassUid: '1.2.840.10008.5.1.4.1.1.11.1',
    sopInstanceUid: '2.25.9',
    elements: sorted({
      '00080060 CS': 'PR',
      '00081115 SQ': [
        { '00081140 SQ': [{ '00081150 UI': IMAGE_CLASS, '00081155 UI': '2.25.1' }], '0020000E UI': '2.25.3' },
      ],
      '00100010 PN': 'Test',
      '00100020 LO': '1',
      '00200013 IS': '1',
      '0070005A SQ': [
        {
          '00700052 SL': longs(area.slice(0, 2)),
          '00700053 SL': longs(area.slice(2)),
          '00700100 CS': 'SCALE TO FIT',
          '00700102 IS': '1\\1',
        },
      ],
      '00700080 CS': 'TEST',
      '00700081 LO': 'Test',
      '00700082 DA': '20260101',
      '00700083 TM': '1200',
      '00700084 PN': 'Test',
      ...more,
    }),
  });
}

const layer = (gray = 65_535): Elements => ({
  '00700060 SQ': [{ '00700002 CS': 'LAYER', '00700062 IS': '1', '00700066 US': [gray] }],
});
const identity = { '20500020 CS': 'IDENTITY' };

describe('presentation states made here', () => {
  it.each([
    ['a window', { '00283110 SQ': [{ '00281050 DS': '2000', '00281051 DS': '1000' }], ...identity }],
    [
      'rescale, and inverse',
      { '00281052 DS': '-100', '00281053 DS': '2', '00281054 LO': 'US', '20500020 CS': 'INVERSE' },
    ],
    [
      'a presentation LUT',
      {
        '20500010 SQ': [
          {
            '00283002 US': [256, 0, 12],
            '00283006 OW': words(
              Array.from({ length: 256 }, (_, i) => Math.round(4095 * (1 - (i / 255) ** 2))),
            ),
          },
        ],
      },
    ],
    ['a turn by 90°', { '00700041 CS': 'N', '00700042 US': [90], ...identity }],
    ['a turn by 180°', { '00700041 CS': 'N', '00700042 US': [180], ...identity }],
    ['a turn by 270° and a flip', { '00700041 CS': 'Y', '00700042 US': [270], ...identity }],
    ['a flip', { '00700041 CS': 'Y', '00700042 US': [0], ...identity }],
  ] satisfies readonly (readonly [string, Elements])[])(
    'with %s are shown as dcmp2pgm shows them',
    async (_, more) => {
      const [statePath, imagePath] = [join(folder, 'state.dcm'), join(folder, 'image.dcm')];
      writeFileSync(statePath, state(more));
      writeFileSync(imagePath, gradient);
      const [mine, dcmtk] = [await ours(state(more), gradient, 1), theirs(statePath, imagePath, 1)];
      expect(`${mine.width}x${mine.height}`).toBe(dcmtk.size);
      expect(largest(mine.data, dcmtk.data)).toBeLessThanOrEqual(1);
    },
  );

  /** Rendered as PNG: columns, rows, and the level at a pixel. */
  async function rendered(
    more: Elements,
    area?: readonly [number, number, number, number],
    viewport?: { width: number; height: number },
    object = flat,
  ) {
    const head = headOf(object);
    const { description, presentation } = applyPresentation(
      openDataSet(state({ ...identity, ...more }, area)).dataSet,
      head,
      1,
    );
    const image = await renderFrame(description, await frameSource(head, storedBuffer(object)).frame(1), {
      mediaType: 'image/png',
      presentation,
      ...(viewport === undefined ? {} : { viewport: { ...viewport, enlarge: true } }),
    });
    const { data, info } = await sharp(image.data)
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return {
      width: image.width,
      height: image.height,
      at: (x: number, y: number) => data[(y * info.width + x) * info.channels] ?? -1,
    };
  }
  /** Black, but for one white pixel at column 6 and row 3, from 1. */
  const flat = part10({
    elements: grayImage(ROWS, COLUMNS),
    pixelData: words(Array.from({ length: ROWS * COLUMNS }, (_, i) => (i === 2 * COLUMNS + 5 ? 65_535 : 0))),
  });

  it('show their displayed area, black beyond the image, turned with its corners', async () => {
    const inside = await rendered({}, [5, 2, 10, 5]);
    expect([inside.width, inside.height, inside.at(1, 1)]).toEqual([6, 4, 255]);
    const beyond = await rendered({}, [-1, -1, 8, 4]);
    expect([beyond.width, beyond.height, beyond.at(7, 4)]).toEqual([10, 6, 255]);
    // After a turn by 90° the left top corner of what is seen is the left bottom one of the image.
    const turned = await rendered({ '00700041 CS': 'N', '00700042 US': [90] }, [5, 5, 10, 2]);
    expect([turned.width, turned.height, turned.at(2, 1)]).toEqual([4, 6, 255]);
    const magnified = await rendered({
      '0070005A SQ': [
        {
          '00700052 SL': longs([1, 1]),
          '00700053 SL': longs([COLUMNS, ROWS]),
          '00700100 CS': 'MAGNIFY',
          '00700102 IS': '2\\1',
          '00700103 FL': floats([3]),
        },
      ],
    });
    expect([magnified.width, magnified.height]).toEqual([COLUMNS * 3, ROWS * 6]);
  });

  it('draw graphics and text where they say: in pixels of the image, or in parts of what is displayed', async () => {
    const annotation = (object: Elements): Elements => ({
      '00700001 SQ': [{ '00700002 CS': 'LAYER', ...object }],
      ...layer(0x8080),
    });
    const graphic = (units: string, type: string, points: readonly number[], filled = 'N') =>
      annotation({
        '00700009 SQ': [
          {
            '00700005 CS': units,
            '00700020 US': [2],
            '00700021 US': [points.length / 2],
            '00700022 FL': floats(points),
            '00700023 CS': type,
            '00700024 CS': filled,
          },
        ],
      });
    const viewport = { width: 300, height: 200 };
    const circle = await rendered(graphic('PIXEL', 'CIRCLE', [15, 10, 20, 10], 'Y'), undefined, viewport);
    expect([
      circle.at(150, 100),
      circle.at(197, 100),
      circle.at(150, 52),
      circle.at(205, 100),
      circle.at(190, 60),
    ]).toEqual([128, 128, 128, 0, 0]);
    const line = await rendered(graphic('DISPLAY', 'POLYLINE', [0.1, 0.5, 0.9, 0.5]), undefined, viewport);
    expect(
      [line.at(31, 100), line.at(150, 100), line.at(20, 100), line.at(150, 90)].map((level) => level > 60),
    ).toEqual([true, true, false, false]);
    const turned = await rendered(
      { ...graphic('PIXEL', 'CIRCLE', [3, 2, 4, 2], 'Y'), '00700041 CS': 'N', '00700042 US': [90] },
      undefined,
      { width: 200, height: 300 },
    );
    expect([turned.at(180, 30), turned.at(30, 20)]).toEqual([128, 0]);
    const ellipse = await rendered(
      graphic('PIXEL', 'ELLIPSE', [5, 10, 25, 10, 15, 5, 15, 15], 'Y'),
      undefined,
      viewport,
    );
    expect([ellipse.at(60, 100), ellipse.at(150, 145), ellipse.at(60, 60)]).toEqual([128, 128, 0]);
    const text = await rendered(
      annotation({
        '00700008 SQ': [
          {
            '00700003 CS': 'PIXEL',
            '00700006 ST': 'I',
            '00700010 FL': floats([10, 5]),
            '00700011 FL': floats([20, 15]),
            '00700012 CS': 'CENTER',
          },
        ],
      }),
      undefined,
      viewport,
    );
    const inked = (x: number) =>
      Array.from({ length: 20 }, (_, y) => text.at(x, 50 + y)).some((level) => level > 60);
    expect([inked(150), inked(110), inked(190)]).toEqual([true, false, false]);
  });

  it('draw the overlays that they activate, in the gray of the layer, and no others', async () => {
    const overlays = (group: string, origin: readonly [number, number]) => ({
      [`${group}0010 US`]: [2],
      [`${group}0011 US`]: [2],
      [`${group}0040 CS`]: 'G',
      [`${group}0050 SS`]: origin,
      [`${group}0100 US`]: [1],
      [`${group}0102 US`]: [0],
      [`${group}3000 OW`]: words([0xf]),
    });
    const image = part10({
      elements: { ...grayImage(ROWS, COLUMNS), ...overlays('6000', [1, 1]), ...overlays('6002', [5, 5]) },
      pixelData: Buffer.alloc(ROWS * COLUMNS * 2),
    });
    const own = overlays('6004', [9, 9]);
    const seen = await rendered(
      { ...layer(0x8080), ...own, '60001001 CS': 'LAYER', '60041001 CS': 'LAYER' },
      undefined,
      undefined,
      image,
    );
    expect([seen.at(0, 0), seen.at(4, 4), seen.at(8, 8), seen.at(10, 10)]).toEqual([128, 0, 128, 0]);
  });

  it('cover what their shutters and bitmap cover, whatever the image says', async () => {
    const shutter = {
      '00181600 CS': 'RECTANGULAR',
      '00181602 IS': '11',
      '00181604 IS': '20',
      '00181606 IS': '6',
      '00181608 IS': '15',
      '00181622 US': [0x4040],
    };
    const covered = await rendered(shutter);
    expect([covered.at(5, 2), covered.at(10, 5), covered.at(20, 5), covered.at(0, 0)]).toEqual([
      64, 0, 64, 64,
    ]);
    const bitmap = await rendered({
      '00181600 CS': 'BITMAP',
      '00181622 US': [0x4040],
      '00181623 US': [0x6002],
      '60020010 US': [ROWS],
      '60020011 US': [COLUMNS],
      '60020040 CS': 'G',
      '60020050 SS': [1, 1],
      '60020100 US': [1],
      '60020102 US': [0],
      '60023000 OW': Buffer.concat([Buffer.from([0x81]), Buffer.alloc(75)]),
    });
    expect([bitmap.at(0, 0), bitmap.at(1, 0), bitmap.at(7, 0), bitmap.at(5, 2)]).toEqual([64, 0, 64, 255]);
  });

  it('that name no image are refused', () => {
    const nothing = part10({
      sopClassUid: '1.2.840.10008.5.1.4.1.1.11.1',
      elements: { '00080060 CS': 'PR' },
    });
    expect(() => presentedImages(openDataSet(nothing).dataSet)).toThrow('does not say which images');
  });
});
