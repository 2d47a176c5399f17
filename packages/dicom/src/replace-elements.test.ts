// Real: nothing outside; objects written by the test writer and read back.
import { describe, expect, test } from 'vitest';
import type { DicomJsonAttribute } from './dicom-json.ts';
import { replaceElements } from './replace-elements.ts';
import { DEFLATED, part10, type TestElement } from './testing/write-object.ts';
import { toDicomJson } from './to-dicom-json.ts';

const PIXELS = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const before: readonly TestElement[] = [
  [0x00080005, 'CS', 'ISO_IR 100'],
  [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.7'],
  [0x00080018, 'UI', '1.2.3'],
  [0x00081140, 'SQ', { items: [[[0x00081155, 'UI', '1.2.9']]], undefinedLength: true }],
  [0x00100010, 'PN', 'Doe^Jane'],
  [0x00100020, 'LO', 'P1'],
  [0x00101000, 'LO', 'OLD'],
  [0x00111001, 'UN', Buffer.from([1, 2, 3, 4])],
  [0x00200013, 'IS', '007'],
];
const changes = (name: string): ReadonlyMap<string, DicomJsonAttribute | undefined> =>
  new Map<string, DicomJsonAttribute | undefined>([
    ['00100010', { vr: 'PN', Value: [{ Alphabetic: name }] }],
    ['00100021', { vr: 'LO', Value: ['HERE'] }],
    ['00101000', undefined],
  ]);

describe.each([
  ['implicit', '1.2.840.10008.1.2'],
  ['explicit', '1.2.840.10008.1.2.1'],
  ['big endian', '1.2.840.10008.1.2.2'],
])('%s', (_, syntax) => {
  const object = part10([...before, [0x7fe00010, 'OW', PIXELS]], syntax);
  const whole = (name: string): Buffer => {
    const { head, rest } = replaceElements(object, changes(name));
    return Buffer.concat([head, object.subarray(rest)]);
  };

  test('replaces, adds and takes out; every other byte stays', () => {
    const replaced = whole('Roe^Ann');
    const json = toDicomJson(replaced);
    const { '00101000': _gone, ...rest } = toDicomJson(object);
    expect(json).toEqual({
      ...rest,
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Roe^Ann' }] },
      '00100021': { vr: 'LO', Value: ['HERE'] },
    });
    expect(replaced.includes(Buffer.from('007 '))).toBe(true);
    expect(replaced.subarray(-16)).toEqual(object.subarray(-16));
  });

  test('goes over to UTF-8 for a letter that the character set lacks', () => {
    const json = toDicomJson(whole('Ελένη'));
    expect(json['00100010']).toEqual({ vr: 'PN', Value: [{ Alphabetic: 'Ελένη' }] });
    expect(json['00081140']).toEqual(toDicomJson(object)['00081140']);
    expect(whole('Ελένη').subarray(-16)).toEqual(object.subarray(-16));
  });
});

test('an object without pixels is written to its end', () => {
  const object = part10(before);
  const { head, rest } = replaceElements(object, changes('Roe^Ann'));
  expect([rest, toDicomJson(head)['00200013']]).toEqual([object.length, { vr: 'IS', Value: [7] }]);
});

test('a deflated object is refused', () => {
  const object = part10(before, DEFLATED);
  expect(() => replaceElements(object, changes('Roe^Ann'))).toThrow(
    expect.objectContaining({ kind: 'unsupported' }),
  );
});
