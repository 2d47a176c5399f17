// Real: DCMTK's findscu and, beside us, its worklist server wlmscpfs over the same items; the listener, PostgreSQL (embedded).
// A scripted peer where findscu cannot go. DCMTK's own worklist samples where ARCHWIRE_SAMPLES names their folder.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTestDatabase, type TestDatabase, type TestTenant } from '@archwire/database/testing';
import { readIdentifier, readPart10, writeDataSet, type DicomJson, type Identifier } from '@archwire/dicom';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openReadAudit, type ReadAudit } from '../../dicomweb/index.ts';
import { readCommand } from '../command-codec.ts';
import { COMMAND, IMPLICIT, LAST, pData, pdv } from '../testing/peer-pdus.ts';
import { freePort, runTool, startPeer, type PeerProcess } from '../testing/peer-process.ts';
import { RawPeer } from '../testing/raw-peer.ts';
import { startListener, type TestListener } from '../testing/start-listener.ts';
import { loadWorklistItem } from './testing/load-worklist-item.ts';
import { createWorklistScp, MODALITY_WORKLIST } from './worklist-scp.ts';
import { createWorklist } from './worklist-service.ts';

/** Fewer than in operation. */
const MOST = 120;
const SAMPLES = process.env['ARCHWIRE_SAMPLES'];

let database: TestDatabase;
let tenant: TestTenant;
let listener: TestListener;
let audit: ReadAudit;
let folder: string;
let deviceId: string | null = null;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'archwire-worklist-'));
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
    services: [createWorklistScp(createWorklist({ withTenant, audit, mostMatches: MOST }))],
    admit: async () => ({ admitted: true, source: { ...tenant, deviceId, services: new Set(['worklist']) } }),
  });
});
beforeEach(async () => {
  tenant = await database.tenant();
  deviceId = null;
});
afterAll(async () => {
  await listener.stop();
  await audit.flush();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const readAnswer = async (file: string): Promise<Identifier> => {
  const bytes = await readFile(file);
  const { dataSetOffset, TransferSyntaxUID } = readPart10(bytes);
  return readIdentifier(bytes.subarray(dataSetOffset), TransferSyntaxUID);
};
const readFileSet = async (file: string): Promise<DicomJson> => (await readAnswer(file)).dataSet;

interface Found {
  readonly answers: readonly DicomJson[];
  readonly characterSets: readonly string[];
  readonly output: string;
}
/** Asks with a file of keys, or with keys on the command line. */
const find = async (
  port: number,
  question: { readonly file?: string; readonly keys?: readonly string[] },
  calledAe = 'ARCHWIRE',
  callingAe = 'FINDSCU',
): Promise<Found> => {
  const out = await mkdtemp(path.join(folder, 'answers-'));
  const { output } = await runTool('findscu', [
    '-v',
    '-W',
    '-X',
    '-od',
    out,
    '-aet',
    callingAe,
    '-aec',
    calledAe,
    ...(question.keys ?? []).flatMap((key) => ['-k', key]),
    '127.0.0.1',
    String(port),
    ...(question.file === undefined ? [] : [question.file]),
  ]);
  const names = (await readdir(out)).toSorted();
  const answers = await Promise.all(names.map(async (name) => await readAnswer(path.join(out, name))));
  return {
    output,
    answers: answers.map(({ dataSet }) => dataSet),
    characterSets: answers.map(({ characterSet }) => characterSet),
  };
};
const status = ({ output }: Found): string =>
  /Received Final Find Response \((.*)\)/.exec(output)?.[1] ?? output;

/** What is compared: without the character set, which each server declares as it likes. */
const texts = (answers: readonly DicomJson[]): readonly string[] =>
  answers
    .map(({ '00080005': _characterSet, ...rest }) => JSON.stringify(rest))
    .toSorted((a, b) => (a < b ? -1 : 1));

const isDataSet = (value: unknown): value is DicomJson => typeof value === 'object' && value !== null;

const item = (n: number, more: DicomJson = {}, stepMore: DicomJson = {}): DicomJson => ({
  '00080005': { vr: 'CS', Value: ['ISO_IR 100'] },
  '00080050': { vr: 'SH', Value: [`A00000${n}`] },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: n % 2 === 0 ? 'Müller^Zoë' : 'Doe^Jane' }] },
  '00100020': { vr: 'LO', Value: [n % 2 === 0 ? 'P2' : 'P1'] },
  '00100030': { vr: 'DA', Value: ['20100517'] },
  '00100040': { vr: 'CS', Value: ['F'] },
  '0020000D': { vr: 'UI', Value: [`2.25.${n}`] },
  '00321032': { vr: 'PN', Value: [{ Alphabetic: 'Smith^Anna' }] },
  '00321060': { vr: 'LO', Value: [`Procedure ${n}`] },
  '00400100': {
    vr: 'SQ',
    Value: [
      {
        '00080060': { vr: 'CS', Value: [n % 2 === 0 ? 'PX' : 'IO'] },
        '00400001': { vr: 'AE', Value: [n % 2 === 0 ? 'PANO' : 'SENSOR'] },
        '00400002': { vr: 'DA', Value: [`2026010${n}`] },
        '00400003': { vr: 'TM', Value: [`0${n}3000`] },
        '00400006': { vr: 'PN', Value: [{ Alphabetic: `Roe^Tom${n}` }] },
        '00400007': { vr: 'LO', Value: [`Step ${n}`] },
        '00400009': { vr: 'SH', Value: [`S${n}`] },
        '00400010': { vr: 'SH', Value: [`STATION${n}`] },
        '00400011': { vr: 'SH', Value: ['ROOM 1'] },
        ...stepMore,
      },
    ],
  },
  '00401001': { vr: 'SH', Value: [`RP${n}`] },
  '00401003': { vr: 'SH', Value: ['ROUTINE'] },
  ...more,
});
const load = async (items: readonly DicomJson[]): Promise<void> => {
  for (const one of items) await loadWorklistItem(database, tenant, one);
};

