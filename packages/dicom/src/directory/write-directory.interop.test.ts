// Real: DCMTK's dcmmkdir makes its own DICOMDIR of the same files and opens ours, dcm2json reads both, dciodvfy judges ours.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cbct, intraoral, photos, scan, treatmentHistory } from '@archwire/test-data';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readDirectory } from '../read-directory.ts';
import { readInstanceHead } from '../read-instance-head.ts';
import { toDicomJson } from '../to-dicom-json.ts';
import { directoryEntry, writeDirectory, type DirectoryEntry } from './index.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'archwire-directory-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Json = Readonly<Record<string, { readonly vr: string; readonly Value?: readonly unknown[] }>>;
const recordsOf = (path: string): readonly Json[] => {
  const text = execFileSync('dcm2json', ['-q', path], { maxBuffer: 1 << 28 }).toString();
  const json = JSON.parse(text) as { '00041220': { Value: readonly Json[] } };
  return json['00041220'].Value;
};
/** What a record says, without where it lies in its file. */
const told = (record: Json, tags: readonly string[]): readonly unknown[] =>
  tags.map((tag) => record[tag]?.Value ?? []);
const TAGS = [
  '00041430',
  '00041500',
  '00041510',
  '00041511',
  '00041512',
  '00100020',
  '0020000D',
  '0020000E',
  '00080060',
  '00200013',
];

it('tells of every file what dcmmkdir tells, and dcmmkdir can go on with it', async () => {
  const [study, later] = treatmentHistory(7, 3);
  if (study === undefined || later === undefined) throw new Error('There are no generated studies.');
  const photo = await photos(study, { rows: 40, columns: 60 }).next();
  const objects = [
    await intraoral(study, { kind: 'periapical', teeth: [11] }, 1),
    await intraoral(later, { kind: 'periapical', teeth: [21] }, 1),
    ...cbct(study, { matrix: 12, slices: 3, voxel: 1 }),
    scan(later, 'upper'),
    ...(photo.done === true ? [] : [photo.value]),
  ];
  mkdirSync(join(folder, 'DICOM'));
  const entries: DirectoryEntry[] = [];
  for (const [index, bytes] of objects.entries()) {
    const fileId = ['DICOM', `IM${String(index + 1).padStart(6, '0')}`];
    writeFileSync(join(folder, ...fileId), bytes);
    const { TransferSyntaxUID } = readInstanceHead(bytes).header;
    entries.push(directoryEntry(toDicomJson(bytes), { fileId, TransferSyntaxUID }));
  }
  const ours = writeDirectory(entries, { id: 'ARCHWIRE', uid: '2.25.1234567890' });
  const path = join(folder, 'DICOMDIR');
  writeFileSync(path, ours);
  expect(readDirectory(ours).map((parts) => parts.join('/'))).toEqual(
    expect.arrayContaining(entries.map(({ fileId }) => fileId.join('/'))),
  );

  const reference = join(folder, 'REFERENC');
  execFileSync('dcmmkdir', ['-q', '+r', '-Pdv', '-W', '+id', folder, '+D', reference, 'DICOM'], {
    stdio: 'pipe',
  });
  const sorted = (records: readonly Json[]) =>
    records.map((record) => JSON.stringify(told(record, TAGS))).toSorted();
  expect(sorted(recordsOf(path))).toEqual(sorted(recordsOf(reference)));

  const judged = spawnSync('dciodvfy', [path], { encoding: 'utf8' });
  expect(
    `${judged.stdout}${judged.stderr}`.split('\n').filter((line) => /^(Error|Abort)/.test(line)),
  ).toEqual([]);

  // It reads ours from the first offset to the last, and adds to it.
  const more = await intraoral(later, { kind: 'periapical', teeth: [31] }, 2);
  writeFileSync(join(folder, 'DICOM', 'MORE'), more);
  execFileSync('dcmmkdir', ['-q', '+A', '-Pdv', '-W', '+id', folder, '+D', path, 'DICOM/MORE'], {
    stdio: 'pipe',
  });
  expect(readDirectory(readFileSync(path)).length).toBe(objects.length + 1);
});

it('writes names of every alphabet, and values that a directory must have where the object has none', () => {
  const json = {
    '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
    '00080018': { vr: 'UI', Value: ['1.2.3'] },
    '0020000D': { vr: 'UI', Value: ['1.2.1'] },
    '0020000E': { vr: 'UI', Value: ['1.2.2'] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Łoś^Zoë', Ideographic: '山田^太郎' }] },
  };
  const entry = directoryEntry(json, { fileId: ['A'], TransferSyntaxUID: '1.2.840.10008.1.2.1' });
  const path = join(folder, 'NAMES');
  writeFileSync(path, writeDirectory([entry], { id: 'X', uid: '2.25.1' }));
  // dcm2json wants the character set of records at the top, where a DICOMDIR has none.
  const [patient, study] = (toDicomJson(readFileSync(path))['00041220']?.Value ?? []) as Json[];
  expect(patient?.['00100010']?.Value).toEqual([{ Alphabetic: 'Łoś^Zoë', Ideographic: '山田^太郎' }]);
  expect(study?.['00080020']?.Value).toEqual(['19000101']);
});
