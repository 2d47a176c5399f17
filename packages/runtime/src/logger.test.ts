import { AppError } from '@archwire/contracts';
import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';

const NAME = 'Wu^Xiaodong';
const FRAGMENTS = [
  'Wu',
  'Xiaodong',
  '吴晓东',
  'MRN-77123',
  '2012-03-02',
  '20120302',
  'ACC-5',
  'Rue Garibaldi',
];

/** One patient as every part of the product could hold it. */
const DATASETS: Readonly<Record<string, unknown>> = {
  naturalized: {
    PatientName: [{ Alphabetic: NAME, Ideographic: '吴晓东' }],
    PatientID: 'MRN-77123',
    PatientBirthDate: '20120302',
    PatientAddress: 'Rue Garibaldi',
    AccessionNumber: 'ACC-5',
    StudyInstanceUID: '1.2.3',
    ReferencedSeriesSequence: [{ StudyDescription: `for ${NAME}` }],
  },
  dicomJson: {
    '00100010': { vr: 'PN', Value: [{ Alphabetic: NAME }] },
    '00100020': { vr: 'LO', Value: ['MRN-77123'] },
    '00100030': { vr: 'DA', Value: ['20120302'] },
  },
  row: {
    pat_name: NAME,
    pat_id: 'MRN-77123',
    pat_birth_date: '2012-03-02',
    accession_no: 'ACC-5',
    study_id: 'b6f0',
    study_dicom_id: NAME,
  },
  camel: { patName: NAME, patId: 'MRN-77123', PatientName: NAME },
  bytes: Buffer.from(NAME),
  text: NAME,
  list: [NAME, { deep: { deeper: { deepest: { name: NAME } } } }],
};

const write = (use: (log: ReturnType<typeof createLogger>) => void): string => {
  const lines: string[] = [];
  use(createLogger({ level: 'trace', destination: { write: (line) => void lines.push(line) } }));
  return lines.join('');
};

describe('the logger', () => {
  it('writes a whole dataset without the patient in it', () => {
    const out = write((log) => {
      for (const [name, dataset] of Object.entries(DATASETS)) {
        log.info({ dataset, [name]: dataset }, 'a whole dataset');
        if (typeof dataset === 'object' && dataset !== null) log.error(dataset, 'spread');
        log.child({ dataset }).warn({}, 'in a child');
      }
    });
    expect(FRAGMENTS.filter((fragment) => out.includes(fragment))).toEqual([]);
    expect(out).toContain('"StudyInstanceUID":"1.2.3"');
    expect(out).toContain('"study_id":"b6f0"');
  });

  it('writes errors that quote their input without the quotation', () => {
    const parse = () => {
      try {
        JSON.parse(NAME);
      } catch (error) {
        return error;
      }
      return undefined;
    };
    const database = Object.assign(new Error(`invalid input syntax for type date: "${NAME}"`), {
      severity: 'ERROR',
      code: '22007',
      detail: NAME,
      table: 'study',
    });
    const out = write((log) => {
      log.error({ err: parse() }, 'json');
      log.error({ err: database }, 'database');
      log.error({ err: new Error(NAME, { cause: new AggregateError([new Error(NAME)], NAME) }) }, 'nested');
      log.error({ err: Object.assign(new TypeError(NAME), { code: 'ERR_INVALID_ARG_TYPE' }) }, 'argument');
      log.error(
        { err: new AppError('invalid', 'Send it again.', { details: { PatientName: NAME, sopUid: '1.2' } }) },
        'ours',
      );
    });
    expect(FRAGMENTS.filter((fragment) => out.includes(fragment))).toEqual([]);
    expect(out).toContain('"table":"study"');
    expect(out).toContain('"message":"Send it again."');
    expect(out).toContain('"sopUid":"1.2"');
    expect(out).toContain('logger.test.ts');
  });

  it('keeps what an operator needs', () => {
    const out = write((log) =>
      log
        .child({ component: 'dimse' })
        .info({ port: 104, callingAe: 'PANO', tenantId: 't1', ok: true }, 'listening'),
    );
    const { time, pid, ...rest } = JSON.parse(out);
    expect(rest).toEqual({
      level: 'info',
      component: 'dimse',
      port: 104,
      callingAe: 'PANO',
      tenantId: 't1',
      ok: true,
      msg: 'listening',
    });
    expect(new Date(time).toISOString()).toBe(time);
    expect(pid).toBe(process.pid);
  });

  it('survives cycles and odd values', () => {
    const cycle: Record<string, unknown> = { id: 'a', big: 10n, when: () => 1 };
    cycle['self'] = cycle;
    expect(write((log) => log.info(cycle, 'odd'))).toContain('"id":"a"');
  });
});
