/** One set of graphic characters as it can be designated to G0 or G1 (ISO 2022; PS3.3 C.12.1.1.2). */
export interface CodeElement {
  readonly bytesPerCharacter: 1 | 2;
  /** Decodes a run that lies wholly in this element. */
  readonly decode: (bytes: Buffer) => string;
}

/** A parsed Specific Character Set (0008,0005). */
export interface CharacterSet {
  /** A set without code extensions: UTF-8, GB18030, GBK. Decodes everything, escapes have no meaning. */
  readonly whole: ((bytes: Buffer) => string) | undefined;
  readonly g0: CodeElement;
  readonly g1: CodeElement | undefined;
  /** G1 for high bytes that no escape sequence announced, which devices forget after a delimiter. */
  readonly fallbackG1: CodeElement | undefined;
}

const decoder = (label: string): ((bytes: Buffer) => string) => {
  const text = new TextDecoder(label);
  return (bytes) => text.decode(bytes);
};

const single = (label: string): CodeElement => ({ bytesPerCharacter: 1, decode: decoder(label) });
const withHighBits = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte | 0x80));

/** JIS X 0212 in EUC-JP: every character is led by 0x8F. */
const withSingleShift = (bytes: Buffer): Buffer => {
  const out = Buffer.alloc(Math.ceil(bytes.length / 2) * 3);
  for (let from = 0, to = 0; from < bytes.length; from += 2) {
    out[to++] = 0x8f;
    out[to++] = (bytes[from] ?? 0) | 0x80;
    out[to++] = (bytes[from + 1] ?? 0) | 0x80;
  }
  return out;
};

const utf8 = decoder('utf-8');
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const eucJp = decoder('euc-jp');

/** High bytes that no set explains: UTF-8 when they are valid UTF-8 (devices forget to say so), otherwise Latin 1 as pydicom reads them. */
const undeclared = (bytes: Buffer): string => {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
};

const ASCII: CodeElement = { bytesPerCharacter: 1, decode: (bytes) => bytes.toString('latin1') };
export const UNDECLARED: CodeElement = { bytesPerCharacter: 1, decode: undeclared };
const LATIN_1: CodeElement = { bytesPerCharacter: 1, decode: (bytes) => bytes.toString('latin1') };
/** Half-width katakana; `shift_jis` maps A1–DF to them one to one. */
const KATAKANA = single('shift_jis');
const JIS_X_0208: CodeElement = { bytesPerCharacter: 2, decode: (bytes) => eucJp(withHighBits(bytes)) };
const JIS_X_0212: CodeElement = { bytesPerCharacter: 2, decode: (bytes) => eucJp(withSingleShift(bytes)) };
const KS_X_1001: CodeElement = { bytesPerCharacter: 2, decode: decoder('euc-kr') };
const GB_2312: CodeElement = { bytesPerCharacter: 2, decode: decoder('gbk') };

/** Defined terms by their registration number (PS3.3 tables C.12-2 to C.12-4). */
const G1_BY_REGISTRATION: Readonly<Record<number, CodeElement>> = {
  100: LATIN_1,
  101: single('iso-8859-2'),
  109: single('iso-8859-3'),
  110: single('iso-8859-4'),
  144: single('iso-8859-5'),
  127: single('iso-8859-6'),
  126: single('iso-8859-7'),
  138: single('iso-8859-8'),
  148: single('windows-1254'),
  166: single('windows-874'),
  203: single('iso-8859-15'),
  13: KATAKANA,
  149: KS_X_1001,
  58: GB_2312,
};

/** Escape sequences without their ESC, as Latin 1 text (PS3.3 tables C.12-3 and C.12-4). */
export const DESIGNATIONS: ReadonlyMap<
  string,
  { readonly into: 'g0' | 'g1'; readonly element: CodeElement }
> = new Map([
  ['(B', { into: 'g0', element: ASCII }],
  ['(J', { into: 'g0', element: ASCII }],
  ['$B', { into: 'g0', element: JIS_X_0208 }],
  ['$@', { into: 'g0', element: JIS_X_0208 }],
  ['$(D', { into: 'g0', element: JIS_X_0212 }],
  [')I', { into: 'g1', element: KATAKANA }],
  ['$)C', { into: 'g1', element: KS_X_1001 }],
  ['$)A', { into: 'g1', element: GB_2312 }],
  ...(
    [
      ['-A', 100],
      ['-B', 101],
      ['-C', 109],
      ['-D', 110],
      ['-L', 144],
      ['-G', 127],
      ['-F', 126],
      ['-H', 138],
      ['-M', 148],
      ['-T', 166],
      ['-b', 203],
    ] as const
  ).map(
    ([sequence, registration]) =>
      [sequence, { into: 'g1', element: G1_BY_REGISTRATION[registration] ?? LATIN_1 }] as const,
  ),
]);

/** Sets without code extensions, by their normalised term. */
export const WHOLE: ReadonlyMap<string, (bytes: Buffer) => string> = new Map([
  ['GB18030', decoder('gb18030')],
  ['GBK', decoder('gbk')],
  ['GB2312', decoder('gbk')],
  ['UTF-8', utf8],
  ['UTF8', utf8],
  ['192', utf8],
]);

/** `ISO 2022 IR 87`, `ISO_IR 87`, `ISO IR 87`, `ISO-IR-87` are all 87: the common misspellings are harmless. */
export const normalised = (term: string): string => {
  const upper = term.trim().toUpperCase();
  return /^ISO[ _-]?(?:2022)?[ _-]*IR[ _-]*(\d+)$/.exec(upper)?.[1] ?? upper;
};

const parse = (specificCharacterSet: string): CharacterSet => {
  const terms = specificCharacterSet.split('\\').map(normalised);
  const whole = WHOLE.get(terms[0] ?? '');
  const g1 = G1_BY_REGISTRATION[Number(terms[0])];
  const declared = terms.slice(1).map((term) => G1_BY_REGISTRATION[Number(term)]);
  return {
    whole,
    g0: ASCII,
    g1: g1?.bytesPerCharacter === 1 ? g1 : undefined,
    fallbackG1: g1 ?? declared.find((element) => element !== undefined),
  };
};

const PARSED = new Map<string, CharacterSet>();

/** The default repertoire, ISO_IR 6. */
export const DEFAULT_CHARACTER_SET: CharacterSet = parse('');

/** Parses the raw value of Specific Character Set (0008,0005), backslashes included. An unknown term reads as the default repertoire. */
export const characterSet = (specificCharacterSet: string): CharacterSet => {
  const known = PARSED.get(specificCharacterSet);
  if (known !== undefined) return known;
  const parsed = parse(specificCharacterSet);
  if (PARSED.size < 256) PARSED.set(specificCharacterSet, parsed);
  return parsed;
};
