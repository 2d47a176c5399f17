// Real: the damaged files of the sample collection when ARCHWIRE_SAMPLES is set; always, objects of the same kinds made here.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { AppError } from '@archwire/contracts';
import { expect, it } from 'vitest';
import { readInstanceHead } from './read-instance-head.ts';
import { sampleFiles } from './testing/sample-files.ts';
import { dataSetBytes, part10, UIDS } from './testing/write-object.ts';
import { toDicomJson } from './to-dicom-json.ts';

/** `ok`, or the reason of the AppError; anything else fails the test. */
const outcome = (read: () => unknown): string => {
  try {
    read();
    return 'ok';
  } catch (error) {
    if (error instanceof AppError && error.kind === 'invalid') return String(error.details['reason']);
    throw error;
  }
};

const both = (bytes: Buffer): readonly [head: string, json: string] => [
  outcome(() => readInstanceHead(bytes, { totalLength: bytes.length })),
  outcome(() => JSON.stringify(toDicomJson(bytes))),
];

const explicit = { explicitVr: true, littleEndian: true };

it('makes of damaged objects a header or a reason', () => {
  const object = part10([...UIDS, [0x300a0010, 'SQ', { items: [[[0x300a0016, 'LO', 'plan']]] }]]);
  const blankVr = part10([...UIDS, [0x00280120, 'US', [0]], [0x00281050, 'DS', '40']]);
  blankVr.write('  ', blankVr.indexOf(Buffer.from('28002001', 'hex')) + 4);
  expect({
    whole: both(object),
    cut: both(object.subarray(0, -3)),
    blankVr: both(blankVr),
    trailingZeros: both(Buffer.concat([object, Buffer.alloc(5)])),
    trailingZeroElements: both(Buffer.concat([object, Buffer.alloc(64)])),
    strayDelimiters: both(Buffer.concat([object, Buffer.from('feff0de000000000feffdde000000000', 'hex')])),
    query: both(
      dataSetBytes(
        [
          [0x00080052, 'CS', 'STUDY'],
          [0x00100010, 'PN', ''],
        ],
        explicit,
      ),
    ),
  }).toEqual({
    whole: ['ok', 'ok'],
    cut: ['truncated', 'truncated'],
    blankVr: ['ok', 'ok'],
    trailingZeros: ['ok', 'ok'],
    trailingZeroElements: ['ok', 'ok'],
    strayDelimiters: ['ok', 'ok'],
    query: ['missing-attribute', 'ok'],
  });
});

/** What is wrong with each sample that has no header or no model; all others must have both. */
const EXPECTED: Readonly<Record<string, readonly [head: string, json: string]>> = {
  'dwv__dwv-test-sequence.dcm': ['missing-attribute', 'ok'],
  'dwv__dwv-test_no-number-rows.dcm': ['missing-attribute', 'ok'],
  'fo-dicom__GH179B.dcm': ['truncated', 'truncated'],
  'fo-dicom__GH220.dcm': ['missing-attribute', 'ok'],
  'fo-dicom__GH223.dcm': ['missing-attribute', 'ok'],
  'fo-dicom__GH340.dcm': ['missing-attribute', 'ok'],
  'fo-dicom__GH487.dcm': ['missing-attribute', 'ok'],
  'orthanc-tests__ZeissOCT-cfind-query.dcm': ['missing-attribute', 'ok'],
  'pydicom__UN_sequence.dcm': ['missing-attribute', 'ok'],
  'pydicom__nested_priv_SQ.dcm': ['bad-uid', 'ok'],
  'pydicom__no_meta.dcm': ['not-dicom', 'not-dicom'],
  'pydicom__no_meta_group_length.dcm': ['missing-attribute', 'ok'],
  'pydicom__rtplan_truncated.dcm': ['truncated', 'truncated'],
};

it('makes of every damaged sample a header or a reason', () => {
  const outcomes = Object.fromEntries(
    sampleFiles('dicom_robustness').flatMap((file) => {
      const result = both(readFileSync(file));
      return result.every((one) => one === 'ok') ? [] : [[basename(file), result]];
    }),
  );
  expect(outcomes).toEqual(sampleFiles().length === 0 ? {} : EXPECTED);
});
