// Real: dciodvfy (dicom3tools) judges every generated object, dcmdump (DCMTK) reads the teeth back.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { landmarks } from '../anatomy/cephalometry.ts';
import { dentition } from '../anatomy/dentition.ts';
import type { SyntheticStudy } from '../dicom/modules.ts';
import { cbct, cbctVolume } from './cbct.ts';
import { ceph, cephPixel } from './ceph.ts';
import { treatmentHistory } from './history.ts';
import { intraoral, INTRAORAL_SURVEY } from './intraoral.ts';
import { panoramic } from './panoramic.ts';
import { PHOTO_VIEWS } from './photo-views.ts';
import { photos } from './photos.ts';
import { archTriangles, scan } from './scan.ts';

const folder = mkdtempSync(join(tmpdir(), 'archwire-test-data-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (command: string, args: readonly string[]): string => {
  const { stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (error) throw error;
  return stdout + stderr;
};
const save = (bytes: Buffer): string => {
  const path = join(folder, `${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.dcm`);
  writeFileSync(path, bytes);
  return path;
};
const errorsOf = (bytes: Buffer): string[] =>
  run('dciodvfy', [save(bytes)])
    .split('\n')
    .filter((line) => /^(Error|Abort)/.test(line));

const [initial, progress] = treatmentHistory(7, 3) as [SyntheticStudy, SyntheticStudy, ...SyntheticStudy[]];
const small = { rows: 300, columns: 580 };
const volume = { matrix: 100, slices: 50, voxel: 1 };

describe('generated studies', () => {
  it('are accepted by dciodvfy without an error, each kind', async () => {
    const objects: [string, Buffer][] = [
      ['panoramic', await panoramic(initial)],
      ['ceph', await ceph(initial)],
      ['upper scan', scan(initial, 'upper')],
      ['lower scan', scan(initial, 'lower')],
      ['CBCT slice', cbct(initial, volume).next().value as Buffer],
    ];
    for (const [index, exposure] of INTRAORAL_SURVEY.entries())
      objects.push([`${exposure.kind} ${index}`, await intraoral(initial, exposure, index + 1)]);
    for await (const photo of photos(initial, { rows: 240, columns: 360 })) objects.push(['photo', photo]);
    expect(objects.map(([kind, bytes]) => [kind, errorsOf(bytes)])).toEqual(
      objects.map(([kind]) => [kind, []]),
    );
    expect(objects.length).toBe(5 + INTRAORAL_SURVEY.length + PHOTO_VIEWS.length);
  });

  it('are the same bytes for the same study, and others for another', async () => {
    const [once, twice, later] = await Promise.all([
      panoramic(initial, small),
      panoramic(initial, small),
      panoramic(progress, small),
    ]);
    expect(once.equals(twice)).toBe(true);
    expect(once.equals(later)).toBe(false);
  });

  it('carry the code of every tooth that an intraoral image shows', async () => {
    const dump = run('dcmdump', [
      '+P',
      '0008,0100',
      save(await intraoral(initial, { kind: 'periapical', teeth: [11, 21] }, 1)),
    ]);
    expect(dump).toContain('[22120004]');
    expect(dump).toContain('[31982000]');
  });
});

describe('the known truth', () => {
  it('moves every tooth in proportion to the progress', () => {
    const [before, half, after] = [dentition(5, 0), dentition(5, 0.5), dentition(5, 1)];
    expect(half.map((pose) => [pose.tooth, pose.x, pose.y, pose.z])).toEqual(
      before.map((pose, i) => [
        pose.tooth,
        expect.closeTo((pose.x + (after[i]?.x ?? 0)) / 2, 9),
        expect.closeTo((pose.y + (after[i]?.y ?? 0)) / 2, 9),
        expect.closeTo((pose.z + (after[i]?.z ?? 0)) / 2, 9),
      ]),
    );
    expect(after.map((pose) => pose.z)).toEqual(after.map(() => expect.closeTo(0, 12)));
  });

  it('shows the incisor of the ceph where its landmark says, at the resolution of the detector', async () => {
    const bytes = await ceph(initial);
    const { U1tip, U1apex } = landmarks(initial.seed, initial.progress);
    const [column, row] = cephPixel([(U1tip[0] * 2 + U1apex[0]) / 3, (U1tip[1] * 2 + U1apex[1]) / 3]);
    const pixels = bytes.subarray(bytes.length - 1840 * 1760 * 2);
    const at = (x: number, y: number): number =>
      pixels.readUInt16LE((Math.round(y) * 1760 + Math.round(x)) * 2);
    expect(at(column, row)).toBeGreaterThan(3000);
    expect(at(column + 90, row - 90)).toBeLessThan(2600);
  });

  it('puts each upper molar of the volume on its place of the arch', () => {
    const voxels = cbctVolume({ ...initial, progress: 1 }, volume);
    const densities = dentition(initial.seed, 1)
      .filter((pose) => pose.jaw === 'upper' && pose.tooth % 10 === 6)
      .map((pose) => {
        const column = Math.floor(pose.x + 50);
        const row = Math.floor(50 - pose.y + 24);
        return voxels[(28 * 100 + row) * 100 + column] ?? 0;
      });
    expect(densities.map((value) => value > 1400)).toEqual([true, true]);
  });

  it('makes closed surfaces: every edge of a scan is shared by two triangles', () => {
    const edges = new Map<string, number>();
    const name = (v: readonly number[]): string => v.map((c) => c.toFixed(5)).join(',');
    for (const triangle of archTriangles(5, 0.3, 'lower')) {
      for (const [a, b] of [
        [0, 1],
        [1, 2],
        [2, 0],
      ] as const) {
        const key = [name(triangle[a]), name(triangle[b])].sort().join('|');
        edges.set(key, (edges.get(key) ?? 0) + 1);
      }
    }
    expect([...edges.values()].filter((count) => count !== 2)).toEqual([]);
  });

  it('spreads the progresses of one patient over time', () => {
    const history = treatmentHistory(7, 3);
    expect(history.map((study) => study.StudyDescription)).toEqual([
      'Initial',
      'Progress 1',
      'Progress 2',
      'Progress 3',
    ]);
    expect(new Set(history.map((study) => study.patient.PatientID)).size).toBe(1);
    expect(history.map((study) => study.dayOfTreatment)).toEqual(
      history.map((study) => study.dayOfTreatment).sort((a, b) => a - b),
    );
  });
});
