// Real: the reader of identifiers.
import type { DicomJson } from '@archwire/dicom';
import { describe, expect, test } from 'vitest';
import type { QueryRoot } from '../query/query-models.ts';
import { readRetrieve } from './read-retrieve.ts';

const identifier = (keys: Readonly<Record<string, readonly string[]>>): DicomJson =>
  Object.fromEntries(Object.entries(keys).map(([tag, Value]) => [tag, { vr: 'UI', Value: [...Value] }]));
const LEVEL = '00080052';
const PATIENT = '00100020';
const STUDY = '0020000D';
const SERIES = '0020000E';
const IMAGE = '00080018';

describe('keys that fit', () => {
  test.each<readonly [QueryRoot, boolean, Readonly<Record<string, readonly string[]>>, object]>([
    ['patient', false, { [LEVEL]: ['PATIENT'], [PATIENT]: [' P1 '] }, { patientId: 'P1' }],
    [
      'patient',
      false,
      { [LEVEL]: ['PATIENT'], [PATIENT]: ['P1'], '00100021': ['CLINIC'] },
      { patientId: 'P1', issuer: 'CLINIC' },
    ],
    ['study', false, { [LEVEL]: ['STUDY'], [STUDY]: ['1.2', '1.3'] }, { studyUids: ['1.2', '1.3'] }],
    [
      'study',
      false,
      { [LEVEL]: ['IMAGE'], [STUDY]: ['1.1'], [SERIES]: ['1.2'], [IMAGE]: ['1.3', '1.4'] },
      { studyUids: ['1.1'], seriesUids: ['1.2'], sopUids: ['1.3', '1.4'] },
    ],
    ['study', true, { [LEVEL]: ['IMAGE'], [IMAGE]: ['1.3'] }, { sopUids: ['1.3'] }],
    ['patient', true, { [LEVEL]: ['SERIES'], [SERIES]: ['1.2'] }, { seriesUids: ['1.2'] }],
    // Other attributes are nobody's key.
    ['study', false, { [LEVEL]: ['STUDY'], [STUDY]: ['1.1'], '00080060': ['CT'] }, { studyUids: ['1.1'] }],
  ])('%s root, relational %s: %j', (root, relational, keys, expected) => {
    expect(readRetrieve(root, identifier(keys), relational)).toEqual(expected);
  });
});

describe('keys that do not', () => {
  test.each<readonly [QueryRoot, boolean, Readonly<Record<string, readonly string[]>>]>([
    ['study', false, { [STUDY]: ['1.1'] }],
    ['study', false, { [LEVEL]: ['PATIENT'], [PATIENT]: ['P1'] }],
    ['study', false, { [LEVEL]: ['study'], [STUDY]: ['1.1'] }],
    ['study', false, { [LEVEL]: ['SERIES'], [SERIES]: ['1.2'] }],
    ['study', false, { [LEVEL]: ['SERIES'], [STUDY]: ['1.1', '1.9'], [SERIES]: ['1.2'] }],
    ['study', true, { [LEVEL]: ['SERIES'] }],
    ['study', false, { [LEVEL]: ['STUDY'], [STUDY]: ['1.*'] }],
    ['study', false, { [LEVEL]: ['STUDY'], [STUDY]: ["1' or '1'='1"] }],
    ['study', false, { [LEVEL]: ['STUDY'], [STUDY]: ['9'.repeat(65)] }],
    ['patient', false, { [LEVEL]: ['PATIENT'], [PATIENT]: ['P1', 'P2'] }],
    ['patient', false, { [LEVEL]: ['PATIENT'], [PATIENT]: ['*'] }],
    ['patient', false, { [LEVEL]: ['STUDY'], [STUDY]: ['1.1'] }],
  ])('%s root, relational %s: %j', (root, relational, keys) => {
    expect(() => readRetrieve(root, identifier(keys), relational)).toThrow(
      expect.objectContaining({ kind: 'invalid', details: { reason: 'identifier-mismatch' } }),
    );
  });
});

test('a list of more UIDs than one message should carry is refused', () => {
  const uids = Array.from({ length: 10_001 }, (_, n) => `1.${n + 1}`);
  expect(() => readRetrieve('study', identifier({ [LEVEL]: ['STUDY'], [STUDY]: uids }), false)).toThrow();
});
