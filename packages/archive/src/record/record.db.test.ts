// Real: PostgreSQL 18 (embedded), the import door and the write side of the archive, libvips, files on the disk of this machine.
import { deflateSync, crc32 } from 'node:zlib';
import { Declaration, NewImport } from '@archwire/contracts/api/imports';
import { readInstanceHead, toDicomJson } from '@archwire/dicom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testObject } from '../ingest/test-object.ts';
import { readLocation } from '../stores/read-location.ts';
import { principalOf, startImports, type TestImports } from '../import/testing/start-imports.ts';

let at: TestImports;
beforeAll(async () => {
  at = await startImports();
});
afterAll(async () => await at.close());

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const bytes = Buffer.alloc(body.length + 8);
  bytes.writeUInt32BE(data.length);
  body.copy(bytes, 4);
  bytes.writeUInt32BE(crc32(body), body.length + 4);
  return bytes;
};
/** A photograph of one colour, 8 × 6. */
const photo = (gray: number): Buffer => {
  const header = Buffer.from('00000008000000060802000000', 'hex');
  const rows = Buffer.concat(
    Array.from({ length: 6 }, () => Buffer.concat([Buffer.alloc(1), Buffer.alloc(24, gray)])),
  );
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};
const stl = (triangles: number): Buffer => {
  const file = Buffer.alloc(84 + 50 * triangles);
  file.writeUInt32LE(triangles, 80);
  for (let index = 0; index < triangles; index += 1) file.writeFloatLE(index % 90, 84 + index * 50 + 12);
  return file;
};

const patient = async (name: string, mrn: string | null = null): Promise<string> => {
  const [row] = await at.database.owner<{ id: string }>(
    `insert into patient (tenant_id, registration, mrn, name, name_folded, birth_date, sex)
     values ($1, 'registered', $2, $3, lower($3), '2012-03-02', 'F') returning id`,
    [at.tenant.tenantId, mrn, name],
  );
  return row?.id ?? '';
};
const begin = async (patientId: string, record: object = {}) =>
  await at.imports.service.create(
    at.principal,
    NewImport.parse({
      expectedFiles: 1,
      expectedBytes: 1,
      record: { patientId, studyDate: '2026-03-01', description: 'Initial', event: 'initial', ...record },
    }),
  );
let count = 0;
const bring = async (importId: string, path: string, bytes: Buffer, shows?: object) => {
  count += 1;
  const body = Declaration.parse({
    files: [
      { key: `record-${count}-xx`, path, size: bytes.length, ...(shows === undefined ? {} : { shows }) },
    ],
  });
  const { files } = await at.imports.service.declare(at.principal, importId, body);
  return await at.send(importId, files[0]?.fileId ?? '', bytes);
};
const studiesOf = async (patientId: string) =>
  await at.database.owner(
    `select s.id, s.study_uid, s.match_state, s.pat_id, s.pat_name, s.study_date::text as study_date, s.description, s.instance_count
       from study s where s.patient_id = $1 order by s.id`,
    [patientId],
  );
const objectsOf = async (patientId: string) => {
  const rows = await at.database.owner<{
    store: 'journal' | 'archive';
    key: string;
    offset: number;
    length: number;
  }>(
    `select i.store, i.key, i."offset"::int as "offset", i.length::int as length from instance i
       join series e on e.id = i.series_id join study s on s.id = e.study_id where s.patient_id = $1 order by i.id`,
    [patientId],
  );
  return await Promise.all(rows.map(async (location) => await readLocation(at.archive.stores, location)));
};
const said = ({ outcome, reason }: { outcome: string | null; reason: string | null }) => [outcome, reason];
const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (error: unknown) =>
      error instanceof Error && 'kind' in error && 'details' in error ? [error.kind, error.details] : error,
  );

