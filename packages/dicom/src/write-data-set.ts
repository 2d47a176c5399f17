import { AppError } from '@archwire/contracts';
import type { DicomJson, DicomJsonAttribute, DicomJsonValue } from './dicom-json.ts';
import { textEncoding, type TextEncoding } from './encode-text.ts';
import { isLongVr, type Encoding } from './read-element.ts';
import { transferSyntax } from './transfer-syntax.ts';

const UTF_8 = 'ISO_IR 192';
const CHARACTER_SET = '00080005';
const TEXT_VRS = new Set(['LO', 'SH', 'UC', 'ST', 'LT', 'UT', 'PN']);
const NUMBERS: Readonly<Record<string, readonly [size: number, write: keyof typeof WRITERS]>> = {
  US: [2, 'uint16'],
  SS: [2, 'int16'],
  UL: [4, 'uint32'],
  SL: [4, 'int32'],
  FL: [4, 'float'],
  FD: [8, 'double'],
};
const WRITERS = {
  uint16: ['writeUInt16LE', 'writeUInt16BE'],
  int16: ['writeInt16LE', 'writeInt16BE'],
  uint32: ['writeUInt32LE', 'writeUInt32BE'],
  int32: ['writeInt32LE', 'writeInt32BE'],
  float: ['writeFloatLE', 'writeFloatBE'],
  double: ['writeDoubleLE', 'writeDoubleBE'],
} as const;
const NAME_GROUPS = ['Alphabetic', 'Ideographic', 'Phonetic'] as const;

const unwritable = (tag: string, vr: string): AppError =>
  new AppError('internal', `A value of ${tag} cannot be written as ${vr}.`, { details: { tag, vr } });

const plain = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

const nameText = (value: DicomJsonValue): string => {
  if (typeof value !== 'object' || value === null) return plain(value);
  const groups = new Map<string, unknown>(Object.entries(value));
  return NAME_GROUPS.map((name) => plain(groups.get(name)))
    .join('=')
    .replace(/=+$/, '');
};

const textOf = (values: readonly DicomJsonValue[], vr: string): string =>
  values.map((value) => (vr === 'PN' ? nameText(value) : plain(value))).join('\\');

const padded = (bytes: Buffer, vr: string): Buffer =>
  bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from(vr === 'UI' ? '\0' : ' ')]);

interface Writing {
  readonly encoding: Encoding;
  readonly encode: TextEncoding;
}

/** The character set asked for cannot hold a text of the data set. */
class Unencodable extends Error {}

const numbers = (tag: string, vr: string, values: readonly DicomJsonValue[], little: boolean): Buffer => {
  const [size, name] = NUMBERS[vr] ?? [2, 'uint16'];
  const bytes = Buffer.alloc(size * values.length);
  values.forEach((value, index) => {
    if (typeof value !== 'number') throw unwritable(tag, vr);
    bytes[WRITERS[name][little ? 0 : 1]](value, index * size);
  });
  return bytes;
};

const tags = (values: readonly DicomJsonValue[], little: boolean): Buffer =>
  Buffer.concat(values.map((value) => tagBytes(plain(value), little)));

const tagBytes = (tag: string, little: boolean): Buffer => {
  const bytes = Buffer.from(tag, 'hex');
  return little ? bytes.swap16() : bytes;
};

const valueBytes = (tag: string, attribute: DicomJsonAttribute, writing: Writing): Buffer => {
  const { vr, Value: values = [], InlineBinary } = attribute;
  const { littleEndian } = writing.encoding;
  if (InlineBinary !== undefined) {
    if (!littleEndian && vr !== 'OB' && vr !== 'UN') throw unwritable(tag, vr);
    return padded(Buffer.from(InlineBinary, 'base64'), 'UI');
  }
  if (vr === 'SQ') return Buffer.concat(values.map((item) => itemBytes(tag, item, writing)));
  if (vr === 'AT') return tags(values, littleEndian);
  if (NUMBERS[vr] !== undefined) return numbers(tag, vr, values, littleEndian);
  const text = textOf(values, vr);
  const bytes = TEXT_VRS.has(vr) ? writing.encode(text, vr) : Buffer.from(text, 'latin1');
  if (bytes === undefined) throw new Unencodable();
  return padded(bytes, vr);
};

const header = (tag: string, vr: string, length: number, { explicitVr, littleEndian }: Encoding): Buffer => {
  const isLong = explicitVr && isLongVr(vr);
  const head = Buffer.alloc(isLong ? 12 : 8);
  tagBytes(tag, littleEndian).copy(head);
  if (explicitVr) head.write(vr, 4, 'latin1');
  if (explicitVr && !isLong) {
    // A longer value has no place in the short form.
    if (length > 0xfffe) throw unwritable(tag, vr);
    if (littleEndian) head.writeUInt16LE(length, 6);
    else head.writeUInt16BE(length, 6);
  } else if (littleEndian) head.writeUInt32LE(length, head.length - 4);
  else head.writeUInt32BE(length, head.length - 4);
  return head;
};

const itemBytes = (tag: string, item: DicomJsonValue, writing: Writing): Buffer => {
  if (typeof item !== 'object' || item === null || !isDataSet(item)) throw unwritable(tag, 'SQ');
  const content = elements(item, writing);
  const head = header('FFFEE000', '', content.length, { ...writing.encoding, explicitVr: false });
  return Buffer.concat([head, content]);
};

const isDataSet = (value: object): value is DicomJson =>
  Object.keys(value).every((key) => /^[0-9A-F]{8}$/.test(key));

const elements = (dataSet: DicomJson, writing: Writing): Buffer =>
  Buffer.concat(
    Object.entries(dataSet)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([tag, attribute]) => {
        const value = valueBytes(tag, attribute, writing);
        return [header(tag, attribute.vr, value.length, writing.encoding), value];
      }),
  );

const declared = (dataSet: DicomJson, characterSet: string): DicomJson => {
  const { [CHARACTER_SET]: _replaced, ...rest } = dataSet;
  return characterSet === ''
    ? rest
    : { ...rest, [CHARACTER_SET]: { vr: 'CS', Value: characterSet.split('\\') } };
};

/**
 * A data set as bytes, without group 2 and without Pixel Data. It is written in `characterSet` (a Specific Character Set
 * with its backslashes, empty for the default repertoire) when that has every character, otherwise in UTF-8; the data set
 * says which. @throws AppError `unsupported` for an unknown or deflated transfer syntax.
 */
export const writeDataSet = (dataSet: DicomJson, transferSyntaxUid: string, characterSet: string): Buffer => {
  const syntax = transferSyntax(transferSyntaxUid);
  if (syntax === undefined || syntax.deflated)
    throw new AppError('unsupported', `A data set cannot be written in ${transferSyntaxUid}.`);
  const encoding: Encoding = { explicitVr: syntax.explicitVr, littleEndian: syntax.littleEndian };
  try {
    return elements(declared(dataSet, characterSet), { encoding, encode: textEncoding(characterSet) });
  } catch (error) {
    if (!(error instanceof Unencodable)) throw error;
    return elements(declared(dataSet, UTF_8), { encoding, encode: textEncoding(UTF_8) });
  }
};
