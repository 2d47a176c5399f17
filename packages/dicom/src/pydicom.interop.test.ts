// Real: pydicom (Debian's python3-pydicom), over objects generated here and, when ARCHWIRE_SAMPLES is set, over every sample.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DicomJson } from './dicom-json.ts';
import { canonicalName } from './person-name.ts';
import { readInstanceHead } from './read-instance-head.ts';
import { differences } from './testing/compare-json.ts';
import { sampleFiles } from './testing/sample-files.ts';
import {
  EXPLICIT_VR_BIG_ENDIAN,
  DEFLATED,
  IMPLICIT_VR_LITTLE_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  part10,
  UIDS,
  type TestElement,
} from './testing/write-object.ts';
import { toDicomJson } from './to-dicom-json.ts';

interface Answer {
  readonly json?: DicomJson;
  readonly error?: string;
}

/** Debian's own Python, because python3-pydicom is installed for no other. */
const PYTHON = '/usr/bin/python3';
const SCRIPT = join(import.meta.dirname, 'testing', 'pydicom-json.py');

/** What pydicom says of each file, in one process. */
const askPydicom = (files: readonly string[]): readonly Answer[] => {
  const output = execFileSync(PYTHON, [SCRIPT], {
    input: files.join('\n'),
    maxBuffer: 1024 ** 3,
    encoding: 'utf8',
  });
  return output
    .trimEnd()
    .split('\n')
    .map((line): Answer => JSON.parse(line));
};

const HIGH_BYTES = Array.from({ length: 94 }, (_, index) => String.fromCharCode(0xa1 + index));
/** Bytes that a set leaves empty; libraries differ in what they make of them. */
const HOLES: Readonly<Record<number, string>> = {
  109: '\xa5\xae\xbe\xc3\xd0\xe3\xf0',
  126: '\xae\xd2',
  127: '\xa1\xa2\xa3\xa5\xa6\xa7\xa8\xa9\xaa\xab\xae\xaf\xb0\xb1\xb2\xb3\xb4\xb5\xb6\xb7\xb8\xb9\xba\xbc\xbd\xbe\xc0\xdb\xdc\xdd\xde\xdf\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe',
  138: '\xa1\xbf\xc0\xc1\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca\xcb\xcc\xcd\xce\xcf\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xd9\xda\xdb\xdc\xdd\xde\xfb\xfc',
  166: '\xdb\xdc\xdd\xde\xfc\xfd\xfe',
  13: HIGH_BYTES.slice(63).join(''),
};

const singleByte = [100, 101, 109, 110, 144, 127, 126, 138, 148, 166, 13].map(
  (registration): [string, Buffer] => {
    const holes = HOLES[registration] ?? '';
    const text = HIGH_BYTES.filter((byte) => !holes.includes(byte)).join('');
    return [
      `ISO_IR ${registration}`,
      part10([
        ...UIDS,
        [0x00080005, 'CS', `ISO_IR ${registration}`],
        [0x00100010, 'PN', `${text}^Given`],
        [0x00104000, 'LT', text],
      ]),
    ];
  },
);

const extended = (name: string, terms: string, text: string): [string, Buffer] => [
  name,
  part10([
    ...UIDS,
    [0x00080005, 'CS', terms],
    [0x00100010, 'PN', text],
    [0x00104000, 'LT', text],
    [
      0x00081140,
      'SQ',
      {
        items: [
          [[0x00100010, 'PN', text]],
          [
            [0x00080005, 'CS', 'ISO_IR 144'],
            [0x00100010, 'PN', '\xbb\xee'],
          ],
          [[0x00080080, 'LO', text]],
        ],
      },
    ],
  ]),
];

const EVERYTHING: readonly TestElement[] = [
  ...UIDS,
  [0x00080008, 'CS', 'ORIGINAL\\PRIMARY'],
  [0x00080054, 'AE', 'STORE'],
  [0x00081140, 'SQ', { items: [[[0x00081155, 'UI', '1.9']], []], undefinedLength: true }],
  [0x00082112, 'SQ', { items: [] }],
  [0x00090010, 'LO', 'MAKER'],
  [0x00091001, 'UN', Buffer.from('four')],
  [0x00100010, 'PN', 'A^B=C'],
  [0x00101010, 'AS', '042Y'],
  [0x00101030, 'DS', '72.5\\-1e3'],
  [0x00180015, 'CS', 'JAW'],
  [0x00181310, 'US', [0, 512, 65535, 7]],
  [0x00189087, 'FD', [0.1]],
  [0x00200013, 'IS', '12'],
  [0x00280009, 'AT', Buffer.from('18006310', 'hex')],
  [0x00280103, 'US', [1]],
  [0x00280106, 'SS', [-5]],
  [0x00700022, 'FL', [1.5, -2.25]],
  [0x00720066, 'SL', [-7]],
  // Words that are the same in both byte orders, because pydicom does not swap inline binary of big endian files.
  [0x60003000, 'OW', Buffer.from('0101020203030404', 'hex')],
  [0x7fe00010, 'OW', Buffer.alloc(64, 7)],
];

