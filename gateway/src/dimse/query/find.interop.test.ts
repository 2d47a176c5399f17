// Real: DCMTK's findscu, the listener, PostgreSQL (embedded), the index function. A scripted peer where findscu cannot go.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTestDatabase, type TestDatabase, type TestTenant } from '@archwire/database/testing';
import { readIdentifier, readPart10, writeDataSet, type DicomJson } from '@archwire/dicom';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openReadAudit, type ReadAudit } from '../../dicomweb/index.ts';
import { indexStudies } from '../testing/index-studies.ts';
import { runTool } from '../testing/peer-process.ts';
import { COMMAND, IMPLICIT, LAST, pData, pdv } from '../testing/peer-pdus.ts';
import { RawPeer } from '../testing/raw-peer.ts';
import { startListener, type TestListener } from '../testing/start-listener.ts';
import { readCommand } from '../command-codec.ts';
import { createFindScp } from './find-scp.ts';
import { createFind } from './find-service.ts';

/** Fewer than in operation, because every one has to be indexed first. */
const MOST = 400;
const STUDY_ROOT = '1.2.840.10008.5.1.4.1.2.2.1';

let database: TestDatabase;
let tenant: TestTenant;
let listener: TestListener;
let audit: ReadAudit;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'archwire-find-'));
  const { withTenant } = database.db;
  audit = openReadAudit({
    withTenant,
    log: {
      error: (fields) => {
        throw new Error(JSON.stringify(fields));
      },
    },
  });
  listener = await startListener({
    services: [createFindScp(createFind({ withTenant, audit, aeTitle: 'ARCHWIRE', mostMatches: MOST }))],
    admit: async () => ({
      admitted: true,
      source: { ...tenant, deviceId: null, services: new Set(['query']) },
    }),
  });
});
beforeEach(async () => {
  tenant = await database.tenant();
});
afterAll(async () => {
  await listener.stop();
  await audit.flush();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

interface Found {
  readonly answers: readonly DicomJson[];
  readonly output: string;
}

/** Asks and reads every answer file; `code` of findscu is 0 whatever the status, which its output names. */
const find = async (keys: readonly string[], options: readonly string[] = ['-S']): Promise<Found> => {
  const out = await mkdtemp(path.join(folder, 'answers-'));
  const { output } = await runTool('findscu', [
    '-v',
    '-X',
    '-od',
    out,
    '-aec',
    'ARCHWIRE',
    ...options,
    ...keys.flatMap((key) => ['-k', key]),
    '127.0.0.1',
    String(listener.port),
  ]);
  const names = (await readdir(out)).toSorted();
  const answers = await Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(path.join(out, name));
      const { dataSetOffset, TransferSyntaxUID } = readPart10(bytes);
      return readIdentifier(bytes.subarray(dataSetOffset), TransferSyntaxUID).dataSet;
    }),
  );
  return { answers, output };
};
const valuesOf = ({ answers }: Found, tag: string) =>
  answers.map((answer) => answer[tag]?.Value?.[0] ?? null);
const sorted = (values: readonly unknown[]): string[] => values.map(String).sort((a, b) => (a < b ? -1 : 1));
const status = ({ output }: Found): string =>
  /Received Final Find Response \((.*)\)/.exec(output)?.[1] ?? output;

const STUDY = ['QueryRetrieveLevel=STUDY', 'StudyInstanceUID'];
const pano = (n: number, more: object) => ({
  SOPInstanceUID: `1.2.${n}.1.1`,
  SeriesInstanceUID: `1.2.${n}.1`,
  StudyInstanceUID: `1.2.${n}`,
  PatientID: `P${n}`,
  Modality: 'PX',
  ...more,
});

