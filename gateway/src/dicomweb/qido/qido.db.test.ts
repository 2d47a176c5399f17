// Real: HTTP, PostgreSQL, the journal on disk.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleObject, storeBody } from '../testing/sample-object.ts';
import { type RunningDicomweb, startDicomweb } from '../testing/start-dicomweb.ts';

let server: RunningDicomweb;

beforeAll(async () => {
  server = await startDicomweb();
  const objects = [
    sampleObject({
      more: { SeriesDescription: 'Axial Neck', StudyDescription: 'Neck', InstitutionName: 'Clinic' },
    }),
    sampleObject({ instance: 2 }),
    sampleObject({ series: '1.2.3.1.2', frames: 2 }),
    sampleObject({
      study: '1.2.4',
      series: '1.2.4.1',
      patientId: 'P2',
      patientName: 'Yamada^Tarou=山田^太郎',
      more: { StudyDate: '20230101' },
    }),
    sampleObject({
      study: '1.2.5',
      series: '1.2.5.1',
      patientId: 'P3',
      patientName: 'Ohne^Datum',
      more: { StudyDate: '' },
    }),
  ];
  const { body, contentType } = storeBody(objects);
  const answer = await fetch(`${server.url}/studies`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': contentType },
  });
  expect(answer.status).toBe(200);
});
afterAll(async () => await server.stop());

type Element = { readonly vr: string; readonly Value?: readonly unknown[] };
const search = async (
  path: string,
  accept = 'application/dicom+json',
): Promise<{ status: number; warning: string | null; found: Record<string, Element>[]; text: string }> => {
  const response = await fetch(server.url + path, { headers: { Accept: accept } });
  const text = await response.text();
  return {
    status: response.status,
    warning: response.headers.get('Warning'),
    found: response.status === 200 ? JSON.parse(text) : [],
    text,
  };
};
const uids = async (path: string, tag = '0020000D'): Promise<unknown[]> =>
  (await search(path)).found.map((match) => match[tag]?.Value?.[0]);

