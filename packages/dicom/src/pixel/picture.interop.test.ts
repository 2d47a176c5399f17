// Real: the whole path from stored bytes to 8-bit picture, DCMTK's dcmj2pnm as oracle, real sample files when there are any.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeFrame } from './decode-frame.ts';
import { describePixels } from './describe-pixels.ts';
import { frameSource } from './frame-source.ts';
import { pictureOf } from './picture.ts';
import type { PixelDescription } from './pixel-description.ts';
import { storedBuffer } from './stored-bytes.ts';
import { headOf } from './testing/head-of.ts';
import { grayImage, part10 } from './testing/part10.ts';
import { readSample, sampleFiles, samplePath } from './testing/samples.ts';

/** More than one level away from DCMTK, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  // DCMTK stretches from the padding value, which PS3.3 C.7.5.1.1.2 says is not image.
  'dicom_transfer_syntax/dicom-test-files__CT1_RLE': 'up to 119',
  'dicom_transfer_syntax/dicomParser__CT1_UNC.explicit_big_endian.dcm': 'up to 119',
  'dicom_transfer_syntax/dicomParser__CT1_UNC.explicit_little_endian.dcm': 'up to 119',
  // DCMTK converts YBR with tables of integers: 987 of 921,600 values are two levels away.
  'dicom_transfer_syntax/dcm4che__YBR_FULL-RLE.dcm': 'up to 2',
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'archwire-picture-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function voiOption({ voi, samplesPerPixel, photometricInterpretation }: PixelDescription): readonly string[] {
  if (samplesPerPixel !== 1 || photometricInterpretation === 'PALETTE COLOR') return [];
  if (voi === null) return ['+Wm'];
  return 'window' in voi ? ['+Wi', '1'] : ['+Wl', '1'];
}

/** The first frame as DCMTK shows it, with overlays; `undefined` when it cannot (JPEG 2000, JPEG-LS, broken headers). */
function dcmtkPicture(path: string, description: PixelDescription): Buffer | undefined {
  try {
    const pnm = execFileSync('dcmj2pnm', ['+op', ...voiOption(description), '+F', '1', path], {
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 100_000_000,
    });
    const header =
      /^P[56]\s(?:#.*\n)?\d+\s+\d+\s+\d+\s/.exec(pnm.subarray(0, 100).toString('latin1'))?.[0] ?? '';
    return pnm.subarray(header.length);
  } catch {
    return undefined;
  }
}

async function ourPicture(bytes: Buffer) {
  const head = headOf(bytes);
  const description = describePixels(head, 1);
  const frame = await decodeFrame(description, await frameSource(head, storedBuffer(bytes)).frame(1));
  return { description, data: pictureOf(frame, description).data };
}

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs((a[i] ?? 0) - (b[i] ?? 0)));
  return largest;
}

describe('pictures', () => {
  const files = sampleFiles('dicom_dental', 'dicom_gsps', 'dicom_pixel', 'dicom_transfer_syntax');

  it('of the samples are within one level of what DCMTK shows; the exceptions are all named', async () => {
    let compared = 0;
    const different: Record<string, string> = {};
    for (const file of files) {
      const ours = await ourPicture(readSample(file)).catch(() => undefined);
      const theirs = ours && dcmtkPicture(samplePath(file), ours.description);
      if (ours === undefined || theirs === undefined) continue;
      compared += 1;
      const difference = largestDifference(ours.data, theirs);
      if (difference > 1) different[file] = `up to ${difference}`;
    }
    expect(different).toEqual(files.length === 0 ? {} : DIFFERENT);
    expect(compared).toBe(files.length === 0 ? 0 : 84);
  });

  it('of an image made here, with window, slope and sign, is what DCMTK shows', async () => {
    const values = Int16Array.from({ length: 64 * 64 }, (_, i) => (i % 4096) - 2048);
    const bytes = part10({
      elements: grayImage(64, 64, {
        '00280004 CS': 'MONOCHROME1',
        '00280101 US': [12],
        '00280102 US': [11],
        '00280103 US': [1],
        '00281050 DS': '300',
        '00281051 DS': '1500',
        '00281052 DS': '-100',
        '00281053 DS': '0.5',
      }),
      pixelData: Buffer.from(values.buffer),
    });
    const path = join(folder, 'image.dcm');
    writeFileSync(path, bytes);
    const ours = await ourPicture(bytes);
    const theirs = dcmtkPicture(path, ours.description);
    expect(largestDifference(ours.data, theirs ?? Buffer.alloc(0))).toBeLessThanOrEqual(1);
  });
});