describe('files for one patient', () => {
  it('become a study of that day and patient, with what each shows; the same again is there already', async () => {
    const who = await patient('Curie^Marie', 'MRN-7');
    const { id, patientId } = await begin(who);
    expect(patientId).toBe(who);
    const adjustment = { flip: true, rotation: 90, crop: null };
    const first = await bring(id, 'IMG_1.png', photo(10), { view: 'occlusal-upper', adjustment });
    expect(said(first)).toEqual(['stored', null]);
    expect(said(await bring(id, 'IMG_2.png', photo(20), { view: 'face-front', teeth: ['11'] }))).toEqual([
      'stored',
      null,
    ]);
    expect(said(await bring(id, 'arch.stl', stl(4), { view: 'scan-lower' }))).toEqual(['stored', null]);
    expect(said(await bring(id, 'again.png', photo(20), { view: 'face-front', teeth: ['11'] }))).toEqual([
      'duplicate',
      null,
    ]);
    await at.imports.service.finish(at.principal, id);
    const another = await begin(who);
    expect(said(await bring(another.id, 'x.png', photo(10), { view: 'occlusal-upper' }))).toEqual([
      'duplicate',
      null,
    ]);
    expect(await studiesOf(who)).toEqual([
      {
        id: first.studyId,
        study_uid: expect.stringMatching(/^2\.25\.\d+$/),
        match_state: 'auto',
        pat_id: 'MRN-7',
        pat_name: 'Curie^Marie',
        study_date: '2026-03-01',
        description: 'Initial',
        instance_count: 3,
      },
    ]);
    const objects = await objectsOf(who);
    const heads = objects.map((bytes) => readInstanceHead(bytes, { totalLength: bytes.length }).header);
    expect(
      heads.map(({ Modality, PatientBirthDate, PatientSex }) => [Modality, PatientBirthDate, PatientSex]),
    ).toEqual([
      ['XC', '2012-03-02', 'F'],
      ['XC', '2012-03-02', 'F'],
      ['M3D', '2012-03-02', 'F'],
    ]);
    // Stored as the mirror showed it, for it is turned over on the screen only.
    expect(toDicomJson(objects[0] ?? Buffer.alloc(0))['00204000']?.Value).toEqual(['IV24']);
    expect(
      await at.database.owner(
        `select a.adjustment, a.revision, i.sop_uid from picture_adjustment a join instance i on i.id = a.instance_id`,
      ),
    ).toEqual([{ adjustment, revision: 1, sop_uid: heads[0]?.SOPInstanceUID }]);
    expect(
      await at.database.owner(
        `select count(*)::int as n from audit_log where action = 'imaging.import.created' and patient_id = $1`,
        [who],
      ),
    ).toEqual([{ n: 2 }]);
  });

  it('give a patient without any Patient ID one of the location, never one of somebody else', async () => {
    const [location] = await at.database.owner<{ issuer: string }>(
      'select issuer from location where id = $1',
      [at.tenant.locationId],
    );
    const owner = await patient('Taken^By', null);
    await at.database.owner(
      'insert into patient_identifier (tenant_id, issuer, value, patient_id) values ($1, $2, $3, $4)',
      [at.tenant.tenantId, location?.issuer, 'MRN-8', owner],
    );
    const who = await patient('Hahn^Otto', 'MRN-8');
    const { id } = await begin(who);
    expect(said(await bring(id, 'a.png', photo(30)))).toEqual(['stored', null]);
    expect(await studiesOf(who)).toEqual([
      expect.objectContaining({ match_state: 'auto', pat_id: expect.stringMatching(/^A[0-9A-F]{12}$/) }),
    ]);
    expect(await studiesOf(owner)).toEqual([]);
  });

  it('join the study that was chosen, with the identity that it came with, and no other patient’s', async () => {
    const who = await patient('Meitner^Lise', 'MRN-9');
    const stranger = await patient('Other^Person', 'MRN-10');
    const made = await begin(who);
    const { studyId } = await bring(made.id, 'a.png', photo(40));
    const joined = await begin(who, { studyId, studyDate: '2026-05-05', description: 'ignored' });
    expect(said(await bring(joined.id, 'b.png', photo(41)))).toEqual(['stored', null]);
    expect(await studiesOf(who)).toEqual([
      expect.objectContaining({ instance_count: 2, match_state: 'auto', study_date: '2026-03-01' }),
    ]);
    expect(await refusal(begin(stranger, { studyId }))).toEqual(['invalid', { reason: 'record-moved' }]);
    // A person gave the study to somebody else meanwhile.
    await at.database.owner('update study set patient_id = $1 where id = $2', [stranger, studyId]);
    expect(said(await bring(joined.id, 'c.png', photo(42)))).toEqual(['unreadable', 'record-moved']);
    expect(said(await bring(made.id, 'd.png', photo(43)))).toEqual(['unreadable', 'record-moved']);
  });

  it('are refused when they are of another kind, damaged, or for somebody who is not of the group', async () => {
    const who = await patient('Noether^Emmy', 'MRN-11');
    const { id } = await begin(who);
    const dicom = testObject({ uid: '1.2.99.1', studyUid: '1.2.99', seriesUid: '1.2.99.0' }).part10;
    expect(said(await bring(id, 'image.dcm', dicom))).toEqual(['refused', 'record-kind']);
    expect(said(await bring(id, 'letter.docx', Buffer.from('PK\u0003\u0004 letter')))).toEqual([
      'refused',
      'record-kind',
    ]);
    expect(said(await bring(id, 'cut.png', photo(50).subarray(0, 48)))).toEqual([
      'unreadable',
      'photo-damaged',
    ]);
    expect(said(await bring(id, 'lies.stl', Buffer.concat([stl(3), Buffer.alloc(7)])))).toEqual([
      'unreadable',
      'mesh-damaged',
    ]);
    expect(said(await bring(id, 'fine.png', photo(51)))).toEqual(['stored', null]);
    const other = await at.database.tenant();
    const foreign = at.imports.service.create(
      principalOf(other),
      NewImport.parse({
        expectedFiles: 1,
        expectedBytes: 1,
        record: { patientId: who, studyDate: '2026-03-01' },
      }),
    );
    expect(await refusal(foreign)).toEqual(['not-found', {}]);
    await at.database.owner(
      `update patient set status = 'merged', merged_into = (select id from patient where mrn = 'MRN-7') where id = $1`,
      [who],
    );
    expect(said(await bring(id, 'late.png', photo(52)))).toEqual(['unreadable', 'patient-merged']);
  });

  it('wait in pieces when they are large, and go on after a restart', async () => {
    const who = await patient('Lovelace^Ada', 'MRN-12');
    const { id } = await begin(who);
    const large = stl(1_400_000);
    const { files } = await at.imports.service.declare(
      at.principal,
      id,
      Declaration.parse({
        files: [{ key: 'large-model', path: 'upper.stl', size: large.length, shows: { view: 'scan-upper' } }],
      }),
    );
    const fileId = files[0]?.fileId ?? '';
    const PIECE = 8 * 1024 * 1024;
    for (let from = 0; from < large.length; from += PIECE)
      await at.send(id, fileId, large.subarray(from, from + PIECE), from);
    at.restart();
    await at.imports.service.finish(at.principal, id);
    await at.work();
    expect(await at.report(id)).toEqual({ 'upper.stl': 'stored' });
    expect((await at.imports.service.get(at.principal, id)).state).toBe('done');
    expect(await studiesOf(who)).toEqual([expect.objectContaining({ instance_count: 1 })]);
  });
});
