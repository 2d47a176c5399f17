import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { AppError } from '@archwire/contracts';
import { describe, expect, it } from 'vitest';
import { findBulk } from './find-bulk.ts';
import {
  dataSetBytes,
  DEFLATED,
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
  part10,
  UIDS,
  type TestElement,
} from './testing/write-object.ts';
import { toDicomJson } from './to-dicom-json.ts';

const UID_JSON = {
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
  '00080018': { vr: 'UI', Value: ['1.2.3.4'] },
  '0020000D': { vr: 'UI', Value: ['1.2.3.1'] },
  '0020000E': { vr: 'UI', Value: ['1.2.3.2'] },
};

const ELEMENTS: readonly TestElement[] = [
  ...UIDS,
  [0x00080005, 'CS', 'ISO_IR 100'],
  [0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\\\X '],
  [0x00080020, 'DA', '20260131'],
  [0x00080054, 'AE', ' STORE '],
  [0x00080060, 'CS', ''],
  [
    0x00081140,
    'SQ',
    {
      items: [
        [
          [0x00081155, 'UI', '1.9'],
          [0x00080100, 'SH', 'c\xf4de'],
        ],
        [],
      ],
    },
  ],
  [0x00082112, 'SQ', { items: [] }],
  [
    0x00089215,
    'SQ',
    {
      items: [
        [
          [0x00080005, 'CS', 'ISO_IR 144'],
          [0x00100010, 'PN', '\xbb\xee'],
        ],
      ],
      undefinedLength: true,
    },
  ],
  [0x00100010, 'PN', 'M\xfcller^J\xf6rg\\=\\A=B=C'],
  [0x00101030, 'DS', '72.50'],
  [0x00104000, 'LT', ' two\\values? \xe9 '],
  [0x00180050, 'DS', '0.5\\1e-3\\ \\12345678901234567\\abc'],
  [0x00181310, 'US', [0, 512, 65535, 7]],
  [0x00189087, 'FD', [0.1]],
  [0x00200013, 'IS', '00012'],
  [0x00280009, 'AT', Buffer.from('18006310', 'hex')],
  [0x00280103, 'US', [1]],
  [0x00280106, 'SS', [-5]],
  [0x00286010, 'US', [3]],
  [0x00700022, 'FL', [1.5, -2.25]],
  [0x7fe00001, 'OV', Buffer.from('0100000000000000', 'hex')],
  [0x7fe00010, 'OW', Buffer.alloc(2000, 7)],
];

const COMMON = {
  ...UID_JSON,
  '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
  '00080008': { vr: 'CS', Value: ['ORIGINAL', 'PRIMARY', null, 'X'] },
  '00080020': { vr: 'DA', Value: ['20260131'] },
  '00080054': { vr: 'AE', Value: ['STORE'] },
  '00080060': { vr: 'CS' },
  '00081140': {
    vr: 'SQ',
    Value: [{ '00081155': { vr: 'UI', Value: ['1.9'] }, '00080100': { vr: 'SH', Value: ['côde'] } }, {}],
  },
  '00082112': { vr: 'SQ' },
  '00089215': {
    vr: 'SQ',
    Value: [
      {
        '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
        '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Лю' }] },
      },
    ],
  },
  '00100010': {
    vr: 'PN',
    Value: [{ Alphabetic: 'Müller^Jörg' }, null, { Alphabetic: 'A', Ideographic: 'B', Phonetic: 'C' }],
  },
  '00101030': { vr: 'DS', Value: [72.5] },
  '00104000': { vr: 'LT', Value: [' two\\values? é'] },
  '00180050': { vr: 'DS', Value: [0.5, 0.001, null, '12345678901234567', 'abc'] },
  '00181310': { vr: 'US', Value: [0, 512, 65535, 7] },
  '00189087': { vr: 'FD', Value: [0.1] },
  '00200013': { vr: 'IS', Value: [12] },
  '00280009': { vr: 'AT', Value: ['00181063'] },
  '00280103': { vr: 'US', Value: [1] },
  '00280106': { vr: 'SS', Value: [-5] },
  '00286010': { vr: 'US', Value: [3] },
  '00700022': { vr: 'FL', Value: [1.5, -2.25] },
  '7FE00001': { vr: 'OV', InlineBinary: 'AQAAAAAAAAA=' },
};

