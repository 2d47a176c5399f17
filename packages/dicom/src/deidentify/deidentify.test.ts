// Real: our reader and writer on objects that are written here, pixels decoded by the real codecs; made-up people.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { createPixelPool, type PixelPool } from '../pixel/pixel-pool.ts';
import { frameSource } from '../pixel/frame-source.ts';
import { storedBuffer } from '../pixel/stored-bytes.ts';
import { readInstanceHead } from '../read-instance-head.ts';
import { toDicomJson } from '../to-dicom-json.ts';
import {
  CT,
  DEFLATED,
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
  part10,
  type TestElement,
} from '../testing/write-object.ts';
import type { TranscodeParts } from '../transcode/transcode-data-set.ts';
import { BASIC_PROFILE, createPseudonyms, deidentify, type DeidentifyProfile } from './index.ts';

let pool: PixelPool;
beforeAll(() => {
  pool = createPixelPool({ threads: 1 });
});
afterAll(async () => await pool.close());

const SECRET = Buffer.alloc(32, 7);
const pseudonyms = createPseudonyms(SECRET, 'study of teeth', 'patient 1');

const partsOf = (bytes: Buffer): TranscodeParts => ({
  head: readInstanceHead(bytes, { totalLength: bytes.length }),
  stored: storedBuffer(bytes),
  decode: async (description, frame) => await pool.decode(description, frame),
});
const anonymous = async (
  bytes: Buffer,
  profile: Partial<DeidentifyProfile> = {},
  who = pseudonyms,
): Promise<Buffer> => {
  const object = await deidentify(partsOf(bytes), { ...BASIC_PROFILE, ...profile }, who);
  const chunks: Buffer[] = [];
  for await (const chunk of object.bytes()) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const PIXELS: readonly TestElement[] = [
  [0x00280002, 'US', [1]],
  [0x00280004, 'CS', 'MONOCHROME2'],
  [0x00280010, 'US', [4]],
  [0x00280011, 'US', [4]],
  [0x00280100, 'US', [16]],
  [0x00280101, 'US', [12]],
  [0x00280102, 'US', [11]],
  [0x00280103, 'US', [0]],
  [0x7fe00010, 'OW', Array.from({ length: 16 }, (_, n) => n + 100)],
];
const uidsOf = (root: string): readonly TestElement[] => [
  [0x00080016, 'UI', CT],
  [0x00080018, 'UI', `${root}.3`],
  [0x0020000d, 'UI', `${root}.1`],
  [0x0020000e, 'UI', `${root}.2`],
];
const valueOf = (bytes: Buffer, tag: string): unknown => toDicomJson(bytes)[tag]?.Value;

describe('an object of somebody', () => {
  const word = fc.string({
    minLength: 6,
    maxLength: 12,
    unit: fc.constantFrom(...'BCDFGHJKLMNPQRSTVWXZ'.split('')),
  });
  const someone = fc.record({
    family: word,
    given: word,
    id: word,
    doctor: word,
    town: word,
    note: word,
    birth: fc.integer({ min: 19200101, max: 20241231 }).map(String),
    root: fc.integer({ min: 10000, max: 99999 }).map((n) => `1.2.826.0.1.${n}`),
    syntax: fc.constantFrom(
      EXPLICIT_VR_LITTLE_ENDIAN,
      IMPLICIT_VR_LITTLE_ENDIAN,
      EXPLICIT_VR_BIG_ENDIAN,
      DEFLATED,
    ),
    undefinedLength: fc.boolean(),
    profile: fc.record({
      dates: fc.constantFrom('remove', 'shift', 'keep'),
      keepDevice: fc.boolean(),
      keepCharacteristics: fc.boolean(),
    }),
  });

  it('has none of what identifies it left in any byte, wherever it stood', async () => {
    await fc.assert(
      fc.asyncProperty(someone, async ({ profile, syntax, undefinedLength, ...who }) => {
        const name = `${who.family}^${who.given}`;
        const bytes = part10(
          [
            ...uidsOf(who.root),
            [0x00080020, 'DA', '20240229'],
            [0x00080080, 'LO', `Clinic of ${who.town}`],
            [0x00080090, 'PN', who.doctor],
            // Free text where nobody expects it, and a name in an element that the table does not know.
            [0x00081030, 'LO', `Braces of ${who.given}`],
            [0x00081090, 'LO', `Scanner for ${who.family.toLowerCase()}`],
            [0x00100010, 'PN', name],
            [0x00100020, 'LO', who.id],
            [0x00100030, 'DA', who.birth],
            [0x00104000, 'LT', who.note],
            [0x00181400, 'LO', `${who.id} sharp`],
            [0x00080008, 'CS', 'ORIGINAL\\PRIMARY'],
            [0x00091001, 'LO', who.note],
            [0x00090010, 'LO', `OF ${who.family}`],
            [0x00400275, 'SQ', { items: [[[0x00400007, 'LO', who.note]]], undefinedLength }],
            [
              0x00082112,
              'SQ',
              {
                items: [
                  [
                    [0x00081150, 'UI', CT],
                    [0x00081155, 'UI', `${who.root}.9`],
                    [0x0040a170, 'SQ', { items: [[[0x00080104, 'LO', `of ${who.family}`]]] }],
                  ],
                ],
                undefinedLength,
              },
            ],
            [0x60000022, 'LO', who.note],
            [0x60003000, 'OW', [1, 2]],
            ...PIXELS,
            [0x7fe10010, 'LO', who.note],
            [0xfffcfffc, 'OB', Buffer.from(who.family)],
          ],
          syntax,
        );
        const out = await anonymous(bytes, profile);
        const text = out.toString('latin1').toLowerCase();
        for (const secret of [
          who.family,
          who.given,
          who.id,
          who.doctor,
          who.town,
          who.note,
          who.birth,
          who.root,
        ])
          expect(text.includes(secret.toLowerCase()), secret).toBe(false);
        expect(text.includes('20240229')).toBe(profile.dates === 'keep');
        expect(valueOf(out, '00100020')).toEqual([pseudonyms.patient]);
        expect(valueOf(out, '00120062')).toEqual(['YES']);
        // What is no secret is still there.
        expect(valueOf(out, '00080008')).toEqual(['ORIGINAL', 'PRIMARY']);
        const parts = partsOf(out);
        expect(parts.head.header.SOPInstanceUID).toBe(pseudonyms.uid(`${who.root}.3`));
        const pixels = await frameSource(parts.head, parts.stored).frame(1);
        expect([...new Uint16Array(Uint8Array.from(pixels).buffer)]).toEqual(
          Array.from({ length: 16 }, (_, n) => n + 100),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('is the same stranger again, with its references, in one project and another one in the next', async () => {
    const one = part10([
      ...uidsOf('1.2.3'),
      [
        0x00081140,
        'SQ',
        {
          items: [
            [
              [0x00081150, 'UI', CT],
              [0x00081155, 'UI', '1.2.3.4'],
            ],
          ],
        },
      ],
      [0x00080020, 'DA', '20240301'],
      [0x00080030, 'TM', '101112.5'],
      ...PIXELS,
    ]);
    const again = await anonymous(one, { dates: 'shift' });
    expect(await anonymous(one, { dates: 'shift' })).toEqual(again);
    const item = toDicomJson(again)['00081140']?.Value?.[0];
    expect(item).toMatchObject({
      '00081150': { Value: [CT] },
      '00081155': { Value: [pseudonyms.uid('1.2.3.4')] },
    });
    const [date] = toDicomJson(again)['00080020']?.Value ?? [];
    const moved = Date.UTC(2024, 2, 1) + pseudonyms.shiftDays * 86_400_000;
    expect(date).toBe(new Date(moved).toISOString().slice(0, 10).replaceAll('-', ''));
    expect(valueOf(again, '00080030')).toEqual(['101112.5']);
    expect(valueOf(again, '00280303')).toEqual(['MODIFIED']);
    const elsewhere = createPseudonyms(SECRET, 'another study', 'patient 1');
    expect(elsewhere.patient).not.toBe(pseudonyms.patient);
    expect(elsewhere.uid('1.2.3.4')).not.toBe(pseudonyms.uid('1.2.3.4'));
    expect(elsewhere.uid('1.2.3.4')).toMatch(/^2\.25\.[1-9]\d{1,38}$/);
  });

  it('keeps what the options keep: device, UIDs, characteristics, and private attributes known to be safe', async () => {
    const bytes = part10([
      ...uidsOf('1.2.3'),
      [0x00090010, 'LO', 'MAKER'],
      [0x00091001, 'DS', '12.5'],
      [0x00091002, 'LO', 'who knows'],
      [0x00100040, 'CS', 'F'],
      [0x00181000, 'LO', 'SN-42'],
      ...PIXELS,
    ]);
    const options = {
      keepDevice: true,
      keepUids: true,
      keepCharacteristics: true,
      safePrivate: [{ creator: 'MAKER', group: 0x0009, element: 1 }],
    };
    const json = toDicomJson(await anonymous(bytes, options));
    expect(json['00181000']?.Value).toEqual(['SN-42']);
    expect(json['00080018']?.Value).toEqual(['1.2.3.3']);
    expect(json['00100040']?.Value).toEqual(['F']);
    expect(json['00091001']?.Value).toEqual([12.5]);
    expect(json['00091002']).toBeUndefined();
    const strict = toDicomJson(await anonymous(bytes));
    expect([strict['00181000']?.Value, strict['00100040']?.Value, strict['00091001']]).toEqual([
      ['REMOVED'],
      undefined,
      undefined,
    ]);
    const codes = json['00120064']?.Value?.map((item) =>
      typeof item === 'object' && item !== null && '00080100' in item ? item['00080100']?.Value?.[0] : null,
    );
    expect(codes).toEqual(['113100', '113103', '113104', '113108', '113109', '113110', '113111']);
  });
});

describe('text in the pixels', () => {
  const burnedIn = part10([...uidsOf('1.2.3'), [0x00280301, 'CS', 'YES'], ...PIXELS]);

  it('is refused without a region, and blanked with one: every other pixel keeps its value', async () => {
    await expect(anonymous(burnedIn)).rejects.toMatchObject({
      kind: 'unsupported',
      details: { reason: 'burned-in' },
    });
    const cleanRegions = [{ left: 2, top: 1, width: 9, height: 2 }];
    const out = await anonymous(burnedIn, { cleanRegions });
    const { head, stored } = partsOf(out);
    const frame = await frameSource(head, stored).frame(1);
    const values = Array.from({ length: 16 }, (_, n) => frame.readUInt16LE(n * 2));
    expect(values).toEqual([100, 101, 102, 103, 104, 105, 0, 0, 108, 109, 0, 0, 112, 113, 114, 115]);
    expect(valueOf(out, '00280301')).toEqual(['NO']);
  });

  it('goes with the comments of code streams, whose pixels stay the same', async () => {
    const rle = Buffer.concat([
      Buffer.from([1, 0, 0, 0, 64, 0, 0, 0]),
      Buffer.alloc(56),
      Buffer.from([253, 9, 253, 8, 253, 7, 253, 6]),
    ]);
    const encapsulated = (stream: Buffer): Buffer => {
      const item = (value: Buffer) => {
        const head = Buffer.from('feff00e000000000', 'hex');
        head.writeUInt32LE(value.length, 4);
        return Buffer.concat([head, value]);
      };
      return Buffer.concat([
        Buffer.from('e07f10004f420000ffffffff', 'hex'),
        item(Buffer.alloc(0)),
        item(stream),
        Buffer.from('feffdde000000000', 'hex'),
      ]);
    };
    const base = PIXELS.slice(0, -1).map((element): TestElement =>
      element[0] === 0x00280100 || element[0] === 0x00280101
        ? [element[0], 'US', [8]]
        : element[0] === 0x00280102
          ? [element[0], 'US', [7]]
          : element,
    );
    const bytes = Buffer.concat([
      part10([...uidsOf('1.2.3'), [0x00280008, 'IS', '1'], ...base], '1.2.840.10008.1.2.5'),
      encapsulated(rle),
    ]);
    const same = partsOf(await anonymous(bytes));
    expect(same.head.header.TransferSyntaxUID).toBe('1.2.840.10008.1.2.5');
    expect(await frameSource(same.head, same.stored).frame(1)).toEqual(rle);
    const blanked = partsOf(
      await anonymous(bytes, { cleanRegions: [{ left: 0, top: 0, width: 4, height: 1 }] }),
    );
    expect(blanked.head.header.TransferSyntaxUID).toBe(EXPLICIT_VR_LITTLE_ENDIAN);
    expect([...(await frameSource(blanked.head, blanked.stored).frame(1))]).toEqual(
      [0, 0, 0, 0].concat([8, 8, 8, 8, 7, 7, 7, 7, 6, 6, 6, 6]),
    );
  });

  it('cannot be looked for in documents: they are refused', async () => {
    const pdf = part10([...uidsOf('1.2.3'), [0x00420011, 'OB', Buffer.from('%PDF-1.7')]]);
    await expect(anonymous(pdf)).rejects.toMatchObject({ details: { reason: 'opaque' } });
  });
});
