// Real: HTTP, PostgreSQL, the journal and the object store on disk. What goes out after people decided whose images these are.
import { assignStudies, mergePatients, registerPatient, undoDecision, undoMerge } from '@archwire/archive';
import { type Principal, ROLES } from '@archwire/contracts';
import { type DicomJson, readInstanceHead, toDicomJson } from '@archwire/dicom';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { readMultipart } from './testing/read-multipart.ts';
import { sampleObject, samplePixels, storeBody } from './testing/sample-object.ts';
import { type RunningDicomweb, startDicomweb } from './testing/start-dicomweb.ts';

let server: RunningDicomweb;
let admin: Principal;

const Elements = z.array(
  z.record(z.string(), z.object({ vr: z.string(), Value: z.array(z.json()).optional() })),
);
type Elements = z.infer<typeof Elements>;

const OBJECTS = {
  a: sampleObject({ study: '1.5.1', series: '1.5.1.1', patientId: 'A', patientName: 'Doe^Jane' }),
  b: sampleObject({ study: '1.5.2', series: '1.5.2.1', patientId: 'B', patientName: 'Doe^J' }),
};

beforeAll(async () => {
  server = await startDicomweb();
  admin = {
    tenantId: server.tenant.tenantId,
    kind: 'user',
    id: '33333333-3333-7333-8333-333333333333',
    locationId: null,
    permissions: new Set(ROLES.administrator),
    address: '127.0.0.1',
    userAgent: 'test',
    requestId: 'r1',
  };
  const { body, contentType } = storeBody(Object.values(OBJECTS));
  const headers = { 'Content-Type': contentType };
  expect((await fetch(`${server.url}/studies`, { method: 'POST', body, headers })).status).toBe(200);
});
afterAll(async () => await server.stop());

const json = async (path: string): Promise<Elements> =>
  Elements.parse(JSON.parse(await (await fetch(`${server.url}${path}`)).text()));
const identity = (dataSet: DicomJson | Elements[number] | undefined): unknown[] =>
  ['00100020', '00100021', '00100010', '00100030', '00100040'].map(
    (tag) => dataSet?.[tag]?.Value?.[0] ?? null,
  );
/** By QIDO, the series' metadata, the instance's, and the object asked for as the practice knows it. */
const everywhere = async (study: string): Promise<unknown[][]> => {
  const series = `/studies/${study}/series/${study}.1`;
  const object = await fetch(`${server.url}${series}/instances/${study}.1.1?identity=known`, {
    headers: { Accept: 'application/dicom' },
  });
  return [
    identity((await json(`/studies?StudyInstanceUID=${study}&includefield=IssuerOfPatientID`))[0]),
    identity((await json(`${series}/metadata`))[0]),
    identity((await json(`${series}/instances/${study}.1.1/metadata`))[0]),
    identity(toDicomJson(Buffer.from(await object.arrayBuffer()))),
  ];
};
const found = async (query: string): Promise<string[]> =>
  (await json(`/studies?${query}`))
    .map((study) => z.string().parse(study['0020000D']?.Value?.[0]))
    .toSorted((a, b) => a.localeCompare(b));
