import { deflateRawSync } from 'node:zlib';
import { buildPart10Meta } from '../build-part10-meta.ts';
import type { Encoding } from '../read-element.ts';
import { transferSyntax } from '../transfer-syntax.ts';

const LONG = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const SIZES: Readonly<Record<string, number>> = {
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
  SV: 8,
  UV: 8,
  OV: 8,
};

/** Items of a sequence, of undefined length when `undefinedLength`. */
export interface Items {
  readonly items: readonly (readonly TestElement[])[];
  readonly undefinedLength?: boolean;
}

/** Raw bytes are little endian and swapped for big endian files; text is Latin 1 and padded. */
export type TestElement = readonly [
  tag: number,
  vr: string,
  value: string | Buffer | readonly number[] | Items,
];

const words = (vr: string, values: readonly number[]): Buffer => {
  const size = SIZES[vr] ?? 1;
  const bytes = Buffer.alloc(values.length * size);
  values.forEach((value, index) => {
    const at = index * size;
    if (vr === 'FL') bytes.writeFloatLE(value, at);
    else if (vr === 'FD') bytes.writeDoubleLE(value, at);
    else if (size === 8) bytes.writeBigInt64LE(BigInt(value), at);
    else if (vr === 'SS' || vr === 'SL') bytes.writeIntLE(value, at, size);
    else bytes.writeUIntLE(value, at, size);
  });
  return bytes;
};

const swapped = (vr: string, bytes: Buffer): Buffer => {
  const copy = Buffer.from(bytes);
  const size = SIZES[vr];
  if (size === 2) return copy.swap16();
  if (size === 4) return copy.swap32();
  return size === 8 ? copy.swap64() : copy;
};

const tagBytes = (tag: number, little: boolean): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(tag >>> 16, 0);
  bytes.writeUInt16LE(tag & 0xffff, 2);
  return little ? bytes : bytes.swap16();
};

const lengthBytes = (length: number, little: boolean): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(length);
  return little ? bytes : bytes.swap32();
};

const sequenceBytes = ({ items, undefinedLength = false }: Items, encoding: Encoding): Buffer => {
  const { littleEndian } = encoding;
  const parts: Buffer[] = items.map((item) => {
    const bytes = dataSetBytes(item, encoding);
    return Buffer.concat([
      tagBytes(0xfffee000, littleEndian),
      lengthBytes(undefinedLength ? 0xffffffff : bytes.length, littleEndian),
      bytes,
      ...(undefinedLength ? [tagBytes(0xfffee00d, littleEndian), lengthBytes(0, littleEndian)] : []),
    ]);
  });
  if (undefinedLength) parts.push(tagBytes(0xfffee0dd, littleEndian), lengthBytes(0, littleEndian));
  return Buffer.concat(parts);
};

const isItems = (value: TestElement[2]): value is Items => typeof value === 'object' && 'items' in value;

const valueBytes = (vr: string, value: Exclude<TestElement[2], Items>, littleEndian: boolean): Buffer => {
  if (typeof value === 'string') {
    const padding = vr === 'UI' || vr === 'OB' ? '\0' : ' ';
    return Buffer.from(value.length % 2 === 0 ? value : value + padding, 'latin1');
  }
  const bytes = Buffer.isBuffer(value) ? value : words(vr, value);
  const even =
    bytes.length % 2 === 0
      ? bytes
      : Buffer.concat([bytes, Buffer.from(SIZES[vr] === undefined && vr !== 'OB' ? ' ' : '\0')]);
  return littleEndian ? even : swapped(vr, even);
};

/** The bytes of elements, written in the order given. */
export const dataSetBytes = (elements: readonly TestElement[], encoding: Encoding): Buffer => {
  const { explicitVr, littleEndian } = encoding;
  return Buffer.concat(
    elements.flatMap(([tag, vr, value]) => {
      const bytes = isItems(value) ? sequenceBytes(value, encoding) : valueBytes(vr, value, littleEndian);
      const length = isItems(value) && value.undefinedLength === true ? 0xffffffff : bytes.length;
      const head = tagBytes(tag, littleEndian);
      if (!explicitVr) return [head, lengthBytes(length, littleEndian), bytes];
      if (LONG.has(vr)) return [head, Buffer.from(`${vr}\0\0`), lengthBytes(length, littleEndian), bytes];
      const short = lengthBytes(length, littleEndian);
      return [head, Buffer.from(vr), littleEndian ? short.subarray(0, 2) : short.subarray(2), bytes];
    }),
  );
};

export const CT = '1.2.840.10008.5.1.4.1.1.2';
export const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const DEFLATED = '1.2.840.10008.1.2.1.99';
export const EXPLICIT_VR_BIG_ENDIAN = '1.2.840.10008.1.2.2';

/** The four UIDs an instance must have. */
export const UIDS: readonly TestElement[] = [
  [0x00080016, 'UI', CT],
  [0x00080018, 'UI', '1.2.3.4'],
  [0x0020000d, 'UI', '1.2.3.1'],
  [0x0020000e, 'UI', '1.2.3.2'],
];

/** A Part 10 object with these elements in ascending order. */
export const part10 = (
  elements: readonly TestElement[],
  TransferSyntaxUID = EXPLICIT_VR_LITTLE_ENDIAN,
): Buffer => {
  const syntax = transferSyntax(TransferSyntaxUID);
  const encoding = { explicitVr: syntax?.explicitVr ?? true, littleEndian: syntax?.littleEndian ?? true };
  const body = dataSetBytes(
    [...elements].sort(([a], [b]) => a - b),
    encoding,
  );
  return Buffer.concat([
    buildPart10Meta({ SOPClassUID: CT, SOPInstanceUID: '1.2.3.4', TransferSyntaxUID }),
    syntax?.deflated === true ? deflateRawSync(body) : body,
  ]);
};