describe('findscu', () => {
  beforeEach(async () => {
    await indexStudies(database.db, tenant, [
      pano(1, {
        PatientName: 'Müller^Jörg',
        PatientBirthDate: '2012-03-02',
        PatientSex: 'M',
        StudyDate: '2026-01-02',
        StudyTime: '09:30:00',
        AccessionNumber: 'A1',
        StudyDescription: 'Panoramic',
      }),
      pano(1, {
        SOPInstanceUID: '1.2.1.2.1',
        SeriesInstanceUID: '1.2.1.2',
        Modality: 'DX',
        SeriesNumber: 2,
        InstanceNumber: 7,
      }),
      pano(2, {
        PatientName: 'Yamada^Tarou=山田^太郎=やまだ^たろう',
        StudyDate: '2026-01-03',
        StudyTime: '10:00:00',
      }),
      pano(3, {
        PatientName: 'Muller^Ana',
        StudyDate: '2026-01-02',
        StudyTime: '22:15:00',
        PatientID: 'P1',
        IssuerOfPatientID: 'ELSEWHERE',
      }),
    ]);
  });

  test('finds a study and answers the keys asked for, counters and where to fetch it', async () => {
    const found = await find([
      ...STUDY,
      'PatientID=P1',
      'PatientName',
      'IssuerOfPatientID',
      'StudyDate',
      'ModalitiesInStudy',
      'NumberOfStudyRelatedSeries',
      'NumberOfStudyRelatedInstances',
      'AccessionNumber=A1',
    ]);
    expect(found.answers).toEqual([
      {
        '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
        '00080020': { vr: 'DA', Value: ['20260102'] },
        '00080050': { vr: 'SH', Value: ['A1'] },
        '00080052': { vr: 'CS', Value: ['STUDY'] },
        '00080054': { vr: 'AE', Value: ['ARCHWIRE'] },
        '00080056': { vr: 'CS', Value: ['ONLINE'] },
        '00080061': { vr: 'CS', Value: ['DX', 'PX'] },
        '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Müller^Jörg' }] },
        '00100020': { vr: 'LO', Value: ['P1'] },
        '00100021': { vr: 'LO', Value: [tenant.issuer] },
        '0020000D': { vr: 'UI', Value: ['1.2.1'] },
        '00201206': { vr: 'IS', Value: [2] },
        '00201208': { vr: 'IS', Value: [2] },
      },
    ]);
    expect(status(found)).toBe('Success');
    await audit.flush();
    expect(
      await database.owner('select action, actor_kind from audit_log where tenant_id = $1', [
        tenant.tenantId,
      ]),
    ).toEqual([{ action: 'imaging.study.queried', actor_kind: 'system' }]);
  });

  test.each([
    ['a wildcard, without case and accents', ['PatientName=MULL*'], ['1.2.1', '1.2.3']],
    ['one character', ['PatientName=M?ller^Jorg'], ['1.2.1']],
    ['the ideographic group', ['SpecificCharacterSet=ISO_IR 192', 'PatientName=山田*'], ['1.2.2']],
    ['a range of days', ['StudyDate=20260103-'], ['1.2.2']],
    ['a list of UIDs', ['StudyInstanceUID=1.2.1\\1.2.2\\1.9'], ['1.2.1', '1.2.2']],
    ['modalities in study', ['ModalitiesInStudy=DX'], ['1.2.1']],
    [
      'a day and a time, each on its own',
      ['StudyDate=20260102-20260103', 'StudyTime=0900-1030'],
      ['1.2.1', '1.2.2'],
    ],
    ['everything', [], ['1.2.1', '1.2.2', '1.2.3']],
    ['nothing', ['PatientID=nobody'], []],
    ['quotes and percent signs as what they are', ["PatientID=P1' or '1'='1", 'PatientName=%'], []],
  ])('%s', async (_, keys, uids) => {
    const found = await find([...STUDY.slice(0, keys.join().includes('StudyInstanceUID') ? 1 : 2), ...keys]);
    expect([sorted(valuesOf(found, '0020000D')), status(found)]).toEqual([uids, 'Success']);
  });

  test.each([
    ['ISO_IR 100', 'Müller^Jörg', 'PatientID=P1', { Alphabetic: 'Müller^Jörg' }],
    [
      'ISO 2022 IR 6\\ISO 2022 IR 87',
      'Yamada^Tarou',
      'PatientID=P2',
      { Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' },
    ],
  ])('answers in the character set of the question: %s', async (characterSet, _name, key, name) => {
    const out = await find([
      ...STUDY,
      key,
      'AccessionNumber',
      'PatientName',
      `SpecificCharacterSet=${characterSet}`,
    ]);
    expect(valuesOf(out, '00100010')).toContainEqual(name);
    expect(out.output).toContain(characterSet.split('\\').at(-1));
  });

  test('goes down the levels: series, images; patient root: patients with their counters', async () => {
    const series = await find([
      'QueryRetrieveLevel=SERIES',
      'StudyInstanceUID=1.2.1',
      'SeriesInstanceUID',
      'Modality',
    ]);
    expect(sorted(valuesOf(series, '00080060'))).toEqual(['DX', 'PX']);
    const images = await find([
      'QueryRetrieveLevel=IMAGE',
      'StudyInstanceUID=1.2.1',
      'SeriesInstanceUID=1.2.1.2',
      'SOPInstanceUID',
      'InstanceNumber',
      'SOPClassUID',
    ]);
    expect(images.answers).toMatchObject([
      {
        '00080016': { Value: ['1.2.840.10008.5.1.4.1.1.1.1'] },
        '00080018': { Value: ['1.2.1.2.1'] },
        '00200013': { Value: [7] },
      },
    ]);
    const patients = await find(
      [
        'QueryRetrieveLevel=PATIENT',
        'PatientID',
        'PatientName',
        'IssuerOfPatientID',
        'NumberOfPatientRelatedStudies',
        'NumberOfPatientRelatedInstances',
      ],
      ['-P'],
    );
    expect(
      patients.answers.map((answer) =>
        ['00100020', '00100021', '00201200', '00201204'].map((tag) => answer[tag]?.Value?.[0]),
      ),
    ).toEqual([
      ['P1', 'ELSEWHERE', 1, 1],
      ['P1', tenant.issuer, 1, 2],
      ['P2', tenant.issuer, 1, 1],
    ]);
    const study = await find(['QueryRetrieveLevel=STUDY', 'PatientID=P2', 'StudyInstanceUID'], ['-P']);
    expect(valuesOf(study, '0020000D')).toEqual(['1.2.2']);
  });

  test.each([
    ['no level', ['StudyInstanceUID'], ['-S']],
    ['a level of another model', ['QueryRetrieveLevel=PATIENT', 'PatientID'], ['-S']],
    ['a hierarchy without its parent', ['QueryRetrieveLevel=SERIES', 'SeriesInstanceUID'], ['-S']],
    ['a parent that is a list', ['QueryRetrieveLevel=SERIES', 'StudyInstanceUID=1.2.1\\1.2.2'], ['-S']],
  ])('%s is A900', async (_, keys, options) => {
    const found = await find(keys, options);
    expect(found.answers).toEqual([]);
    expect(status(found)).toMatch(/DataSetDoesNotMatchSOPClass/);
  });

  test('names keys it does not know, and gives them back empty', async () => {
    const found = await find([...STUDY, 'PatientID=P2', 'PatientComments', 'ReferencedStudySequence']);
    expect(found.answers).toMatchObject([{ '00104000': { vr: 'LT' }, '00081110': { vr: 'SQ' } }]);
    expect(found.output).toMatch(/ff01|WarningUnsupportedOptionalKeys/i);
  });

  test('knows nothing of another group', async () => {
    tenant = await database.tenant('Another');
    expect((await find(STUDY)).answers).toEqual([]);
  });
});