/** wlmscpfs over a folder of items; findscu's keys name its database by the called AE title. */
const startWlmscpfs = async (files: readonly string[]): Promise<PeerProcess & { readonly port: number }> => {
  const root = await mkdtemp(path.join(folder, 'wlm-'));
  const area = path.join(root, 'ARCHWIRE');
  await mkdir(area);
  await writeFile(path.join(area, 'lockfile'), '');
  for (const [n, file] of files.entries())
    await writeFile(path.join(area, `item${n}.wl`), await readFile(file));
  const port = await freePort();
  return { ...(await startPeer('wlmscpfs', ['-dfp', root, '-dfr', String(port)], [port])), port };
};

const writeItem = async (dataSet: DicomJson): Promise<string> => {
  const file = path.join(await mkdtemp(path.join(folder, 'item-')), 'item.wl');
  const bytes = writeDataSet(dataSet, IMPLICIT, 'ISO_IR 100');
  await writeFile(`${file}.raw`, bytes);
  await runTool('dcmconv', ['-f', '-ti', '+te', `${file}.raw`, file]);
  return file;
};

const STEP = 'ScheduledProcedureStepSequence[0].';
const ALL = [
  'AccessionNumber',
  'PatientName',
  'PatientID',
  'PatientBirthDate',
  'PatientSex',
  'StudyInstanceUID',
  'RequestingPhysician',
  'RequestedProcedureDescription',
  'RequestedProcedureID',
  'RequestedProcedurePriority',
  ...[
    'Modality',
    'ScheduledStationAETitle',
    'ScheduledProcedureStepStartDate',
    'ScheduledProcedureStepStartTime',
    'ScheduledPerformingPhysicianName',
    'ScheduledProcedureStepDescription',
    'ScheduledProcedureStepID',
    'ScheduledStationName',
    'ScheduledProcedureStepLocation',
  ].map((key) => STEP + key),
];
/** All return keys, some of them with a value. */
const asking = (...values: readonly string[]): readonly string[] => [
  ...ALL.filter((key) => !values.some((value) => value.startsWith(`${key}=`))),
  ...values,
];

