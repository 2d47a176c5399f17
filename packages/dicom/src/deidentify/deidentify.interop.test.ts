// Real: dciodvfy (dicom3tools) judges objects before and after, dcmdjpeg and dcmdump (DCMTK) read them; generated studies,
// and sample files when there are any.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@archwire/contracts/app-error';
import { cbct, intraoral, panoramic, photos, treatmentHistory } from '@archwire/test-data';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPixelPool, type PixelPool } from '../pixel/pixel-pool.ts';
import { storedBuffer } from '../pixel/stored-bytes.ts';
import { readSample, sampleFiles } from '../pixel/testing/samples.ts';
import { readInstanceHead } from '../read-instance-head.ts';
import { BASIC_PROFILE, createPseudonyms, deidentify, type DeidentifyProfile } from './index.ts';

let folder = '';
let pool: PixelPool;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'archwire-deidentify-'));
  pool = createPixelPool({ threads: 1 });
});
afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
});

const pseudonyms = createPseudonyms(Buffer.alloc(32, 3), 'interop', 'somebody');
const anonymous = async (bytes: Buffer, profile: Partial<DeidentifyProfile>): Promise<Buffer> => {
  const head = readInstanceHead(bytes, { totalLength: bytes.length });
  const object = await deidentify(
    {
      head,
      stored: storedBuffer(bytes),
      decode: async (description, frame) => await pool.decode(description, frame),
    },
    { ...BASIC_PROFILE, ...profile },
    pseudonyms,
  );
  const chunks: Buffer[] = [];
  for await (const chunk of object.bytes()) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const write = (name: string, bytes: Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
/** The kinds of errors; values in them differ where values were replaced. */
const errorsOf = (path: string): ReadonlySet<string> => {
  const { stdout, stderr, error } = spawnSync('dciodvfy', [path], { encoding: 'utf8' });
  if (error) throw error;
  const lines = `${stdout}${stderr}`.split('\n').filter((line) => /^(Error|Abort)/.test(line));
  return new Set(lines.map((line) => line.replace(/=? *<[^>]*>/g, '<>').replace(/\d+\.\d+[\d.]*/g, 'uid')));
};

const PROFILES: readonly Partial<DeidentifyProfile>[] = [
  {},
  { dates: 'shift', keepDevice: true, keepCharacteristics: true },
];

it('gives dciodvfy nothing more to complain of than it had, and keeps every pixel', async () => {
  const [study] = treatmentHistory(7, 3);
  if (study === undefined) throw new Error('There is no generated study.');
  const small = { rows: 60, columns: 116 };
  const first = await photos(study, { rows: 40, columns: 60 }).next();
  const generated: readonly (readonly [string, Buffer])[] = [
    ['panoramic', await panoramic(study, small)],
    ['intraoral', await intraoral(study, { kind: 'periapical', teeth: [11, 21] }, 1)],
    ...(first.done === true ? [] : [['photo', first.value] as const]),
    ...[...cbct(study, { matrix: 20, slices: 1, voxel: 1 })].map((slice) => ['cbct', slice] as const),
  ];
  const samples = sampleFiles('dicom_dental').map((file) => [file, readSample(file)] as const);
  let judged = 0;
  for (const [name, bytes] of [...generated, ...samples]) {
    for (const [index, profile] of PROFILES.entries()) {
      let out: Buffer;
      try {
        out = await anonymous(bytes, profile);
      } catch (error) {
        // Not DICOM, or nothing that can be de-identified: the generated ones can.
        if (!(error instanceof AppError) || index > 0 || generated.some(([own]) => own === name)) throw error;
        break;
      }
      judged += 1;
      const before = errorsOf(write('before.dcm', bytes));
      const path = write('after.dcm', out);
      expect([name, index, [...errorsOf(path)].filter((error) => !before.has(error))]).toEqual([
        name,
        index,
        [],
      ]);
      const raw = (file: string): Buffer => {
        const plain = join(folder, 'plain.dcm');
        execFileSync('dcmdjpeg', ['-q', file, plain]);
        execFileSync('dcmdump', ['-q', '+W', folder, '-s', '+P', '7fe0,0010', plain], { stdio: 'ignore' });
        const data = readFileSync(join(folder, 'plain.dcm.0.raw'));
        rmSync(join(folder, 'plain.dcm.0.raw'));
        return data;
      };
      if (index === 0) expect(raw(path).equals(raw(join(folder, 'before.dcm')))).toBe(true);
    }
  }
  expect(judged).toBeGreaterThanOrEqual(generated.length * 2);
});
