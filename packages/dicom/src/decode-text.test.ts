import { describe, expect, it } from 'vitest';
import { characterSet } from './character-set.ts';
import { decodeText } from './decode-text.ts';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const decode = (terms: string, bytes: Buffer, vr = 'PN'): string =>
  decodeText(bytes, characterSet(terms), vr);

describe('examples of PS3.5', () => {
  it.each([
    [
      'H.3.1 Japanese, ISO 2022 IR 87',
      '\\ISO 2022 IR 87',
      'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B',
      'Yamada^Tarou=山田^太郎=やまだ^たろう',
    ],
    [
      'H.3.2 Japanese, ISO 2022 IR 13 and 87',
      'ISO 2022 IR 13\\ISO 2022 IR 87',
      '\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J',
      'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
    ],
    [
      'I.2 Korean, ISO 2022 IR 149',
      '\\ISO 2022 IR 149',
      'Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf',
      'Hong^Gildong=洪^吉洞=홍^길동',
    ],
    [
      'K.2 Chinese, ISO 2022 IR 58',
      '\\ISO 2022 IR 58',
      'Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=',
      'Zhang^XiaoDong=张^小东=',
    ],
    [
      'J.1 Chinese, UTF-8',
      'ISO_IR 192',
      'Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1=',
      'Wang^XiaoDong=王^小東=',
    ],
    ['J.2 Chinese, GB18030', 'GB18030', 'Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab=', 'Wang^XiaoDong=王^小东='],
  ])('%s', (_, terms, bytes, text) => {
    expect(decode(terms, latin1(bytes))).toBe(text);
  });

  it('I.3 Korean text of several lines announces its set again on each line', () => {
    const bytes = latin1(
      '\x1b$)CThe first line includes \xb1\xe6\xb5\xbf.\r\n\x1b$)CThe second line includes \xb1\xe6\xb5\xbf, too.\r\nThe third line.\r\n',
    );
    expect(decode('\\ISO 2022 IR 149', bytes, 'LT')).toBe(
      'The first line includes 길동.\r\nThe second line includes 길동, too.\r\nThe third line.\r\n',
    );
  });

  it('K.3 Chinese text of several lines', () => {
    const bytes = latin1(
      '1. \x1b$)A\xb5\xda\xd2\xbb\xd0\xd0\xce\xc4\xd7\xd6\xa1\xa3\r\n2. \x1b$)A\xb5\xda\xb6\xfe\xd0\xd0\xce\xc4\xd7\xd6\xa1\xa3\r\n',
    );
    expect(decode('\\ISO 2022 IR 58', bytes, 'LT')).toBe('1. 第一行文字。\r\n2. 第二行文字。\r\n');
  });
});

describe('single-byte sets', () => {
  it.each([
    ['ISO_IR 100', '\xc4neas^R\xfcdiger', 'Äneas^Rüdiger'],
    ['ISO_IR 100', 'a\x95b', 'a\x95b'],
    ['ISO_IR 101', '\xa3ukasz', 'Łukasz'],
    ['ISO_IR 109', '\xc6orma', 'Ĉorma'],
    ['ISO_IR 110', '\xba\xb9', 'ēš'],
    ['ISO_IR 126', '\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2', 'Διονυσιος'],
    ['ISO_IR 127', '\xe2\xc8\xc7\xe6\xea^\xe4\xe6\xd2\xc7\xd1', 'قباني^لنزار'],
    ['ISO_IR 138', '\xf9\xf8\xe5\xef^\xe3\xe1\xe5\xf8\xe4', 'שרון^דבורה'],
    ['ISO_IR 144', '\xbb\xee\xda\x63\x65\xdc\xd1\x79\x70\xd3', 'Люкceмбypг'],
    ['ISO_IR 148', '\xdd\xfe', 'İş'],
    ['ISO_IR 166', '\xca\xc1', 'สม'],
    ['ISO_IR 203', '\xa4', '€'],
    ['ISO_IR 13', '\xd4\xcf\xc0\xde^\xc0\xdb\xb3', 'ﾔﾏﾀﾞ^ﾀﾛｳ'],
    ['GBK', '\xcd\xf5', '王'],
  ])('%s', (terms, bytes, text) => {
    expect(decode(terms, latin1(bytes))).toBe(text);
  });

  it.each(['ISO_IR_100', 'ISO IR 100', 'iso-ir 100', 'ISO2022 IR 100', ' ISO_IR 100 '])(
    'reads %j as ISO_IR 100',
    (terms) => {
      expect(decode(terms, latin1('\xfc'))).toBe('ü');
    },
  );
});

describe('code extensions', () => {
  it('returns to the first set behind the delimiters of a name, so that an accent behind ^ is Latin 1 again', () => {
    expect(decode('ISO 2022 IR 100\\ISO 2022 IR 144', latin1('\x1b-L\xbb\xee^\xfc'))).toBe('Лю^ü');
  });

  it('returns to the first set between values, but not behind the backslash of a text', () => {
    const bytes = latin1('\x1b-L\xbb\\\xfc');
    expect(decode('ISO 2022 IR 100\\ISO 2022 IR 144', bytes, 'LO')).toBe('Л\\ü');
    expect(decode('ISO 2022 IR 100\\ISO 2022 IR 144', bytes, 'LT')).toBe('Л\\ќ');
  });

  it('takes no byte of a two-byte character for a delimiter', () => {
    // 25 3D is ソ in JIS X 0208 with 3D, the equals sign, as its second byte.
    expect(decode('\\ISO 2022 IR 87', latin1('=\x1b$B%=\x1b(B^A'))).toBe('=ソ^A');
  });

  it('reads JIS X 0212', () => {
    expect(decode('\\ISO 2022 IR 159', latin1('\x1b$(D\x30\x21\x1b(B'))).toBe('丂');
  });

  it('reads Korean that was not announced again behind a delimiter', () => {
    expect(decode('\\ISO 2022 IR 149', latin1('=\x1b$)C\xfb\xf3^\xd1\xce\xd4\xd7'))).toBe('=洪^吉洞');
  });

  it('keeps an escape sequence that designates nothing known', () => {
    expect(decode('ISO 2022 IR 100', latin1('\x1b%Ga\xfc'))).toBe('\x1b%Gaü');
  });

  it('survives a two-byte character cut in half', () => {
    expect(decode('\\ISO 2022 IR 87', latin1('\x1b$B;3E'))).toBe('山\ufffd');
  });
});

describe('no declared set', () => {
  it('reads valid UTF-8 as UTF-8 and anything else as Latin 1', () => {
    expect(decode('', Buffer.from('Müller^Jörg'))).toBe('Müller^Jörg');
    expect(decode('', latin1('M\xfcller^J\xf6rg'))).toBe('Müller^Jörg');
    expect(decode('ISO_IR 4711', latin1('M\xfcller'))).toBe('Müller');
  });
});