describe('the same question to us and to wlmscpfs', () => {
  const ITEMS = [1, 2, 3, 4, 5].map((n) => item(n));
  let wlm: Awaited<ReturnType<typeof startWlmscpfs>>;
  beforeAll(async () => {
    wlm = await startWlmscpfs(await Promise.all(ITEMS.map(writeItem)));
  });
  afterAll(async () => await wlm.stop());

  test.each([
    ['everything', []],
    ['a modality', [`${STEP}Modality=PX`]],
    ['a station', [`${STEP}ScheduledStationAETitle=SENSOR`]],
    ['a day', [`${STEP}ScheduledProcedureStepStartDate=20260103`]],
    ['days', [`${STEP}ScheduledProcedureStepStartDate=20260102-20260104`]],
    ['days to', [`${STEP}ScheduledProcedureStepStartDate=-20260103`]],
    ['a time from', [`${STEP}ScheduledProcedureStepStartTime=030000-`]],
    ['a performing physician', [`${STEP}ScheduledPerformingPhysicianName=Roe^Tom2`]],
    ['a name by wildcard', ['PatientName=Doe*']],
    ['a name with one character open', ['PatientName=Do?^Jane']],
    ['a Patient ID', ['PatientID=P2']],
    ['an accession number', ['AccessionNumber=A000003']],
    ['a requested procedure', ['RequestedProcedureID=RP4']],
    [
      'several at once',
      ['PatientID=P1', `${STEP}Modality=IO`, `${STEP}ScheduledProcedureStepStartDate=20260102-`],
    ],
  ])('%s', async (_, values) => {
    await load(ITEMS);
    const keys = asking(...values);
    const theirs = await find(wlm.port, { keys });
    const ours = await find(listener.port, { keys });
    expect(texts(ours.answers)).toEqual(texts(theirs.answers));
    expect([status(ours), status(theirs)]).toEqual(['Success', 'Success']);
  });
});

describe.runIf(SAMPLES !== undefined)("DCMTK's worklist samples", () => {
  const from = path.join(SAMPLES ?? '', 'worklist_dcmtk');
  const dump2dcm = async (name: string): Promise<string> => {
    const file = path.join(folder, name.replace('.dump', '.dcm'));
    await runTool('dump2dcm', [path.join(from, name), file]);
    return file;
  };
  /**
   * What is not compared with wlmscpfs, because our tables do not hold it: contrast agent, which no dental device gives,
   * and days that there never were (31 April 1732). And the status, which wlmscpfs leaves empty: ours says ARRIVED. What is
   * empty is left out on both sides: wlmscpfs gives no sequence back that it has not.
   */
  const NOT_COMPARED: ReadonlySet<string> = new Set(['00321070', '00400020']);
  const compared = (dataSet: DicomJson): DicomJson =>
    Object.fromEntries(
      Object.entries(dataSet).flatMap(([tag, attribute]): (readonly [string, DicomJson[string]])[] => {
        const { vr, Value = [] } = attribute;
        if (Value.length === 0 || NOT_COMPARED.has(tag) || Value[0] === '17320431') return [];
        if (vr !== 'SQ') return [[tag, attribute]];
        return [[tag, { vr, Value: Value.map((one) => (isDataSet(one) ? compared(one) : one)) }]];
      }),
    );
  /** The lines that the sample expects, without its sequences: `(0010,0020) LO [HF]`. */
  const expected = async (n: number): Promise<readonly string[]> => {
    const answers: unknown = JSON.parse(await readFile(path.join(from, `expected_all-${n}.json`), 'utf8'));
    if (!Array.isArray(answers)) throw new Error('not a list');
    return answers
      .map((lines: unknown) =>
        (Array.isArray(lines) ? lines : [])
          .map(String)
          .filter((line) => line.includes('[') && !line.startsWith('(fffe'))
          .map((line) => line.replace(/ *\]$/, ']').replace('[17320431]', '[]'))
          .join(' '),
      )
      .toSorted((a, b) => (a < b ? -1 : 1));
  };
  const lines = (answers: readonly DicomJson[]): readonly string[] =>
    answers
      .map((dataSet) =>
        Object.entries(dataSet)
          .filter(([tag, { vr }]) => vr !== 'SQ' && tag !== '00080005')
          .map(([tag, { vr, Value = [] }]) => {
            const [value = ''] = Value;
            const [text]: unknown[] =
              typeof value === 'object' && value !== null ? Object.values(value) : [value];
            return `(${tag.slice(0, 4)},${tag.slice(4)}) ${vr} [${String(text)}]`.toLowerCase();
          })
          .join(' '),
      )
      .toSorted((a, b) => (a < b ? -1 : 1));

  test.each([1, 2, 4, 5, 7, 8, 10, 11])(
    'question %i has the expected answers, and those of wlmscpfs',
    async (n) => {
      const items = await Promise.all(
        Array.from({ length: 10 }, async (_, index) => await dump2dcm(`db_wklist${index + 1}.dump`)),
      );
      await load(await Promise.all(items.map(readFileSet)));
      const wlm = await startWlmscpfs(items);
      try {
        const file = await dump2dcm(`q_wlistqry${n}.dump`);
        const ours = await find(listener.port, { file });
        const theirs = await find(wlm.port, { file });
        expect(lines(ours.answers)).toEqual(
          (await expected(n)).map((line) => line.toLowerCase()).toSorted((a, b) => (a < b ? -1 : 1)),
        );
        expect(texts(ours.answers.map(compared))).toEqual(texts(theirs.answers.map(compared)));
      } finally {
        await wlm.stop();
      }
    },
  );
});

