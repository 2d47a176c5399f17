import entries from 'dcmjs/dictionary';

/** What PS3.6 says of an attribute. `vr` is the one VR or, where the data set decides, `ox`, `xs` or `lt`. */
export interface AttributeDefinition {
  readonly tag: number;
  readonly keyword: string;
  readonly vr: string;
  readonly vm: string;
  readonly retired: boolean;
}

const BY_TAG = new Map<number, AttributeDefinition>();
const BY_KEYWORD = new Map<string, AttributeDefinition>();

/** Curves (50xx) and overlays (60xx) repeat; the table keeps their first group. */
const firstOfRepeatingGroup = (tag: number): number => {
  const family = tag >>> 24;
  return family === 0x50 || family === 0x60 ? (tag & 0xff00ffff) >>> 0 : tag;
};

for (const [key, entry] of Object.entries(entries)) {
  const match = /^\(([0-9A-F]{4})(?:-[0-9A-F]{4})?,([0-9A-F]{4})\)$/.exec(key);
  if (match === null || entry.vr === 'na' || entry.version.startsWith('Private')) continue;
  const tag = Number.parseInt(`${match[1] ?? ''}${match[2] ?? ''}`, 16);
  const retired = entry.name.startsWith('RETIRED_');
  const definition: AttributeDefinition = {
    tag,
    keyword: retired ? entry.name.slice('RETIRED_'.length) : entry.name,
    vr: entry.vr === 'up' ? 'UL' : entry.vr,
    vm: entry.vm,
    retired,
  };
  BY_TAG.set(tag, definition);
  if (!BY_KEYWORD.has(definition.keyword) || !retired) BY_KEYWORD.set(definition.keyword, definition);
}

/** The definition of a standard attribute; `undefined` for private and unknown tags. */
export const attributeOf = (tag: number): AttributeDefinition | undefined =>
  BY_TAG.get(tag) ?? BY_TAG.get(firstOfRepeatingGroup(tag));

/**
 * The VR an implicit element is read with: PS3.6, LO for private creators, UL for group lengths, otherwise UN.
 * Where PS3.6 leaves a choice: `ox` is OW (PS3.5 A.1), `lt` is OW and `xs` is US until Pixel Representation is known.
 */
export const dictionaryVr = (tag: number): string => {
  const definition = attributeOf(tag);
  if (definition !== undefined) {
    if (definition.vr === 'ox' || definition.vr === 'lt') return 'OW';
    return definition.vr === 'xs' ? 'US' : definition.vr;
  }
  const element = tag & 0xffff;
  if (element === 0) return 'UL';
  return (tag & 0x10000) !== 0 && element >= 0x10 && element <= 0xff ? 'LO' : 'UN';
};

const HEX_TAG = /^[0-9A-Fa-f]{8}$/;

/** `00100010` from 0x00100010, as in DICOM JSON and query parameters. */
export const tagHex = (tag: number): string => tag.toString(16).toUpperCase().padStart(8, '0');

/** The tag of a PS3.6 keyword (`PatientName`) or of eight hexadecimal digits (`00100010`); `undefined` when it is neither. */
export const tagOf = (keywordOrHex: string): number | undefined =>
  BY_KEYWORD.get(keywordOrHex)?.tag ??
  (HEX_TAG.test(keywordOrHex) ? Number.parseInt(keywordOrHex, 16) : undefined);

/** The PS3.6 keyword of a tag; `undefined` for private and unknown tags. */
export const keywordOf = (tag: number): string | undefined => attributeOf(tag)?.keyword;

/** The PS3.6 VR of a keyword or hexadecimal tag, with the choices of `dictionaryVr`; `undefined` when it is neither. */
export const vrOf = (keywordOrHex: string): string | undefined => {
  const tag = tagOf(keywordOrHex);
  return tag === undefined ? undefined : dictionaryVr(tag);
};
