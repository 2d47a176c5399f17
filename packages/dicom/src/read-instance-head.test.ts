import { randomBytes } from 'node:crypto';
import type { InstanceHeader } from '@archwire/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '@archwire/contracts';
import { buildPart10Meta } from './build-part10-meta.ts';
import { readInstanceHead } from './read-instance-head.ts';
import {
  CT,
  dataSetBytes,
  DEFLATED,
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
  part10,
  UIDS,
  type TestElement,
} from './testing/write-object.ts';

const FULL: readonly TestElement[] = [
  ...UIDS,
  [0x00080005, 'CS', 'ISO_IR 100'],
  [0x00080020, 'DA', '20260131'],
  [0x00080021, 'DA', '2026.02.28'],
  [0x00080023, 'DA', '20260229'],
  [0x00080030, 'TM', '0930'],
  [0x00080031, 'TM', '09:30:15.5'],
  [0x00080033, 'TM', '256000'],
  [0x00080050, 'SH', ' A-1 '],
  [0x00080060, 'CS', 'PX'],
  [0x00080070, 'LO', 'Maker'],
  [0x00080080, 'LO', 'Praxis S\xfcd'],
  [0x00080090, 'PN', 'Ref^Doctor'],
  [0x00080201, 'SH', '+0100'],
  [0x00081010, 'SH', 'ROOM1'],
  [0x00081030, 'LO', 'First\\Second'],
  [0x0008103e, 'LO', ''],
  [0x00081140, 'SQ', { items: [[[0x00080018, 'UI', '9.9.9']]], undefinedLength: true }],
  [0x00090010, 'LO', 'PRIVATE'],
  [0x00091001, 'SQ', { items: [[[0x00100010, 'PN', 'Wrong^Name']], []] }],
  [0x00100010, 'PN', 'M\xfcller^J\xf6rg'],
  [0x00100020, 'LO', '0042'],
  [0x00100021, 'LO', 'CLINIC'],
  [0x00100030, 'DA', '19800229'],
  [0x00100040, 'CS', 'F'],
  [0x00180015, 'CS', 'JAW'],
  [0x00200010, 'SH', 'S1'],
  [0x00200011, 'IS', '2'],
  [0x00200013, 'IS', ' +07'],
  [0x00200060, 'CS', 'L'],
  [0x00280008, 'IS', '3'],
  [0x00280010, 'US', [20]],
  [0x00280011, 'US', [10]],
  [0x00280100, 'US', [16]],
  [0x00400244, 'DA', '20260130'],
  [0x00400245, 'TM', '08'],
  [0x7fe00010, 'OW', Buffer.alloc(1200, 1)],
];

const HEADER: InstanceHeader = {
  SOPClassUID: CT,
  SOPInstanceUID: '1.2.3.4',
  StudyInstanceUID: '1.2.3.1',
  SeriesInstanceUID: '1.2.3.2',
  TransferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN,
  PatientID: '0042',
  IssuerOfPatientID: 'CLINIC',
  PatientName: 'Müller^Jörg',
  PatientBirthDate: '1980-02-29',
  PatientSex: 'F',
  StudyDate: '2026-01-31',
  StudyTime: '09:30:00',
  TimezoneOffsetFromUTC: '+0100',
  StudyID: 'S1',
  StudyDescription: 'First',
  AccessionNumber: 'A-1',
  ReferringPhysicianName: 'Ref^Doctor',
  InstitutionName: 'Praxis Süd',
  Modality: 'PX',
  SeriesNumber: 2,
  SeriesDate: '2026-02-28',
  SeriesTime: '09:30:15.5',
  SeriesDescription: null,
  BodyPartExamined: 'JAW',
  Laterality: 'L',
  StationName: 'ROOM1',
  Manufacturer: 'Maker',
  PerformedProcedureStepStartDate: '2026-01-30',
  PerformedProcedureStepStartTime: '08:00:00',
  InstanceNumber: 7,
  Rows: 20,
  Columns: 10,
  BitsAllocated: 16,
  NumberOfFrames: 3,
  ContentDate: null,
  ContentTime: null,
};

const reasonOf = (read: () => unknown): unknown => {
  try {
    read();
  } catch (error) {
    if (error instanceof AppError) return error.details;
    throw error;
  }
  return 'read';
};

