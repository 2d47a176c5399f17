// Real: pydicom reads what is written here; the reader of this package reads it back.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { DicomJson } from './dicom-json.ts';
import { toDicomJson } from './to-dicom-json.ts';
import { buildPart10Meta } from './build-part10-meta.ts';
import { writeDataSet } from './write-data-set.ts';

const IMPLICIT = '1.2.840.10008.1.2';
const EXPLICIT = '1.2.840.10008.1.2.1';
const BIG = '1.2.840.10008.1.2.2';
const SCRIPT = join(import.meta.dirname, 'testing', 'pydicom-json.py');

const askPydicom = (bytes: Buffer, transferSyntaxUid: string): DicomJson => {
  const folder = mkdtempSync(join(tmpdir(), 'archwire-write-'));
  try {
    const file = join(folder, 'a.dcm');
    const meta = buildPart10Meta({
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
      SOPInstanceUID: '2.25.1',
      TransferSyntaxUID: transferSyntaxUid,
    });
    writeFileSync(file, Buffer.concat([meta, bytes]));
    const { json, error }: { json: DicomJson; error?: string } = JSON.parse(
      execFileSync('/usr/bin/python3', [SCRIPT], { input: file, encoding: 'utf8' }),
    );
    expect(error).toBeUndefined();
    return json;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const named = (characterSet: string, name: object, description: string): DicomJson => ({
  '00080005': { vr: 'CS', Value: characterSet.split('\\') },
  '00081030': { vr: 'LO', Value: [description] },
  '00100010': { vr: 'PN', Value: [{ ...name }] },
});

it.each([
  ['ISO_IR 100', { Alphabetic: 'Müller^Jörg' }, 'Kiefer oben'],
  ['ISO_IR 101', { Alphabetic: 'Dvořák^Antonín' }, 'Čelist'],
  ['ISO_IR 144', { Alphabetic: 'Люкceмбypг' }, 'Снимок'],
  ['ISO_IR 126', { Alphabetic: 'Διονυσιος' }, 'γνάθος'],
  ['ISO_IR 192', { Alphabetic: 'Wang^XiaoDong', Ideographic: '王^小東' }, '全景'],
  ['GB18030', { Alphabetic: 'Wang^XiaoDong', Ideographic: '王^小东' }, '全景片'],
  [
    '\\ISO 2022 IR 87',
    { Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' },
    'パノラマ a 写真',
  ],
  [
    'ISO 2022 IR 13\\ISO 2022 IR 87',
    { Alphabetic: 'ﾔﾏﾀﾞ^ﾀﾛｳ', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' },
    'ﾊﾟﾉﾗﾏ 写真',
  ],
  [
    '\\ISO 2022 IR 149',
    { Alphabetic: 'Hong^Gildong', Ideographic: '洪^吉洞', Phonetic: '홍^길동' },
    '파노라마 a 사진',
  ],
])('%s: pydicom and we read the same text', (characterSet, name, description) => {
  const bytes = writeDataSet(named('', name, description), EXPLICIT, characterSet);
  const theirs = askPydicom(bytes, EXPLICIT);
  expect([theirs['00100010']?.Value, theirs['00081030']?.Value]).toEqual([[name], [description]]);
  const ours = toDicomJson(bytes, { TransferSyntaxUID: EXPLICIT });
  expect(ours).toEqual(named('ISO_IR 192', name, description));
  expect(bytes.includes(Buffer.from('ISO_IR 192'))).toBe(characterSet === 'ISO_IR 192');
});

// pydicom 2.3 does not read GB 2312 behind the default repertoire; the standard's own example is the oracle.
it('writes the Chinese example of PS3.5 K.2 as it stands there', () => {
  const name = { Alphabetic: 'Zhang^XiaoDong', Ideographic: '张^小东' };
  const bytes = writeDataSet(named('', name, 'x'), EXPLICIT, '\\ISO 2022 IR 58');
  const example = 'Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab';
  expect(bytes.toString('latin1')).toContain(example);
});

it('says UTF-8 when the character set asked for lacks a character', () => {
  const bytes = writeDataSet(named('', { Alphabetic: 'Dvořák^李' }, 'x'), EXPLICIT, 'ISO_IR 100');
  const theirs = askPydicom(bytes, EXPLICIT);
  expect([theirs['00080005']?.Value, theirs['00100010']?.Value]).toEqual([
    ['ISO_IR 192'],
    [{ Alphabetic: 'Dvořák^李' }],
  ]);
});

const EVERYTHING: DicomJson = {
  '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
  '00080020': { vr: 'DA', Value: ['20260102'] },
  '00080060': { vr: 'CS', Value: ['DX'] },
  '00081140': {
    vr: 'SQ',
    Value: [{ '00081150': { vr: 'UI', Value: ['1.2.3'] } }, { '00081155': { vr: 'UI' } }],
  },
  '00100020': { vr: 'LO', Value: ['P\u00e91'] },
  '00101020': { vr: 'DS', Value: [1.72] },
  '00180015': { vr: 'CS' },
  '00200013': { vr: 'IS', Value: [7] },
  '00209165': { vr: 'AT', Value: ['00200013', '00280010'] },
  '00280010': { vr: 'US', Value: [512] },
  '00280106': { vr: 'US', Value: [3, 4] },
  '00189087': { vr: 'FD', Value: [-0.5] },
  '0040A160': { vr: 'UT', Value: ['a\\b'] },
};

it.each([IMPLICIT, EXPLICIT, BIG])('%s: every kind of value comes back', (syntax) => {
  const bytes = writeDataSet(EVERYTHING, syntax, 'ISO_IR 192');
  const sorted = Object.fromEntries(Object.entries(EVERYTHING).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  expect(toDicomJson(bytes, { TransferSyntaxUID: syntax })).toEqual(sorted);
  const theirs = askPydicom(bytes, syntax);
  expect(Object.keys(theirs)).toEqual(Object.keys(sorted));
  expect(theirs['00081140']).toEqual(EVERYTHING['00081140']);
  expect([theirs['00280106'], theirs['00209165'], theirs['00189087']]).toEqual([
    EVERYTHING['00280106'],
    EVERYTHING['00209165'],
    EVERYTHING['00189087'],
  ]);
});

it('refuses what it cannot write', () => {
  expect(() => writeDataSet(EVERYTHING, '1.2.840.10008.1.2.1.99', '')).toThrow('cannot be written');
  expect(() => writeDataSet({ '00280010': { vr: 'US', Value: ['x'] } }, EXPLICIT, '')).toThrow('00280010');
  expect(() => writeDataSet({ '00080070': { vr: 'LO', Value: ['x'.repeat(70_000)] } }, EXPLICIT, '')).toThrow(
    '00080070',
  );
});