/** C-FIND-RQ and its identifier on context 1. */
const question = (messageId: number, keys: DicomJson): Buffer => {
  const command = Buffer.alloc(128);
  let at = command.writeUInt32LE(0, 0);
  const short = (element: number, value: number): void => {
    at = command.writeUInt16LE(0, at);
    at = command.writeUInt16LE(element, at);
    at = command.writeUInt32LE(2, at);
    at = command.writeUInt16LE(value, at);
  };
  at = 0;
  const uid = Buffer.from(`${STUDY_ROOT}\0`.slice(0, STUDY_ROOT.length + (STUDY_ROOT.length % 2)), 'latin1');
  at = command.writeUInt16LE(0, at);
  at = command.writeUInt16LE(0x0002, at);
  at = command.writeUInt32LE(uid.length, at);
  at += uid.copy(command, at);
  short(0x0100, 0x0020);
  short(0x0110, messageId);
  short(0x0700, 0);
  short(0x0800, 1);
  return pData(
    pdv(1, COMMAND | LAST, command.subarray(0, at)),
    pdv(1, LAST, writeDataSet(keys, IMPLICIT, '')),
  );
};
const cancel = (messageId: number): Buffer => {
  const command = Buffer.alloc(30);
  let at = 0;
  for (const [element, value] of [
    [0x0100, 0x0fff],
    [0x0120, messageId],
    [0x0800, 0x0101],
  ] as const) {
    at = command.writeUInt16LE(0, at);
    at = command.writeUInt16LE(element, at);
    at = command.writeUInt32LE(2, at);
    at = command.writeUInt16LE(value, at);
  }
  return pData(pdv(1, COMMAND | LAST, command));
};
const EVERYTHING: DicomJson = {
  '00080052': { vr: 'CS', Value: ['STUDY'] },
  '0020000D': { vr: 'UI' },
  '00100020': { vr: 'LO' },
};