describe('findscu', () => {
  test('an item that asks for nothing in the sequence gets all of it, and so does no item at all', async () => {
    await load([item(2)]);
    for (const key of ['ScheduledProcedureStepSequence', `${STEP}Modality`]) {
      const { answers } = await find(listener.port, { keys: ['PatientName', key] });
      const [step] = answers[0]?.['00400100']?.Value ?? [];
      expect(Object.keys(typeof step === 'object' && step !== null ? step : {}).length).toBe(
        key.endsWith('Modality') ? 1 : 16,
      );
    }
  });

  test('is told in the character set that it asks in, and in UTF-8 where that has not every letter', async () => {
    await load([
      item(2),
      item(4, {
        '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Wang^X=王^小東' }] },
        '00100020': { vr: 'LO', Value: ['P4'] },
      }),
    ]);
    const { answers, characterSets } = await find(listener.port, {
      keys: ['PatientName', 'PatientID', 'SpecificCharacterSet=ISO_IR 100'],
    });
    expect(characterSets).toEqual(['ISO_IR 100', 'ISO_IR 192']);
    expect(answers.map((answer) => answer['00100010']?.Value?.[0])).toEqual([
      { Alphabetic: 'Müller^Zoë' },
      { Alphabetic: 'Wang^X', Ideographic: '王^小東' },
    ]);
    const accents = await find(listener.port, { keys: ['PatientName=MULLER^zoe', 'PatientID'] });
    expect(accents.answers.length).toBe(1);
  });

  test.each([
    ['ScheduledProcedureStepID=S3', 'RP3'],
    ['ScheduledStationName=STATION1', 'RP1'],
    ['ScheduledProcedureStepDescription=Step 2', 'RP2'],
    ['ScheduledProcedureStepLocation=NOWHERE', undefined],
  ])('%s narrows too, which wlmscpfs does not do', async (key, procedure) => {
    await load([1, 2, 3].map((n) => item(n)));
    const { answers } = await find(listener.port, { keys: ['RequestedProcedureID', STEP + key] });
    expect(answers.map((answer) => answer['00401001']?.Value?.[0])).toEqual(
      procedure === undefined ? [] : [procedure],
    );
  });

  test('a period from one day and time to another is one period', async () => {
    await load([1, 2, 3].map((n) => item(n)));
    const { answers } = await find(listener.port, {
      keys: [
        'RequestedProcedureID',
        `${STEP}ScheduledProcedureStepStartDate=20260101-20260103`,
        `${STEP}ScheduledProcedureStepStartTime=020000-030000`,
      ],
    });
    expect(answers.map((answer) => answer['00401001']?.Value?.[0])).toEqual(['RP2']);
  });

  test('a device is told what is for it or for its modality; a step for any names the one that asks', async () => {
    await load([
      item(1, {}, { '00400001': { vr: 'AE' } }),
      item(2, {}, { '00400001': { vr: 'AE' } }),
      item(3, {}, { '00400001': { vr: 'AE', Value: ['PANO1', 'PANO2'] } }),
      item(4),
    ]);
    const [device] = await database.owner<{ id: string }>(
      `insert into device (tenant_id, name, ae_title, location_id, kind) values ($1, 'Pano', $2, $3, 'panoramic') returning id`,
      [tenant.tenantId, `P${tenant.tenantId.slice(-12)}`, tenant.locationId],
    );
    deviceId = device?.id ?? null;
    const told = async (callingAe: string): Promise<unknown> =>
      (
        await find(
          listener.port,
          { keys: ['RequestedProcedureID', `${STEP}ScheduledStationAETitle`] },
          'ARCHWIRE',
          callingAe,
        )
      ).answers.map((answer) => [answer['00401001']?.Value?.[0], answer['00400100']?.Value?.[0]]);
    const station = (...titles: readonly string[]) => ({ '00400001': { vr: 'AE', Value: titles } });
    expect(await told('PANO1')).toEqual([
      ['RP2', station('PANO1')],
      ['RP3', station('PANO1', 'PANO2')],
    ]);
    expect(await told('OTHER')).toEqual([['RP2', station('OTHER')]]);
    const [answer] = (
      await find(listener.port, {
        keys: ['RequestedProcedureID=RP2', `${STEP}ScheduledStationAETitle=CEPH`],
      })
    ).answers;
    expect(answer?.['00400100']?.Value?.[0]).toEqual(station('CEPH'));
  });

  test('nothing of other places, other groups, before check-in or after the end', async () => {
    await load([item(1), item(2), item(3), item(4)]);
    await database.owner(
      `update imaging_order set state = case requested_procedure_id when 'RP1' then 'planned' when 'RP2' then 'completed'
         when 'RP3' then 'in_progress' else 'discontinued' end where tenant_id = $1`,
      [tenant.tenantId],
    );
    const procedures = async (): Promise<unknown> =>
      (await find(listener.port, { keys: ['RequestedProcedureID'] })).answers.map(
        (answer) => answer['00401001']?.Value?.[0],
      );
    expect(await procedures()).toEqual(['RP3']);
    const { tenantId } = tenant;
    const [elsewhere] = await database.owner<{ id: string }>(
      `insert into location (tenant_id, name, issuer) values ($1, 'North', 'N') returning id`,
      [tenantId],
    );
    tenant = { ...tenant, locationId: elsewhere?.id ?? '' };
    expect(await procedures()).toEqual([]);
    tenant = await database.tenant('Another');
    expect(await procedures()).toEqual([]);
  });

  test('keys that we do not match on are named and given back empty', async () => {
    await load([item(1)]);
    const found = await find(listener.port, { keys: ['PatientID', 'PatientComments=*x*', 'PatientWeight'] });
    expect(found.answers).toMatchObject([{ '00104000': { vr: 'LT' }, '00101030': { vr: 'DS' } }]);
    expect(found.output).toMatch(/ff01|WarningUnsupportedOptionalKeys/i);
  });

  test.each([
    ['SQL', `PatientName=' or 1=1 --`],
    ['a percent sign', 'PatientName=%'],
    ['an underscore', 'AccessionNumber=A00000_'],
  ])('%s in a key is only a text', async (_, key) => {
    await load([item(1)]);
    const found = await find(listener.port, { keys: ['RequestedProcedureID', key] });
    expect([found.answers, status(found)]).toEqual([[], 'Success']);
  });
});

