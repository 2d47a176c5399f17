import { buildPart10Meta } from './build-part10-meta.ts';
import { naturalDataSet, type NaturalDataSet } from './natural-data-set.ts';
import { writeDataSet } from './write-data-set.ts';

const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const UTF_8 = 'ISO_IR 192';
const UNDEFINED_LENGTH = 0xffffffff;

/** The header of an OB element, explicit little endian. */
const header = (tag: number, length: number): Buffer => {
  const head = Buffer.alloc(12);
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
  head.write('OB', 4, 'latin1');
  head.writeUInt32LE(length, 8);
  return head;
};

const item = (length: number): Buffer => {
  const head = Buffer.from('feff00e000000000', 'hex');
  head.writeUInt32LE(length, 4);
  return head;
};

const even = (bytes: Buffer): readonly Buffer[] =>
  bytes.length % 2 === 0 ? [bytes] : [bytes, Buffer.alloc(1)];

/** Bytes that are too many to be copied: an element of a data set that is written around them. */
export interface LargeValue {
  readonly tag: number;
  readonly bytes: Buffer;
  /** One frame of encapsulated Pixel Data (PS3.5 A.4). */
  readonly encapsulated: boolean;
}

/** A Part 10 file in pieces: the data set in UTF-8 with a large value at its place. */
export const writeRecordObject = (
  dataSet: NaturalDataSet & { readonly SOPClassUID: string; readonly SOPInstanceUID: string },
  value: LargeValue,
  transferSyntaxUid: string,
): readonly Buffer[] => {
  const json = Object.entries(naturalDataSet(dataSet));
  const isBefore = ([tag]: (typeof json)[number]): boolean => Number.parseInt(tag, 16) < value.tag;
  const write = (part: typeof json, characterSet: string): Buffer =>
    writeDataSet(Object.fromEntries(part), EXPLICIT_LITTLE_ENDIAN, characterSet);
  const { tag, bytes, encapsulated } = value;
  const length = bytes.length + (bytes.length % 2);
  return [
    buildPart10Meta({
      SOPClassUID: dataSet.SOPClassUID,
      SOPInstanceUID: dataSet.SOPInstanceUID,
      TransferSyntaxUID: transferSyntaxUid,
    }),
    write(json.filter(isBefore), UTF_8),
    header(tag, encapsulated ? UNDEFINED_LENGTH : length),
    // An empty Basic Offset Table, one fragment, the end.
    ...(encapsulated ? [item(0), item(length)] : []),
    ...even(bytes),
    ...(encapsulated ? [Buffer.from('feffdde000000000', 'hex')] : []),
    write(
      json.filter((element) => !isBefore(element)),
      '',
    ),
  ];
};
