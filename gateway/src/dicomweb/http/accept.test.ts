import { describe, expect, test } from 'vitest';
import { frameForms } from '../wado/negotiate-frames.ts';
import { negotiate, parseAccept } from './accept.ts';
import { parseMediaType } from './media-type.ts';

const chosen = (
  header: string,
  syntax: string,
  options = { single: true, decodable: true, codable: false },
  query: string[] = [],
) => negotiate(parseAccept(header, query), frameForms(syntax, options))?.value;

const JLS = '1.2.840.10008.1.2.4.80';
const NATIVE = '1.2.840.10008.1.2.1';

describe('parseMediaType', () => {
  test('quoted, unquoted, escaped, in any case', () => {
    const parse = (text: string) => {
      const media = parseMediaType(text);
      return media && [media.essence, Object.fromEntries(media.parameters)];
    };
    expect(parse('Multipart/Related; TYPE="application/dicom" ;boundary=a/b=c')).toEqual([
      'multipart/related',
      { type: 'application/dicom', boundary: 'a/b=c' },
    ]);
    expect(parse('multipart/related;type=application/dicom;boundary="a;\\"b"')).toEqual([
      'multipart/related',
      { type: 'application/dicom', boundary: 'a;"b' },
    ]);
    expect(parse('nonsense')).toBeUndefined();
    expect(parse('')).toBeUndefined();
  });
});

describe('negotiation', () => {
  const stored = (mediaType: string, multipart = true) => ({
    multipart,
    mediaType,
    decoded: false,
    coded: false,
  });

  test('what viewers and clients ask of frames', () => {
    const cases: readonly (readonly [string, string, unknown])[] = [
      ['', JLS, stored('image/jls')],
      ['*/*', JLS, stored('image/jls')],
      ['multipart/related', JLS, stored('image/jls')],
      [
        'multipart/related; type="application/octet-stream"; transfer-syntax="*"',
        JLS,
        stored('application/octet-stream'),
      ],
      [
        'multipart/related; type=application/octet-stream; transfer-syntax=*',
        NATIVE,
        stored('application/octet-stream'),
      ],
      ['multipart/related; type="application/octet-stream"', NATIVE, stored('application/octet-stream')],
      [
        'multipart/related; type="application/octet-stream"',
        JLS,
        { multipart: true, mediaType: 'application/octet-stream', decoded: true, coded: false },
      ],
      [`multipart/related; type="image/jls"; transfer-syntax=${JLS}`, JLS, stored('image/jls')],
      ['multipart/related; type="image/jls"; transfer-syntax=1.2.840.10008.1.2.4.81', JLS, undefined],
      ['multipart/related; type="image/x-jls"', JLS, stored('image/x-jls')],
      ['image/jls', JLS, stored('image/jls', false)],
      ['image/*', JLS, stored('image/jls', false)],
      [
        'image/jp2, application/octet-stream;q=0.1;transfer-syntax=*',
        JLS,
        stored('application/octet-stream', false),
      ],
      [
        'multipart/related; type="image/jpeg";q=0.2, multipart/related; type="image/jls";q=0.1',
        JLS,
        stored('image/jls'),
      ],
      ['image/jls;q=0', JLS, undefined],
      ['text/html', JLS, undefined],
    ];
    for (const [header, syntax, expected] of cases)
      expect([header, chosen(header, syntax)]).toEqual([header, expected]);
  });

  test('the query parameter speaks before the header, several frames are never one body, colour is never decoded', () => {
    expect(
      chosen('image/png', JLS, { single: true, decodable: true, codable: false }, ['image/jls']),
    ).toEqual(stored('image/jls', false));
    expect(chosen('image/jls', JLS, { single: false, decodable: true, codable: false })).toBeUndefined();
    expect(
      chosen('multipart/related; type="application/octet-stream"', JLS, {
        single: true,
        decodable: false,
        codable: false,
      }),
    ).toBeUndefined();
  });

  test('HTJ2K is made for who asks for it by name, and only where it can be', () => {
    const options = { single: true, decodable: true, codable: true };
    const coded = { multipart: false, mediaType: 'image/jphc', decoded: false, coded: true };
    const htj2k = '1.2.840.10008.1.2.4.202';
    const as = (header: string) => chosen(header, NATIVE, options);
    expect(as('image/jphc')).toEqual(coded);
    expect(as(`multipart/related; type="image/jphc"; transfer-syntax=${htj2k}`)).toEqual({
      ...coded,
      multipart: true,
    });
    expect(
      as('multipart/related; type="image/jphc"; transfer-syntax=1.2.840.10008.1.2.4.203'),
    ).toBeUndefined();
    for (const anything of ['*/*', 'multipart/related', 'multipart/related; type="*/*"'])
      expect([anything, as(anything)]).toEqual([anything, stored('application/octet-stream')]);
    expect(chosen('image/jphc', NATIVE, { ...options, codable: false })).toBeUndefined();
    expect(chosen('image/jphc', htj2k, options)).toEqual(stored('image/jphc', false));
  });

  test('the more specific range decides, whatever the order', () => {
    const offers = ['image/jpeg', 'image/png'].map((essence) => ({ essence, value: essence }));
    const pick = (header: string) => negotiate(parseAccept(header, []), offers)?.value;
    expect(pick('image/*;q=0.8, image/jpeg;q=0.1')).toBe('image/png');
    expect(pick('*/*, image/jpeg;q=0')).toBe('image/png');
    expect(pick('image/*, */*;q=0.5')).toBe('image/jpeg');
    expect(pick('nonsense')).toBeUndefined();
  });
});