describe('QIDO-RS', () => {
  test('a study says everything that the standard wants of it', async () => {
    const { found, warning } = await search('/studies?PatientID=P1');
    expect(warning).toBeNull();
    expect(found).toEqual([
      {
        '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
        '00080020': { vr: 'DA', Value: ['20240131'] },
        '00080030': { vr: 'TM', Value: ['103000'] },
        '00080050': { vr: 'SH', Value: ['A1'] },
        '00080056': { vr: 'CS', Value: ['ONLINE'] },
        '00080061': { vr: 'CS', Value: ['CT'] },
        '00080090': { vr: 'PN' },
        '00080201': { vr: 'SH' },
        '00081030': { vr: 'LO', Value: ['Neck'] },
        '00081190': { vr: 'UR', Value: [`${server.url}/studies/1.2.3.1`] },
        '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Müller^Änne' }] },
        '00100020': { vr: 'LO', Value: ['P1'] },
        '00100030': { vr: 'DA', Value: ['20100517'] },
        '00100040': { vr: 'CS', Value: ['F'] },
        '0020000D': { vr: 'UI', Value: ['1.2.3.1'] },
        '00200010': { vr: 'SH', Value: ['S1'] },
        '00201206': { vr: 'IS', Value: [2] },
        '00201208': { vr: 'IS', Value: [3] },
      },
    ]);
  });

  test('a series of a study, and of all studies with what the study says', async () => {
    const own = await search('/studies/1.2.3.1/series?SeriesInstanceUID=1.2.3.1.1');
    const series = {
      '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
      '00080056': { vr: 'CS', Value: ['ONLINE'] },
      '00080060': { vr: 'CS', Value: ['CT'] },
      '0008103E': { vr: 'LO', Value: ['Axial Neck'] },
      '00081190': { vr: 'UR', Value: [`${server.url}/studies/1.2.3.1/series/1.2.3.1.1`] },
      '0020000D': { vr: 'UI', Value: ['1.2.3.1'] },
      '0020000E': { vr: 'UI', Value: ['1.2.3.1.1'] },
      '00200011': { vr: 'IS', Value: [3] },
      '00201209': { vr: 'IS', Value: [2] },
      '00400244': { vr: 'DA' },
      '00400245': { vr: 'TM' },
    };
    expect(own.found).toEqual([series]);
    const [relational] = (await search('/series?SeriesInstanceUID=1.2.3.1.1')).found;
    expect(relational).toMatchObject({ ...series, '00100020': { vr: 'LO', Value: ['P1'] } });
  });

  test('instances of a series, of a study and of all', async () => {
    const [instance] = (await search('/studies/1.2.3.1/series/1.2.3.1.2/instances')).found;
    expect(instance).toEqual({
      '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
      '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7.3'] },
      '00080018': { vr: 'UI', Value: ['1.2.3.1.2.1'] },
      '00080056': { vr: 'CS', Value: ['ONLINE'] },
      '00081190': {
        vr: 'UR',
        Value: [`${server.url}/studies/1.2.3.1/series/1.2.3.1.2/instances/1.2.3.1.2.1`],
      },
      '00083002': { vr: 'UI', Value: ['1.2.840.10008.1.2.1'] },
      '0020000D': { vr: 'UI', Value: ['1.2.3.1'] },
      '0020000E': { vr: 'UI', Value: ['1.2.3.1.2'] },
      '00200013': { vr: 'IS', Value: [1] },
      '00280008': { vr: 'IS', Value: [2] },
      '00280010': { vr: 'US', Value: [16] },
      '00280011': { vr: 'US', Value: [16] },
      '00280100': { vr: 'US', Value: [16] },
    });
    expect(await uids('/studies/1.2.3.1/instances?InstanceNumber=2', '00080018')).toEqual(['1.2.3.1.1.2']);
    expect(await uids('/instances?SOPClassUID=1.2.840.10008.5.1.4.1.1.2&limit=2', '00080018')).toHaveLength(
      2,
    );
    expect(await uids('/studies/1.2.4/series/1.2.3.1.1/instances', '00080018')).toEqual([]);
  });

  test('keys by keyword, by tag in either case, encoded as viewers do', async () => {
    const asked: readonly (readonly [string, readonly string[]])[] = [
      ['PatientName=muller*', ['1.2.3.1']],
      ['00100010=%E5%B1%B1%E7%94%B0*', ['1.2.4']],
      ['PatientName=*mul*&fuzzymatching=true', ['1.2.3.1']],
      ['PatientName=anne%20mul&fuzzymatching=true', ['1.2.3.1']],
      ['StudyInstanceUID=1.2.4%5C1.2.5', ['1.2.4', '1.2.5']],
      ['0020000d=1.2.4%2C1.2.5', ['1.2.4', '1.2.5']],
      ['StudyDate=20240101-20240131', ['1.2.3.1']],
      ['StudyDate=-20231231', ['1.2.4']],
      ['StudyDescription=*neck*&fuzzymatching=true', ['1.2.3.1']],
      ['StudyDescription=*neck*', []],
      ['ModalitiesInStudy=CT%2CMR&AccessionNumber=A1', ['1.2.3.1', '1.2.4', '1.2.5']],
      ['ModalitiesInStudy=MR', []],
      ['StudyDate=%22%22&emptyvaluematching=true', ['1.2.5']],
      ['PatientID=*', ['1.2.3.1', '1.2.4', '1.2.5']],
    ];
    for (const [query, expected] of asked)
      expect([query, await uids(`/studies?${query}`)]).toEqual([query, expected]);
  });

  test('newest first, in pages, with a warning while there is more', async () => {
    const first = await search('/studies?limit=2');
    expect(first.found.map((match) => match['0020000D']?.Value?.[0])).toEqual(['1.2.3.1', '1.2.4']);
    expect(first.warning).toMatch(/^299 archwire "There are more results/);
    const second = await search('/studies?limit=2&offset=2');
    expect(second.found.map((match) => match['0020000D']?.Value?.[0])).toEqual(['1.2.5']);
    expect(second.warning).toBeNull();
    expect((await search('/studies?limit=0')).found).toEqual([]);
  });

  test('fields to include: by list, repeated, all, and unknown ones', async () => {
    const keys = async (query: string): Promise<string[]> =>
      Object.keys((await search(`/studies?PatientID=P1&${query}`)).found[0] ?? {});
    const usual = await keys('');
    expect(await keys('includefield=00080080,StudyDescription')).toEqual([...usual, '00080080'].toSorted());
    expect(await keys('includefield=InstitutionName&includefield=00100021')).toEqual(
      [...usual, '00080080', '00100021'].toSorted(),
    );
    expect(await keys('includefield=all')).toEqual([...usual, '00080080', '00100021'].toSorted());
    expect(await keys('includefield=00189999,Nonsense')).toEqual(usual);
  });

  test('what cannot be matched is refused or named in a warning', async () => {
    for (const query of [
      'RequestAttributesSequence.ScheduledProcedureStepID=1',
      '00400275.00400009=1',
      'StudyDate=tomorrow',
      'StudyInstanceUID=abc',
      'limit=-1',
      'limit=ten',
      'offset=999999999',
      'fuzzymatching=maybe',
      'PatientID=a&00100020=b',
    ]) {
      const { status, text } = await search(`/studies?${query}`);
      expect([query, status, JSON.parse(text).error]).toEqual([query, 400, 'invalid']);
    }
    const unknown = await search('/studies?PatientID=P1&PatientAge=012Y&Modality=CT&_=%22x');
    expect(unknown.found).toHaveLength(1);
    expect(unknown.warning).toBe(
      '299 archwire "The following parameters are not supported at this level and were ignored: PatientAge, Modality, _"',
    );
    expect((await search('/studies/1.2.3.1/series?StudyInstanceUID=1.2.4')).status).toBe(400);
  });

  test('only JSON, only with the right to read', async () => {
    expect((await search('/studies', 'multipart/related; type="application/dicom+xml"')).status).toBe(406);
    expect((await search('/studies', 'application/json')).status).toBe(200);
    expect((await search('/studies', '*/*;q=0.1')).status).toBe(200);
    server.as(server.tenant, ['imaging.study.store']);
    const refused = await search('/studies');
    server.as(server.tenant);
    expect(refused.status).toBe(403);
  });
});