const generated: readonly (readonly [string, Buffer])[] = [
  ...singleByte,
  extended(
    'Japanese',
    '\\ISO 2022 IR 87',
    'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B',
  ),
  extended(
    'Japanese with JIS X 0201',
    'ISO 2022 IR 13\\ISO 2022 IR 87',
    '\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J',
  ),
  extended('Japanese with JIS X 0212', '\\ISO 2022 IR 159', 'A=\x1b$(D\x30\x21\x30\x22\x1b(B'),
  extended(
    'Korean',
    '\\ISO 2022 IR 149',
    'Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf',
  ),
  // Not ISO 2022 IR 58: pydicom 2.3 leaves its escape sequences in the text. decode-text.test.ts has the examples of PS3.5.
  extended('Latin 1 and Cyrillic', 'ISO 2022 IR 100\\ISO 2022 IR 144', '\xfc\x1b-L\xbb\xee^\xfc'),
  extended('Greek', '\\ISO 2022 IR 126', 'A=\x1b-F\xc4\xe9'),
  extended('UTF-8', 'ISO_IR 192', 'Wang=\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1'),
  extended('GB18030', 'GB18030', 'Wang=\xcd\xf5^\xd0\xa1\x81\x30\x89\x38'),
  extended('GBK', 'GBK', 'Wang=\xcd\xf5^\xd0\xa1\xb6\xab'),
  ...[EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN, DEFLATED, EXPLICIT_VR_BIG_ENDIAN].map(
    (syntax) => [syntax, part10(EVERYTHING, syntax)] as const,
  ),
];

/** Samples of which we read more than pydicom, or refuse what it reads in part; each with what pydicom 2.3 does. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'fo-dicom__chrGB2312.dcm': 'it keeps the escapes of ISO 2022 IR 58 that the file does not declare',
  'fo-dicom__GH179A.dcm': 'it loses everything behind an element with a blank VR',
  'fo-dicom__GH179B.dcm': 'it stops at an element with a blank VR and no length, we refuse it',
  'fo-dicom__GH364.dcm': 'it fails on a stray item',
  'orthanc-tests__2026-05-06-Deeply-Nested-Sequence.dcm': 'its recursion overflows',
  'pydicom__no_meta.dcm': 'it reads one element of garbage, we refuse it',
  'pydicom__rtplan_truncated.dcm': 'it returns what came before the cut, we refuse it',
};

const folder = mkdtempSync(join(tmpdir(), 'archwire-pydicom-'));
const files: string[] = [];
const answers = new Map<string, Answer>();

beforeAll(() => {
  generated.forEach(([, bytes], index) => {
    const file = join(folder, `${index}.dcm`);
    writeFileSync(file, bytes);
    files.push(file);
  });
  files.push(...sampleFiles().filter((file) => ELSEWHERE[basename(file)] === undefined));
  askPydicom(files).forEach((answer, index) => answers.set(files[index] ?? '', answer));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The Patient's Name that the index would hold, from pydicom's model. */
const nameOf = (json: DicomJson): string | null => {
  const [first] = json['00100010']?.Value ?? [];
  if (typeof first !== 'object' || first === null) return null;
  const groups = ['Alphabetic', 'Ideographic', 'Phonetic'].map((group) => {
    const text: unknown = Object.entries(first).find(([key]) => key === group)?.[1];
    return typeof text === 'string' ? text.trim() : '';
  });
  return canonicalName(groups.join('=')) || null;
};

describe('pydicom reads the same', () => {
  it.each(generated.map(([name], index) => [name, index] as const))('%s', (_, index) => {
    const file = files[index] ?? '';
    const bytes = readFileSync(file);
    const json = answers.get(file)?.json ?? {};
    expect(differences(toDicomJson(bytes, { bulkDataUri: () => 'bulk' }), json)).toEqual([]);
    expect(readInstanceHead(bytes).header.PatientName).toBe(nameOf(json));
  });

  it('in every sample', () => {
    const differing = files.slice(generated.length).flatMap((file) => {
      const answer = answers.get(file);
      const bytes = readFileSync(file);
      const lines =
        answer?.json === undefined
          ? [String(answer?.error)]
          : differences(toDicomJson(bytes, { bulkDataUri: () => 'bulk' }), answer.json);
      return lines.length === 0 ? [] : [[basename(file), lines.slice(0, 3)]];
    });
    expect(differing).toEqual([]);
    expect(answers.size).toBe(files.length);
  });

  it('and so do the models that other archives wrote of samples', () => {
    const root = process.env['ARCHWIRE_SAMPLES'];
    const pairs: readonly (readonly [object: string, model: string])[] = [
      ['dicom_charset/orthanc-tests__MarekLatin2.dcm', 'dicomweb_json/orthanc__MarekLatin2.json'],
      [
        'dicomweb_json/dicomweb-client__file.dcm',
        'dicomweb_json/dicomweb-client__retrieve_instance_metadata.json',
      ],
    ];
    const differing = (root === undefined ? [] : pairs).flatMap(([object, model]) => {
      const parsed: DicomJson | [DicomJson] = JSON.parse(readFileSync(join(root ?? '', model), 'utf8'));
      const theirs = Array.isArray(parsed) ? parsed[0] : parsed;
      return differences(toDicomJson(readFileSync(join(root ?? '', object))), theirs);
    });
    expect(differing).toEqual([]);
  });
});