describe('readInstanceHead', () => {
  it.each([EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN, DEFLATED, EXPLICIT_VR_BIG_ENDIAN])(
    'reads every attribute of the header in %s',
    (TransferSyntaxUID) => {
      const head = readInstanceHead(part10(FULL, TransferSyntaxUID));
      expect(head.header).toEqual({ ...HEADER, TransferSyntaxUID });
      expect(head.complete).toBe(true);
      const { pixelData } = head;
      expect(
        head.bytes.subarray(pixelData?.offset, (pixelData?.offset ?? 0) + (pixelData?.length ?? 0)),
      ).toEqual(Buffer.alloc(1200, 1));
      expect(head.dataSet.uint16('x00280010')).toBe(20);
      expect(head.dataSet.elements['x00081140']?.items?.[0]?.dataSet?.string('x00080018')).toBe('9.9.9');
    },
  );

  it.each([
    ['explicit little endian', { explicitVr: true, littleEndian: true }, EXPLICIT_VR_LITTLE_ENDIAN],
    ['implicit little endian', { explicitVr: false, littleEndian: true }, IMPLICIT_VR_LITTLE_ENDIAN],
    ['explicit big endian', { explicitVr: true, littleEndian: false }, EXPLICIT_VR_BIG_ENDIAN],
  ])('tells a bare %s data set by its first element', (_, encoding, TransferSyntaxUID) => {
    const bytes = dataSetBytes(
      [...FULL].sort(([a], [b]) => a - b),
      encoding,
    );
    expect(readInstanceHead(bytes).header).toEqual({ ...HEADER, TransferSyntaxUID });
  });

  it('takes the given transfer syntax when the bytes name none', () => {
    const bytes = dataSetBytes(
      [...FULL].sort(([a], [b]) => a - b),
      { explicitVr: true, littleEndian: true },
    );
    const TransferSyntaxUID = '1.2.840.10008.1.2.4.50';
    expect(readInstanceHead(bytes, { TransferSyntaxUID }).header).toEqual({ ...HEADER, TransferSyntaxUID });
  });

  it('reads an implicit data set whose meta information says explicit', () => {
    const body = dataSetBytes(
      [...FULL].sort(([a], [b]) => a - b),
      { explicitVr: false, littleEndian: true },
    );
    const meta = buildPart10Meta({
      SOPClassUID: CT,
      SOPInstanceUID: '1.2.3.4',
      TransferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN,
    });
    expect(readInstanceHead(Buffer.concat([meta, body])).header).toEqual(HEADER);
  });

  it('needs no byte behind the header of Pixel Data', () => {
    const bytes = part10(FULL);
    const offset = readInstanceHead(bytes).pixelData?.offset ?? 0;
    const cut = readInstanceHead(bytes.subarray(0, offset), { totalLength: bytes.length });
    expect(cut.header).toEqual(HEADER);
    expect(cut.pixelData).toEqual({ offset, length: 1200, encapsulated: false, tag: 0x7fe00010, vr: 'OW' });
  });

  it('finds encapsulated Pixel Data', () => {
    const frame: TestElement = [
      0x7fe00010,
      'OB',
      { items: [[], [[0x00080060, 'CS', 'xx']]], undefinedLength: true },
    ];
    const bytes = part10([...UIDS, frame], '1.2.840.10008.1.2.4.70');
    const { pixelData, header } = readInstanceHead(bytes);
    expect(pixelData).toEqual({
      offset: bytes.indexOf('OB\0\0\xff\xff\xff\xff', 0, 'latin1') + 8,
      length: undefined,
      encapsulated: true,
      tag: 0x7fe00010,
      vr: 'OB',
    });
    expect(header.NumberOfFrames).toBe(1);
  });

  it('says that an object cut behind the header attributes is not complete', () => {
    const bytes = part10([
      ...UIDS,
      [0x00280010, 'US', [5]],
      [0x00280100, 'US', [8]],
      [0x00540010, 'OB', Buffer.alloc(500)],
    ]);
    const head = readInstanceHead(bytes.subarray(0, bytes.length - 300), { totalLength: bytes.length });
    expect([head.complete, head.pixelData, head.header.NumberOfFrames]).toEqual([false, null, 1]);
  });

  it('asks for more bytes when the cut lies before the end of the header attributes', () => {
    const bytes = part10(FULL);
    const cut = bytes.subarray(0, bytes.indexOf('0042'));
    expect(reasonOf(() => readInstanceHead(cut))).toEqual({
      reason: 'truncated',
      at: bytes.indexOf('0042') - 8,
    });
  });

  it('does not take a cut between two elements for the end of an object that is known to go on', () => {
    const bytes = part10(FULL);
    const totalLength = bytes.length;
    const name = bytes.indexOf('M\xfcller', 0, 'latin1') - 8;
    const pixels = bytes.indexOf(Buffer.from('e07f1000', 'hex'));
    expect(reasonOf(() => readInstanceHead(bytes.subarray(0, name), { totalLength }))).toEqual({
      reason: 'truncated',
      at: name,
    });
    const head = readInstanceHead(bytes.subarray(0, pixels), { totalLength });
    expect([head.complete, head.header]).toEqual([false, HEADER]);
  });

  it('inflates as much as it needs', () => {
    const noise = randomBytes(100_000);
    const bytes = part10([...FULL, [0x00091002, 'OB', noise], [0x00540010, 'OB', noise]], DEFLATED);
    expect(bytes.length).toBeGreaterThan(3 * 64 * 1024);
    expect(readInstanceHead(bytes).header).toEqual({ ...HEADER, TransferSyntaxUID: DEFLATED });
    const cut = bytes.subarray(0, 2000);
    expect(reasonOf(() => readInstanceHead(cut, { totalLength: bytes.length }))).toMatchObject({
      reason: 'truncated',
    });
  });

  it('refuses an object that ends inside its Pixel Data when it is known to be whole', () => {
    const bytes = part10(FULL);
    const totalLength = bytes.length - 1;
    expect(reasonOf(() => readInstanceHead(bytes.subarray(0, totalLength), { totalLength }))).toEqual({
      reason: 'truncated',
      totalLength,
    });
  });

  it.each([
    [0x00080016, 'read'],
    [0x00080018, 'read'],
    [0x0020000d, { reason: 'missing-attribute', attribute: 'StudyInstanceUID' }],
    [0x0020000e, { reason: 'missing-attribute', attribute: 'SeriesInstanceUID' }],
  ])('without %i, group 2 stands in or the attribute is named', (missing, expected) => {
    expect(reasonOf(() => readInstanceHead(part10(FULL.filter(([tag]) => tag !== missing))))).toEqual(
      expected,
    );
  });

  it('refuses a UID that is none', () => {
    const bytes = part10([
      ...UIDS.slice(0, 2),
      [0x0020000d, 'UI', '1.2;drop'],
      [0x0020000e, 'UI', '1.2.3.2'],
    ]);
    expect(reasonOf(() => readInstanceHead(bytes))).toEqual({
      reason: 'bad-uid',
      attribute: 'StudyInstanceUID',
    });
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'not-dicom'],
    ['zeros', Buffer.alloc(1000), 'not-dicom'],
    ['a JPEG', Buffer.from('ffd8ffe000104a464946000101', 'hex'), 'not-dicom'],
    ['text', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'), 'not-dicom'],
    ['a prefix alone', Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]), 'transfer-syntax'],
  ])('refuses %s', (_, bytes, reason) => {
    expect(reasonOf(() => readInstanceHead(bytes))).toEqual({ reason });
  });

  it('walks two hundred thousand nested sequences without stack', () => {
    const open = dataSetBytes([[0x00081140, 'SQ', { items: [], undefinedLength: true }]], {
      explicitVr: true,
      littleEndian: true,
    }).subarray(0, 12);
    const item = Buffer.from('feff00e0ffffffff', 'hex');
    const close = Buffer.from('feff0de000000000feffdde000000000', 'hex');
    const levels = 200_000;
    const nested = Buffer.concat([
      ...Array.from({ length: levels }, () => Buffer.concat([open, item])),
      ...Array.from({ length: levels }, () => close),
    ]);
    const meta = buildPart10Meta({
      SOPClassUID: CT,
      SOPInstanceUID: '1.2.3.4',
      TransferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN,
    });
    const after = dataSetBytes(UIDS.slice(2), { explicitVr: true, littleEndian: true });
    const head = readInstanceHead(Buffer.concat([meta, nested, after]));
    expect(head.header.SeriesInstanceUID).toBe('1.2.3.2');
    expect(Object.keys(head.dataSet.elements)).toEqual(['x00081140', 'x0020000d', 'x0020000e']);
  });

  it('refuses a deflated object that grows without end', () => {
    const bytes = part10(
      [...UIDS, [0x00091001, 'OB', Buffer.alloc(200 * 1024 * 1024)], [0x00100020, 'LO', '1']],
      DEFLATED,
    );
    expect(bytes.length).toBeLessThan(300_000);
    expect(reasonOf(() => readInstanceHead(bytes, { inflateLimit: 1024 * 1024 }))).toEqual({
      reason: 'inflate-limit',
      limit: 1024 * 1024,
    });
  });

  it('keeps text short and free of NUL, whatever is sent', () => {
    const bytes = part10([...UIDS, [0x00100010, 'PN', `A\0B${'x'.repeat(5000)}`]]);
    expect(readInstanceHead(bytes).header.PatientName).toBe(`AB${'x'.repeat(254)}`);
  });

  it('answers any bytes with a header or an AppError of the kind invalid', () => {
    const whole = part10(FULL);
    const mutated = fc
      .array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 })
      .chain((changes) =>
        fc.nat(whole.length).map((length) => {
          const bytes = Buffer.from(whole);
          for (const [at, value] of changes) bytes[at] = value;
          return bytes.subarray(0, length);
        }),
      );
    const random = fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array));
    const afterMeta = random.map((bytes) => Buffer.concat([whole.subarray(0, 400), bytes]));
    fc.assert(
      fc.property(fc.oneof(mutated, random, afterMeta), (bytes) => {
        try {
          const head = readInstanceHead(bytes);
          expect(head.header.StudyInstanceUID).toMatch(/^[0-9.]+$/);
          void head.dataSet;
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect(error).toHaveProperty('kind', 'invalid');
        }
      }),
      { numRuns: 3000 },
    );
  });
});
