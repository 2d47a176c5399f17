import dicomParser, { type DataSet, type Element } from 'dicom-parser';
import { isKnownVr, isLongVr, UNDEFINED_LENGTH, type Encoding } from '../read-element.ts';

/** A value that takes the place of an element's own, or stands where there was none. */
export interface NewValue {
  readonly vr: string;
  /** Little endian, of even length. */
  readonly value: Buffer;
}

const ITEM = 0xfffee000;
/** Words that turn with the byte order; UN is unknown and everything else is text or bytes. */
const WORD: Readonly<Record<string, 2 | 4 | 8>> = {
  US: 2,
  SS: 2,
  OW: 2,
  AT: 2,
  UL: 4,
  SL: 4,
  FL: 4,
  OF: 4,
  OL: 4,
  FD: 8,
  OD: 8,
  OV: 8,
  SV: 8,
  UV: 8,
};

/** Copies when the bytes must turn; otherwise a view. */
export const toLittleEndian = (bytes: Buffer, vr: string): Buffer => {
  const size = WORD[vr];
  if (size === undefined || bytes.length % size !== 0) return bytes;
  const own = Buffer.from(bytes);
  if (size === 2) return own.swap16();
  return size === 4 ? own.swap32() : own.swap64();
};

/** The header of an element in a little endian data set. A value too long for a short VR becomes UN (PS3.5 section 6.2.2). */
export const elementHeader = (
  tag: number,
  statedVr: string,
  length: number,
  to: Pick<Encoding, 'explicitVr'>,
): Buffer => {
  const known = isKnownVr(statedVr) ? statedVr : 'UN';
  const vr = !isLongVr(known) && length > 0xffff ? 'UN' : known;
  const isLong = to.explicitVr && isLongVr(vr);
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
  if (to.explicitVr) head.write(vr, 4, 'latin1');
  if (to.explicitVr && !isLong) head.writeUInt16LE(length, 6);
  else head.writeUInt32LE(length, head.length - 4);
  return head;
};

const PADDED_WITH_SPACE = new Set('AE AS CS DA DS DT IS LO LT PN SH ST TM UC UR UT'.split(' '));

/** Values have even length (PS3.5 section 6.2); some writers forget. */
export const padded = (bytes: Buffer, vr: string): Buffer =>
  bytes.length % 2 === 0
    ? bytes
    : Buffer.concat([bytes, Buffer.from(PADDED_WITH_SPACE.has(vr) ? ' ' : '\0')]);

/** The header of an item of known length. */
export const itemHeader = (length: number): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(ITEM >>> 16, 0);
  head.writeUInt16LE(ITEM & 0xffff, 2);
  head.writeUInt32LE(length, 4);
  return head;
};

const tagOf = (key: string): number => Number.parseInt(key.slice(1), 16);

/** Group lengths count bytes that are no longer so (retired, PS3.5 section 7.2). */
const isDropped = (key: string): boolean => key.endsWith('0000') || key.startsWith('x0002');

/** An icon may be compressed like the image that it shows; in an uncompressed data set it cannot stay. */
const hasEncapsulated = ({ items = [] }: Element): boolean =>
  items.some(({ dataSet }) =>
    Object.values(dataSet?.elements ?? {}).some(
      (element) => element.encapsulatedPixelData === true || hasEncapsulated(element),
    ),
  );

const rewritten = (key: string, element: Element, dataSet: DataSet, to: Encoding): readonly Buffer[] => {
  const tag = tagOf(key);
  const vr = element.vr ?? 'UN';
  if (element.items !== undefined) {
    const items = element.items.map(({ dataSet: item }) =>
      item === undefined ? Buffer.alloc(0) : rewriteElements(item, to),
    );
    const content = items.flatMap((item) => [itemHeader(item.length), item]);
    const length = content.reduce((sum, part) => sum + part.length, 0);
    return [elementHeader(tag, 'SQ', length, to), ...content];
  }
  const { byteArray, byteArrayParser } = dataSet;
  const start = element.dataOffset;
  const stored = Buffer.from(byteArray.buffer, byteArray.byteOffset + start, element.length);
  // A sequence of unknown elements keeps its own delimiters and its own encoding (PS3.5 section 6.2.2, note 2).
  if (element.hadUndefinedLength === true) return [elementHeader(tag, 'UN', UNDEFINED_LENGTH, to), stored];
  const isLittle = byteArrayParser === dicomParser.littleEndianByteArrayParser;
  const value = padded(isLittle ? stored : toLittleEndian(stored, vr), vr);
  return [elementHeader(tag, vr, value.length, to), value];
};

/**
 * The elements of a data set in another little endian encoding, in ascending order, values as they are: private and unknown
 * ones byte for byte. `changes` by key of dicom-parser (`x00280004`); `null` leaves an element out.
 */
export const rewriteElements = (
  dataSet: DataSet,
  to: Encoding,
  changes: ReadonlyMap<string, NewValue | null> = new Map(),
): Buffer => {
  const keys = [...new Set([...Object.keys(dataSet.elements), ...changes.keys()])].sort((a, b) =>
    a < b ? -1 : 1,
  );
  return Buffer.concat(
    keys.flatMap((key) => {
      if (isDropped(key)) return [];
      const change = changes.get(key);
      if (change === null) return [];
      if (change !== undefined)
        return [elementHeader(tagOf(key), change.vr, change.value.length, to), change.value];
      const element = dataSet.elements[key];
      return element === undefined || hasEncapsulated(element) ? [] : rewritten(key, element, dataSet, to);
    }),
  );
};