/** C-FIND-RQ and its identifier on context 1. */
const question = (messageId: number, keys: DicomJson | Buffer): Buffer => {
  const parts: Buffer[] = [];
  const element = (number: number, value: Buffer): void => {
    const head = Buffer.alloc(8);
    head.writeUInt16LE(number, 2);
    head.writeUInt32LE(value.length, 4);
    parts.push(head, value);
  };
  const us = (value: number): Buffer => Buffer.from([value & 0xff, value >> 8]);
  element(
    0x0002,
    Buffer.from(MODALITY_WORKLIST.padEnd(MODALITY_WORKLIST.length + (MODALITY_WORKLIST.length % 2), '\0')),
  );
  element(0x0100, us(0x0020));
  element(0x0110, us(messageId));
  element(0x0700, us(0));
  element(0x0800, us(1));
  return pData(
    pdv(1, COMMAND | LAST, Buffer.concat(parts)),
    pdv(1, LAST, Buffer.isBuffer(keys) ? keys : writeDataSet(keys, IMPLICIT, '')),
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
const EVERYTHING: DicomJson = { '00401001': { vr: 'SH' } };

describe('a scripted peer', () => {
  const peer = async (): Promise<RawPeer> =>
    await RawPeer.associate(listener.port, {
      contexts: [{ id: 1, abstractSyntax: MODALITY_WORKLIST, transferSyntaxes: [IMPLICIT] }],
    });
  const many = async (count: number): Promise<void> => {
    await load([item(1)]);
    await database.owner(
      `with ordered as (
         insert into imaging_order (tenant_id, location_id, patient_id, accession_no, accession_issuer,
             requested_procedure_id, study_uid, description, start_date, start_time, state)
           select o.tenant_id, o.location_id, o.patient_id, 'B' || n, o.accession_issuer, 'B' || n, '2.25.9' || n, 'Many',
                  o.start_date, o.start_time, o.state
             from imaging_order o cross join generate_series(2, $2::int) n where o.tenant_id = $1 returning id)
       insert into imaging_order_step (tenant_id, order_id, step_no, step_id, modality)
         select $1, id, 1, 'S', 'PX' from ordered`,
      [tenant.tenantId, count],
    );
  };

  test('gets every answer once, over several pages, and is told when there are too many', async () => {
    await many(MOST);
    const asker = await peer();
    asker.send(question(1, EVERYTHING));
    expect(await statuses(asker)).toEqual({ pending: MOST, final: 0 });
    await database.owner(
      `update imaging_order set start_date = start_date + 1 where tenant_id = $1 and requested_procedure_id = 'B5'`,
      [tenant.tenantId],
    );
    tenant = await database.tenant();
    await many(MOST + 1);
    asker.send(question(2, EVERYTHING));
    // The association stays with the group that it was admitted to.
    expect(await statuses(asker)).toEqual({ pending: MOST, final: 0 });
    asker.destroy();
    const other = await peer();
    other.send(question(1, EVERYTHING));
    expect(await statuses(other)).toEqual({ pending: MOST, final: 0xa700 });
    other.destroy();
  });

  test.each(['ISO_IR 100', 'ISO_IR 192', 'ISO_IR 101'])('may ask for a name in %s', async (characterSet) => {
    await load([item(1), item(2)]);
    const asker = await peer();
    const name: DicomJson = { '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Müller*' }] } };
    asker.send(question(1, writeDataSet(name, IMPLICIT, characterSet)));
    expect(await statuses(asker)).toEqual({ pending: 1, final: 0 });
    asker.destroy();
  });

  test('cancels, and goes on', async () => {
    await many(MOST);
    const asker = await peer();
    asker.send(Buffer.concat([question(7, EVERYTHING), cancel(7)]));
    const { pending, final } = await statuses(asker);
    expect([pending < MOST, final]).toEqual([true, 0xfe00]);
    asker.send(question(8, { '00401001': { vr: 'SH', Value: ['B7'] } }));
    expect(await statuses(asker)).toEqual({ pending: 1, final: 0 });
    asker.destroy();
  });

  test('that sends rubbish, a wrong date or two items is told so, and may ask again', async () => {
    await load([item(1)]);
    const asker = await peer();
    asker.send(question(1, Buffer.alloc(11, 0xee)));
    expect((await statuses(asker)).final).toBe(0xc000);
    const step = { '00400002': { vr: 'DA', Value: ['yesterday'] } };
    asker.send(question(2, { '00400100': { vr: 'SQ', Value: [step] } }));
    expect((await statuses(asker)).final).toBe(0xc000);
    asker.send(question(3, { '00400100': { vr: 'SQ', Value: [{}, {}] } }));
    expect((await statuses(asker)).final).toBe(0xa900);
    asker.send(question(4, EVERYTHING));
    expect(await statuses(asker)).toEqual({ pending: 1, final: 0 });
    asker.destroy();
  });
});
