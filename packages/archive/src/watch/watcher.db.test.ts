// Real: PostgreSQL 18 (embedded), the write side of the archive, folders, files and links on the disk of this machine.
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testObject } from '../ingest/test-object.ts';
import { startImports, type TestImports } from '../import/testing/start-imports.ts';
import { createWatcher } from './create-watcher.ts';

let at: TestImports;
let root: string;
let deviceId: string;
beforeAll(async () => {
  at = await startImports();
  root = join(at.folder, 'watched');
  mkdirSync(root);
  const [row] = await at.database.owner<{ id: string }>(
    `insert into device (tenant_id, location_id, name, kind, ae_title, watch_folder)
     values ($1, $2, 'Sensor 1', 'intraoral-sensor', 'SENSOR1', 'sensor-1') returning id`,
    [at.tenant.tenantId, at.tenant.locationId],
  );
  deviceId = row?.id ?? '';
});
afterAll(async () => await at.close());

const watcher = (stableMs = 0) =>
  createWatcher(
    {
      knex: at.database.db.knex,
      withTenant: at.database.db.withTenant,
      ingest: at.archive.ingest,
      root,
      log: { warn: () => undefined },
    },
    { stableMs },
  );
const put = (name: string, bytes: Buffer): void => {
  const path = join(root, 'sensor-1', name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, bytes);
};
const lying = (): string[] =>
  readdirSync(join(root, 'sensor-1'), { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, 'sensor-1').length + 1))
    .toSorted();
const noted = async () =>
  (
    await at.database.owner<{ path: string; outcome: string; reason: string | null }>(
      'select path, outcome, reason from watched_file order by path, id',
    )
  ).map(({ path, outcome, reason }) => [path, outcome, reason]);
const object = (uid: string) => testObject({ uid, studyUid: '1.2.55', seriesUid: '1.2.55.0' }).part10;
const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');

it('takes what is whole, by its own identity or the one it is named by, and says why it refuses the rest', async () => {
  const [location] = await at.database.owner<{ issuer: string }>(
    'select issuer from location where id = $1',
    [at.tenant.locationId],
  );
  const [patient] = await at.database.owner<{ id: string }>(
    `insert into patient (tenant_id, registration, name, name_folded) values ($1, 'registered', 'Franklin^Rosalind', 'franklin^rosalind') returning id`,
    [at.tenant.tenantId],
  );
  await at.database.owner(
    'insert into patient_identifier (tenant_id, issuer, value, patient_id) values ($1, $2, $3, $4)',
    [at.tenant.tenantId, location?.issuer, 'P77', patient?.id],
  );
  const outside = join(at.folder, 'outside.pdf');
  writeFileSync(outside, PDF);
  put('exam/image.dcm', object('1.2.55.1'));
  put('P77_consent.pdf', PDF);
  put('nobody.pdf', PDF);
  put('notes.txt', Buffer.from('not for the archive'));
  put('.half', Buffer.from('%PDF-1.4'));
  symlinkSync(outside, join(root, 'sensor-1', 'P77_link.pdf'));
  await watcher().scan();
  expect(lying()).toEqual([
    '.half',
    'done/P77_consent.pdf',
    'done/exam/image.dcm',
    'done/nobody.pdf',
    'refused/P77_link.pdf',
    'refused/P77_link.pdf.reason.txt',
    'refused/notes.txt',
    'refused/notes.txt.reason.txt',
  ]);
  expect(readFileSync(join(root, 'sensor-1/refused/notes.txt.reason.txt'), 'utf8')).toMatch(/no photograph/);
  expect(existsSync(outside)).toBe(true);
  expect(await noted()).toEqual([
    ['P77_consent.pdf', 'stored', null],
    ['P77_link.pdf', 'refused', 'symbolic-link'],
    ['exam/image.dcm', 'stored', null],
    ['nobody.pdf', 'quarantined', null],
    ['notes.txt', 'refused', 'record-kind'],
  ]);
  const studies = await at.database.owner(
    `select s.patient_id, s.match_state, s.quarantine_reason, i.device_id from study s join series e on e.study_id = s.id
       join instance i on i.series_id = e.id where e.modality = 'DOC' order by s.match_state`,
  );
  expect(studies).toEqual([
    { patient_id: patient?.id, match_state: 'auto', quarantine_reason: null, device_id: deviceId },
    {
      patient_id: null,
      match_state: 'quarantined',
      quarantine_reason: 'missing-patient-id',
      device_id: deviceId,
    },
  ]);
});

it('leaves a file alone while it is written, and takes one again that it could not move before a crash', async () => {
  const patient = watcher(1000);
  put('slow.dcm', object('1.2.55.2').subarray(0, 400));
  await patient.scan(10_000);
  put('slow.dcm', object('1.2.55.2'));
  await patient.scan(10_900);
  await patient.scan(11_800);
  expect(lying()).toContain('slow.dcm');
  await patient.scan(11_901);
  expect(lying()).toContain('done/slow.dcm');
  // Stored already, and still there: as after a crash between storing and moving.
  put('slow.dcm', object('1.2.55.2'));
  await watcher().scan();
  expect(lying().filter((name) => name.includes('slow'))).toEqual(['done/slow (2).dcm', 'done/slow.dcm']);
  expect((await noted()).filter(([name]) => name === 'slow.dcm')).toEqual([
    ['slow.dcm', 'stored', null],
    ['slow.dcm', 'duplicate', null],
  ]);
});

it('follows no link in place of a device’s folder, and says so', async () => {
  mkdirSync(join(at.folder, 'elsewhere'));
  writeFileSync(join(at.folder, 'elsewhere', 'a.pdf'), PDF);
  symlinkSync(join(at.folder, 'elsewhere'), join(root, 'linked'));
  await at.database.owner(`update device set watch_folder = 'linked' where id = $1`, [deviceId]);
  await watcher().scan();
  expect(readdirSync(join(at.folder, 'elsewhere'))).toEqual(['a.pdf']);
  expect(await at.database.owner('select watch_problem from device where id = $1', [deviceId])).toEqual([
    { watch_problem: 'no-folder' },
  ]);
});
