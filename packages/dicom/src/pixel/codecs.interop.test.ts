// Real: the decoders; DCMTK, GDCM, pydicom, numpy, Pillow's OpenJPEG as oracles and DCMTK's and GDCM's encoders; real sample
// files when there are any. It writes docs/codecs.md (with -u) and fails when that page is not true.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askOracles } from './testing/ask-oracles.ts';
import { codecPage } from './testing/codec-page.ts';
import { pixelDigest } from './testing/decode-object.ts';
import { madeObjects } from './testing/made-objects.ts';
import { measureObject, type MeasuredObject } from './testing/measure-object.ts';
import { readSample, recordedPixels, sampleFiles, samplePath } from './testing/samples.ts';

const PAGE = resolve(import.meta.dirname, '../../../../docs/codecs.md');

/** Why a sample is not exact; each is checked to be as it is said here. */
const CAUSES: Readonly<Record<string, readonly [result: string, cause: string]>> = {
  'dicom_robustness/dwv__dwv-test_no-number-rows.dcm': [
    'refused: invalid',
    'Rows is absent: nobody can know the shape.',
  ],
  'dicom_robustness/fo-dicom__GH1146.dcm': ['refused: invalid', 'Pixel Data is empty.'],
  'dicom_robustness/fo-dicom__GH340.dcm': [
    'refused: unsupported',
    'Bits Allocated is 12: packed words of ACR-NEMA, which DICOM has retired.',
  ],
  'dicom_robustness/orthanc-tests__2026-05-26-oob-monochrome-65535.dcm': [
    'refused: invalid',
    '65,535 × 65,535 pixels are claimed and 256 bytes are there.',
  ],
  'dicom_robustness/pydicom__nested_priv_SQ.dcm': ['refused: invalid', 'Rows and Columns are absent.'],
  'dicom_robustness/orthanc-tests__2026-05-06-Deeply-Nested-Sequence.dcm': [
    'no oracle',
    'Decoded; pydicom cannot parse the 100,000-fold nesting before the pixels.',
  ],
  'dicom_transfer_syntax/pydicom-data__HTJ2K_08_RGB.dcm': [
    '±1',
    'Lossy HTJ2K: OpenJPH and OpenJPEG round the irreversible wavelet differently, on 674 of 921,600 values.',
  ],
  'dicom_transfer_syntax/pydicom__JPEG2000-embedded-sequence-delimiter.dcm': [
    'refused: invalid',
    'A sequence delimiter was written over the size in the header of the code stream.',
  ],
};

const folder = mkdtempSync(join(tmpdir(), 'archwire-codecs-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Largest difference of 8-bit values, which all that differ are. */
function largest(ours: Buffer, theirs: Buffer): string {
  if (ours.length !== theirs.length) return 'another size';
  const most = ours.reduce((sofar, value, i) => Math.max(sofar, Math.abs(value - (theirs[i] ?? 0))), 0);
  return `±${most}`;
}

async function measure(
  objects: readonly {
    readonly name: string;
    readonly path: string;
    readonly more: readonly (readonly [string, string])[];
  }[],
): Promise<readonly MeasuredObject[]> {
  const answers = askOracles(objects.map(({ path }) => path));
  const measured: MeasuredObject[] = [];
  for (const { name, path, more } of objects) {
    const bytes = readFileSync(path);
    const found = await measureObject(
      name,
      bytes,
      new Map([...(answers.get(path) ?? []), ...more]),
      (oracle, ours) => {
        const kept = mkdtempSync(join(folder, 'kept-'));
        askOracles([path], kept);
        return largest(ours, readFileSync(join(kept, `0.${oracle}`)));
      },
    );
    if (found !== undefined) measured.push(found);
  }
  return measured;
}

let made: readonly MeasuredObject[] = [];
beforeAll(async () => {
  mkdirSync(join(folder, 'made'));
  const objects = await madeObjects(folder);
  made = await measure(
    objects.map(({ name, bytes, source }, i) => {
      const path = join(folder, 'made', `${i}.dcm`);
      writeFileSync(path, bytes);
      return { name, path, more: source === undefined ? [] : [['source', source] as const] };
    }),
  );
}, 300_000);

it('decodes every image made here to the values it was made from, or to those of an oracle', () => {
  expect(made.length).toBeGreaterThan(40);
  expect(made.filter(({ result }) => result !== 'exact').map(({ name, result }) => [name, result])).toEqual(
    [],
  );
});

it(
  'decodes every sample exactly, or the cause is known; docs/codecs.md says so',
  { timeout: 300_000 },
  async () => {
    const files = [
      ...sampleFiles(
        'dicom_dental',
        'dicom_gsps',
        'dicom_objects',
        'dicom_pixel',
        'dicom_robustness',
        'dicom_transfer_syntax',
      ),
      ...sampleFiles('dicom_volume_headneck_ct').filter((_, i) => i % 50 === 0),
    ];
    const recorded = recordedPixels();
    const objects = await measure(
      files.map((name) => {
        const sha = recorded.get(name);
        return { name, path: samplePath(name), more: sha === undefined ? [] : [['record', sha] as const] };
      }),
    );
    const inexact = objects
      .filter(({ result }) => result !== 'exact')
      .map(({ name, result }) => [name, result] as const);
    expect(Object.fromEntries(inexact)).toEqual(
      files.length === 0
        ? {}
        : Object.fromEntries(Object.entries(CAUSES).map(([name, [result]]) => [name, result])),
    );
    const causes = new Map(Object.entries(CAUSES).map(([name, [, cause]]) => [name, cause]));
    const page = readFileSync(PAGE, 'utf8');
    await expect(
      codecPage(page, made, files.length === 0 ? undefined : { objects, causes }),
    ).toMatchFileSnapshot(PAGE);
  },
);

it('decodes fragments without an offset table as the same image in one piece', async () => {
  const pair = ['fragmented_no_bot_jpeg_ls.80.dcm', 'not_fragmented_no_bot_jpeg_ls.80.dcm'].map(
    (name) => `dicom_transfer_syntax/dicomParser__CT0012.${name}`,
  );
  const present = sampleFiles('dicom_transfer_syntax');
  const digests = await Promise.all(
    pair.filter((file) => present.includes(file)).map((file) => pixelDigest(readSample(file))),
  );
  expect(digests).toEqual(present.length === 0 ? [] : ['b6b202c4af4494a2', 'b6b202c4af4494a2']);
});
