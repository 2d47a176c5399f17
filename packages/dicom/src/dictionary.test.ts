import { describe, expect, it } from 'vitest';
import { dictionaryVr, keywordOf, tagHex, tagOf, vrOf } from './dictionary.ts';
import { HEADER_ATTRIBUTES } from './header-attributes.ts';

describe('dictionary', () => {
  it.each([
    ['PatientName', 0x00100010, 'PN'],
    ['00100010', 0x00100010, 'PN'],
    ['0020000d', 0x0020000d, 'UI'],
    ['PixelData', 0x7fe00010, 'OW'],
    ['SmallestImagePixelValue', 0x00280106, 'US'],
    ['OverlayData', 0x60003000, 'OW'],
    ['60023000', 0x60023000, 'OW'],
    ['NumberOfStudyRelatedInstances', 0x00201208, 'IS'],
    ['AvailableTransferSyntaxUID', 0x00083002, 'UI'],
    ['OtherPatientIDs', 0x00101000, 'LO'],
    ['00091001', 0x00091001, 'UN'],
    ['00090010', 0x00090010, 'LO'],
    ['00280000', 0x00280000, 'UL'],
  ])('%s', (name, tag, vr) => {
    expect([tagOf(name), vrOf(name)]).toEqual([tag, vr]);
  });

  it.each(['NoSuchKeyword', '', '0010001', '0010,0010', '__proto__', 'constructor'])(
    'knows no %j',
    (name) => {
      expect([tagOf(name), vrOf(name)]).toEqual([undefined, undefined]);
    },
  );

  it('names tags in both directions', () => {
    expect([keywordOf(0x00100010), keywordOf(0x60023000), keywordOf(0x00091001)]).toEqual([
      'PatientName',
      'OverlayData',
      undefined,
    ]);
    expect(tagHex(0x0020000d)).toBe('0020000D');
  });

  it('agrees with what the header is read as', () => {
    const header = Object.entries(HEADER_ATTRIBUTES);
    expect(header.map(([keyword]) => [keyword, [tagOf(keyword), vrOf(keyword)]])).toEqual(header);
    expect(dictionaryVr(0x00080005)).toBe('CS');
  });
});