/** Statuses of the responses as they come, until one is final. */
const statuses = async (peer: RawPeer): Promise<{ readonly pending: number; readonly final: number }> => {
  let pending = 0;
  for (;;) {
    const pdu = await peer.receive();
    if (pdu === null) throw new Error('the association ended');
    if (pdu.type !== 4) throw new Error(`PDU type ${pdu.type}`);
    if (((pdu.body[5] ?? 0) & COMMAND) === 0) continue;
    const code = readCommand(pdu.body.subarray(6))?.Status ?? -1;
    if (code !== 0xff00 && code !== 0xff01) return { pending, final: code };
    pending += 1;
  }
};
const peer = () =>
  RawPeer.associate(listener.port, {
    contexts: [{ id: 1, abstractSyntax: STUDY_ROOT, transferSyntaxes: [IMPLICIT] }],
  });
const many = (count: number) =>
  indexStudies(
    database.db,
    tenant,
    Array.from({ length: count }, (_, n) => pano(n + 1, { StudyDate: '2026-02-03' })),
  );

describe('a scripted peer', () => {
  test('gets 350 answers, each once, and a second question after the first', async () => {
    await many(350);
    const asker = await peer();
    asker.send(Buffer.concat([question(1, EVERYTHING), question(2, EVERYTHING)]));
    expect([await statuses(asker), await statuses(asker)]).toEqual([
      { pending: 350, final: 0 },
      { pending: 350, final: 0 },
    ]);
    asker.socket.destroy();
  });

  test('cancels, and goes on', async () => {
    await many(MOST);
    const asker = await peer();
    asker.send(question(7, EVERYTHING));
    asker.send(cancel(7));
    const { pending, final } = await statuses(asker);
    expect([pending < MOST, final]).toEqual([true, 0xfe00]);
    asker.send(cancel(7));
    asker.send(question(8, { ...EVERYTHING, '00100020': { vr: 'LO', Value: ['P5'] } }));
    expect(await statuses(asker)).toEqual({ pending: 1, final: 0 });
    asker.socket.destroy();
  });

  test('is told when there are more matches than one query may return', async () => {
    await many(MOST + 1);
    const asker = await peer();
    asker.send(question(1, EVERYTHING));
    expect(await statuses(asker)).toEqual({ pending: MOST, final: 0xa700 });
    asker.socket.destroy();
  });

  test('that goes away in the middle, or sends rubbish as an identifier, costs nothing', async () => {
    await many(350);
    const gone = await peer();
    gone.send(question(1, EVERYTHING));
    await gone.receive();
    gone.socket.destroy();
    const asker = await peer();
    const whole = question(1, EVERYTHING);
    const rubbish = Buffer.from(whole);
    rubbish.fill(0xee, whole.length - 10);
    asker.send(rubbish);
    expect((await statuses(asker)).final).toBe(0xc000);
    asker.send(question(2, { ...EVERYTHING, '00080020': { vr: 'DA', Value: ['yesterday'] } }));
    expect((await statuses(asker)).final).toBe(0xc000);
    asker.send(question(3, { ...EVERYTHING, '00100020': { vr: 'LO', Value: ['P5'] } }));
    expect(await statuses(asker)).toEqual({ pending: 1, final: 0 });
    asker.socket.destroy();
  });

  test('that negotiates relational queries and combined times gets them', async () => {
    await indexStudies(database.db, tenant, [
      pano(1, { StudyDate: '2026-01-02', StudyTime: '23:00:00' }),
      pano(2, { StudyDate: '2026-01-03', StudyTime: '12:00:00' }),
    ]);
    const information = Buffer.from([1, 1, 1]);
    const uid = Buffer.from(STUDY_ROOT, 'latin1');
    const head = Buffer.alloc(6);
    head.writeUInt8(0x56, 0);
    head.writeUInt16BE(2 + uid.length + information.length, 2);
    head.writeUInt16BE(uid.length, 4);
    const asker = await RawPeer.associate(listener.port, {
      contexts: [{ id: 1, abstractSyntax: STUDY_ROOT, transferSyntaxes: [IMPLICIT] }],
      userItems: [Buffer.concat([head, uid, information])],
    });
    asker.send(question(1, { '00080052': { vr: 'CS', Value: ['SERIES'] }, '0020000E': { vr: 'UI' } }));
    expect(await statuses(asker)).toEqual({ pending: 2, final: 0 });
    asker.send(
      question(2, {
        ...EVERYTHING,
        '00080020': { vr: 'DA', Value: ['20260102-20260103'] },
        '00080030': { vr: 'TM', Value: ['220000-020000'] },
      }),
    );
    expect(await statuses(asker)).toEqual({ pending: 1, final: 0 });
    asker.socket.destroy();
  });
});