const options = {
  bulkDataUri: ({ path, length }: { path: string; length: number | undefined }) => `bulk/${path}/${length}`,
};

describe('toDicomJson', () => {
  it.each([EXPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_BIG_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN, DEFLATED])(
    'writes the same model from %s',
    (syntax) => {
      expect(toDicomJson(part10(ELEMENTS, syntax), options)).toEqual({
        ...COMMON,
        '7FE00010': { vr: 'OW', BulkDataURI: 'bulk/7FE00010/2000' },
      });
    },
  );

  it('needs no byte of Pixel Data', () => {
    const bytes = part10(ELEMENTS);
    expect(toDicomJson(bytes.subarray(0, bytes.length - 2000), options)).toEqual(toDicomJson(bytes, options));
  });

  it('reads on behind encapsulated Pixel Data when all of it is there', () => {
    const pixels: TestElement = [
      0x7fe00010,
      'OB',
      { items: [[], [[0x00080060, 'CS', 'xx']]], undefinedLength: true },
    ];
    const bytes = part10([...UIDS, pixels, [0xfffcfffc, 'OB', Buffer.alloc(4)]], '1.2.840.10008.1.2.4.70');
    expect(toDicomJson(bytes, options)).toEqual({
      ...UID_JSON,
      '7FE00010': { vr: 'OB', BulkDataURI: 'bulk/7FE00010/50' },
      FFFCFFFC: { vr: 'OB', InlineBinary: 'AAAAAA==' },
    });
    expect(toDicomJson(bytes.subarray(0, bytes.length - 40), options)).toEqual({
      ...UID_JSON,
      '7FE00010': { vr: 'OB', BulkDataURI: 'bulk/7FE00010/undefined' },
    });
  });

  it('keeps private elements: their creators as text, the rest as the file or nobody knows it', () => {
    const priv: readonly TestElement[] = [
      ...UIDS,
      [0x00090010, 'LO', 'MAKER 1.0'],
      [0x00091001, 'DS', '1.5'],
      [0x00091002, 'SQ', { items: [[[0x00091003, 'LO', 'in']]], undefinedLength: true }],
    ];
    const creator = { vr: 'LO', Value: ['MAKER 1.0'] };
    expect(toDicomJson(part10(priv))).toEqual({
      ...UID_JSON,
      '00090010': creator,
      '00091001': { vr: 'DS', Value: [1.5] },
      '00091002': { vr: 'SQ', Value: [{ '00091003': { vr: 'LO', Value: ['in'] } }] },
    });
    expect(toDicomJson(part10(priv, IMPLICIT_VR_LITTLE_ENDIAN))).toEqual({
      ...UID_JSON,
      '00090010': creator,
      '00091001': { vr: 'UN', InlineBinary: Buffer.from('1.5 ').toString('base64') },
      '00091002': {
        vr: 'SQ',
        Value: [{ '00091003': { vr: 'UN', InlineBinary: Buffer.from('in').toString('base64') } }],
      },
    });
  });

  it.each([
    ['known length', { explicitVr: true, littleEndian: true }, EXPLICIT_VR_LITTLE_ENDIAN],
    ['known length in a big endian file', { explicitVr: true, littleEndian: false }, EXPLICIT_VR_BIG_ENDIAN],
  ])('reads a sequence written as UN of %s', (_, encoding, syntax) => {
    const implicit = { explicitVr: false, littleEndian: true };
    const value = dataSetBytes(
      [[0x00081140, 'SQ', { items: [[[0x00280010, 'US', [258]]]] }]],
      implicit,
    ).subarray(8);
    const bytes = part10(
      [...UIDS, [0x00081140, 'UN', value], [0x00280011, 'UN', Buffer.from([2, 1])]],
      syntax,
    );
    expect(encoding.explicitVr).toBe(true);
    expect(toDicomJson(bytes)).toEqual({
      ...UID_JSON,
      '00081140': { vr: 'SQ', Value: [{ '00280010': { vr: 'US', Value: [258] } }] },
      '00280011': { vr: 'US', Value: [258] },
    });
  });

  it('keeps a broken sequence of known length as bytes, so that the rest of the object stays readable', () => {
    const broken: TestElement = [0x00081140, 'SQ', { items: [[[0x00081150, 'UI', '1.2']]] }];
    const bytes = part10([...UIDS, broken]);
    const at = bytes.indexOf(Buffer.from('feff00e0', 'hex'));
    bytes.writeUInt16LE(0x0008, at);
    expect(toDicomJson(bytes)).toEqual({
      ...UID_JSON,
      '00081140': { vr: 'UN', InlineBinary: bytes.subarray(at, at + 20).toString('base64') },
    });
  });

  it('keeps an element with a VR that does not exist', () => {
    const bytes = part10([...UIDS, [0x00091001, 'ZZ', 'four'], [0x00100020, 'LO', 'after']]);
    expect(toDicomJson(bytes)).toEqual({
      ...UID_JSON,
      '00091001': { vr: 'UN', InlineBinary: Buffer.from('four').toString('base64') },
      '00100020': { vr: 'LO', Value: ['after'] },
    });
  });

  it('gives numbers whose length does not fit their VR as bytes', () => {
    const bytes = part10([...UIDS, [0x00189087, 'FD', Buffer.from([1, 2])]]);
    expect(toDicomJson(bytes)['00189087']).toEqual({ vr: 'UN', InlineBinary: 'AQI=' });
  });

  it('decodes what JSON.stringify can write', () => {
    const bytes = part10([
      ...UIDS,
      [0x00189087, 'FD', [Number.NaN, Number.NEGATIVE_INFINITY]],
      [0x00720082, 'SV', [-(2 ** 53) - 2]],
    ]);
    expect(JSON.parse(JSON.stringify(toDicomJson(bytes)))).toEqual({
      ...UID_JSON,
      '00189087': { vr: 'FD', Value: ['NaN', '-Infinity'] },
      '00720082': { vr: 'SV', Value: ['-9007199254740994'] },
    });
  });

  it('answers any damage with a model or an AppError', () => {
    const whole = part10(ELEMENTS);
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(damage, fc.nat(whole.length), (changes, length) => {
        const bytes = Buffer.from(whole.subarray(0, length));
        for (const [at, value] of changes) if (at < length) bytes[at] = value;
        try {
          JSON.stringify(toDicomJson(bytes, options));
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('findBulk', () => {
  it.each([EXPLICIT_VR_LITTLE_ENDIAN, DEFLATED])(
    'finds the bytes of every bulk value by its path in %s',
    (syntax) => {
      const nested: TestElement = [
        0x54000100,
        'SQ',
        { items: [[], [[0x54001010, 'OW', Buffer.alloc(1500, 9)]]], undefinedLength: true },
      ];
      const bytes = part10([...UIDS, nested, [0x7fe00010, 'OW', Buffer.alloc(2000, 7)]], syntax);
      const paths: string[] = [];
      toDicomJson(bytes, { bulkDataUri: ({ path }) => (paths.push(path), path) });
      expect(paths).toEqual(['54000100/1/54001010', '7FE00010']);
      const values = paths.map((path) => {
        const found = findBulk(bytes, path);
        return [
          found.vr,
          found.inflated,
          found.bytes.subarray(found.offset, found.offset + (found.length ?? 0)),
        ];
      });
      expect(values).toEqual([
        ['OW', syntax === DEFLATED, Buffer.alloc(1500, 9)],
        ['OW', syntax === DEFLATED, Buffer.alloc(2000, 7)],
      ]);
    },
  );

  it('finds a value behind the given bytes, but not in a deflated object, where its place would be wrong', () => {
    const pixels: TestElement = [0x7fe00010, 'OW', randomBytes(5000)];
    const plain = part10([...UIDS, pixels]);
    const { offset, length } = findBulk(plain.subarray(0, -4000), '7FE00010');
    expect([offset, length]).toEqual([plain.length - 5000, 5000]);
    const deflated = part10([...UIDS, pixels], DEFLATED);
    expect(() => findBulk(deflated.subarray(0, -4000), '7FE00010')).toThrow(
      expect.objectContaining({ kind: 'invalid', details: { reason: 'truncated' } }),
    );
  });

  it.each(['00091001', '00081140/0/00080018', 'constructor', '../../etc', '7FE00010/'])(
    'has nothing at %j',
    (path) => {
      expect(() => findBulk(part10(UIDS), path)).toThrow(expect.objectContaining({ kind: 'not-found' }));
    },
  );
});