const stored = async (study: string): Promise<Buffer | undefined> => {
  const response = await fetch(`${server.url}/studies/${study}`, {
    headers: { Accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' },
  });
  return (await readMultipart(response))[0]?.bytes;
};
const studyId = async (uid: string): Promise<string> =>
  z
    .object({ id: z.string() })
    .parse((await server.database.owner('select id from study where study_uid = $1', [uid]))[0]).id;
const patientOf = async (value: string): Promise<string> =>
  z
    .object({ patient_id: z.string() })
    .parse(
      (await server.database.owner('select patient_id from patient_identifier where value = $1', [value]))[0],
    ).patient_id;

test('a merge and its undoing are seen at every door, and the stored bytes never change', async () => {
  const { issuer } = server.tenant;
  const jane = ['A', issuer, { Alphabetic: 'Doe^Jane' }, '20100517', 'F'];
  const own = (await everywhere('1.5.2'))[1];
  expect(own).toEqual(['B', null, { Alphabetic: 'Doe^J' }, '20100517', 'F']);
  const { mergeId } = await mergePatients(server.database.db.withTenant, admin, {
    survivorId: await patientOf('A'),
    mergedId: await patientOf('B'),
    reason: 'the same person',
  });
  expect(await everywhere('1.5.2')).toEqual([jane, jane, jane, jane]);
  expect([
    await found('PatientID=A'),
    await found('PatientID=B'),
    await found('PatientName=Doe^Jane'),
  ]).toEqual([['1.5.1', '1.5.2'], [], ['1.5.1', '1.5.2']]);
  const [metadata] = await json('/studies/1.5.2/series/1.5.2.1/metadata');
  expect(metadata?.['04000561']).toMatchObject({
    vr: 'SQ',
    Value: [
      {
        '04000550': {
          Value: [{ '00100010': { Value: [{ Alphabetic: 'Doe^J' }] }, '00100020': { Value: ['B'] } }],
        },
        '04000562': { vr: 'DT', Value: [expect.stringMatching(/^\d{14}\.\d{6}\+0000$/)] },
        '04000565': { vr: 'CS', Value: ['COERCE'] },
      },
    ],
  });
  expect((await stored('1.5.2'))?.equals(OBJECTS.b)).toBe(true);
  await undoMerge(server.database.db.withTenant, admin, { mergeId, reason: 'sisters' });
  expect((await everywhere('1.5.2'))[1]).toEqual(own);
  expect(await found('PatientID=B')).toEqual(['1.5.2']);
});

test('an assignment gives the registered patient, in letters that the object had none for, and no number of somebody else', async () => {
  const { patientId } = await registerPatient(server.database.db.withTenant, admin, {
    name: 'Πέτρου^Ελένη',
    birthDate: '2011-01-02',
    recordNumber: 'R-7',
  });
  const ascii = sampleObject({
    study: '1.5.3',
    series: '1.5.3.1',
    patientId: 'C',
    patientName: 'Wrong^Name',
    more: { SpecificCharacterSet: 'ISO_IR 100', OtherPatientIDs: 'X9' },
  });
  const { body, contentType } = storeBody([ascii]);
  await fetch(`${server.url}/studies`, { method: 'POST', body, headers: { 'Content-Type': contentType } });
  const { decisionId } = await assignStudies(server.database.db.withTenant, admin, {
    studyIds: [await studyId('1.5.3')],
    patientId,
    reason: 'recognised',
    rememberIdentifier: false,
  });
  const known = ['R-7', server.tenant.issuer, { Alphabetic: 'Πέτρου^Ελένη' }, '20110102', null];
  expect(await everywhere('1.5.3')).toEqual([known, known, known, known]);
  const response = await fetch(
    `${server.url}/studies/1.5.3/series/1.5.3.1/instances/1.5.3.1.1?identity=known`,
    { headers: { Accept: 'application/dicom' } },
  );
  const outgoing = Buffer.from(await response.arrayBuffer());
  expect([outgoing.length, outgoing.subarray(-samplePixels({}).length).equals(samplePixels({}))]).toEqual([
    Number(response.headers.get('Content-Length')),
    true,
  ]);
  const { header } = readInstanceHead(outgoing);
  expect(header).toMatchObject({ SOPInstanceUID: '1.5.3.1.1', PatientID: 'R-7', StudyInstanceUID: '1.5.3' });
  expect(toDicomJson(outgoing)).not.toHaveProperty('00101000');
  // What is left of it in the middle is the same as in the whole.
  const part = await fetch(`${server.url}/studies/1.5.3/series/1.5.3.1/instances/1.5.3.1.1?identity=known`, {
    headers: { Accept: 'application/dicom', Range: 'bytes=200-1500' },
  });
  expect(Buffer.from(await part.arrayBuffer()).equals(outgoing.subarray(200, 1501))).toBe(true);
  expect((await stored('1.5.3'))?.equals(ascii)).toBe(true);

  const nobody = await registerPatient(server.database.db.withTenant, admin, { name: 'Doe^Anna' });
  await assignStudies(server.database.db.withTenant, admin, {
    studyIds: [await studyId('1.5.1')],
    patientId: nobody.patientId,
    reason: 'her sister',
    rememberIdentifier: true,
  });
  // A is Jane's number, so Anna has none.
  expect((await everywhere('1.5.1'))[1]).toEqual([null, null, { Alphabetic: 'Doe^Anna' }, null, null]);
  await undoDecision(server.database.db.withTenant, admin, decisionId);
  expect((await everywhere('1.5.3'))[1]).toEqual(['C', null, { Alphabetic: 'Wrong^Name' }, '20100517', 'F']);
});

test('what the practice corrects of a patient is seen at once', async () => {
  const owner = (sql: string): Promise<unknown> => server.database.owner(sql);
  await owner("update patient set name = 'Doe^Annabel', mrn = 'R-8' where name = 'Doe^Anna'");
  const annabel = ['R-8', server.tenant.issuer, { Alphabetic: 'Doe^Annabel' }, null, null];
  expect(await everywhere('1.5.1')).toEqual([annabel, annabel, annabel, annabel]);
});

test('another word than received or known is refused', async () => {
  const response = await fetch(`${server.url}/studies/1.5.1?identity=any`);
  expect(response.status).toBe(400);
});
