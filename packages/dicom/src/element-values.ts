import type { DicomJsonValue } from './dicom-json.ts';
import type { CharacterSet } from './character-set.ts';
import { decodeText } from './decode-text.ts';
import { tagHex } from './dictionary.ts';
import { exactNumber } from './exact-number.ts';
import { personNameJson } from './person-name.ts';
import { readTagAt, readUint16, readUint32 } from './read-element.ts';

type Reader = (bytes: Buffer, at: number, littleEndian: boolean) => DicomJsonValue;

/** JSON has no non-finite numbers: their JavaScript names keep what was sent. */
const finite = (value: number): number | string => (Number.isFinite(value) ? value : String(value));
const safe = (value: bigint): number | string =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);

const NUMERIC: ReadonlyMap<string, readonly [size: number, read: Reader]> = new Map([
  ['US', [2, readUint16]],
  ['SS', [2, (bytes, at, little) => (little ? bytes.readInt16LE(at) : bytes.readInt16BE(at))]],
  ['UL', [4, readUint32]],
  ['SL', [4, (bytes, at, little) => (little ? bytes.readInt32LE(at) : bytes.readInt32BE(at))]],
  ['FL', [4, (bytes, at, little) => finite(little ? bytes.readFloatLE(at) : bytes.readFloatBE(at))]],
  ['FD', [8, (bytes, at, little) => finite(little ? bytes.readDoubleLE(at) : bytes.readDoubleBE(at))]],
  ['UV', [8, (bytes, at, little) => safe(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at))]],
  ['SV', [8, (bytes, at, little) => safe(little ? bytes.readBigInt64LE(at) : bytes.readBigInt64BE(at))]],
  ['AT', [4, (bytes, at, little) => tagHex(readTagAt(bytes, at, little))]],
]);

const TEXT = new Set(['LO', 'SH', 'UC', 'ST', 'LT', 'UT', 'PN']);
const CODE_TEXT = new Set(['AE', 'AS', 'CS', 'DA', 'DS', 'DT', 'IS', 'TM', 'UI', 'UR']);
const ONE_VALUE = new Set(['ST', 'LT', 'UT', 'UR']);
const BOTH_ENDS = new Set(['AE', 'CS', 'DS', 'IS', 'UI', 'PN']);

/** Words to swap from big endian, by the size of what the VR holds (PS3.5 6.2). */
const SWAP: ReadonlyMap<string, number> = new Map([
  ['OW', 2],
  ['OF', 4],
  ['OL', 4],
  ['OD', 8],
  ['OV', 8],
]);

const trimmed = (value: string, vr: string): string => {
  const end = value.replace(/[\0 ]+$/, '');
  return BOTH_ENDS.has(vr) ? end.trimStart() : end;
};

const textValue = (value: string, vr: string): DicomJsonValue => {
  if (vr === 'PN') return personNameJson(value);
  if (value === '') return null;
  return vr === 'DS' || vr === 'IS' ? exactNumber(value) : value;
};

/**
 * The values of an element as DICOM JSON knows them (PS3.18 F.2.3), an empty array when there is none;
 * `undefined` when the VR holds bytes (OB, UN, …) or is unknown, or the length does not fit it.
 */
export const elementValues = (
  bytes: Buffer,
  vr: string,
  littleEndian: boolean,
  set: CharacterSet,
): DicomJsonValue[] | undefined => {
  const numeric = NUMERIC.get(vr);
  if (numeric !== undefined) {
    const [size, read] = numeric;
    if (bytes.length % size !== 0) return undefined;
    return Array.from({ length: bytes.length / size }, (_, index) => read(bytes, index * size, littleEndian));
  }
  if (!TEXT.has(vr) && !CODE_TEXT.has(vr)) return undefined;
  const text = TEXT.has(vr) ? decodeText(bytes, set, vr) : bytes.toString('latin1');
  const values = (ONE_VALUE.has(vr) ? [text] : text.split('\\')).map((value) =>
    textValue(trimmed(value, vr).toWellFormed(), vr),
  );
  return values.every((value) => value === null) ? [] : values;
};

/** The bytes as an explicit little endian file would hold them (PS3.18 F.2.7): words of big endian files are swapped. */
export const littleEndianBytes = (bytes: Buffer, vr: string, littleEndian: boolean): Buffer => {
  const size = SWAP.get(vr);
  if (littleEndian || size === undefined || bytes.length % size !== 0) return bytes;
  const copy = Buffer.from(bytes);
  return size === 2 ? copy.swap16() : size === 4 ? copy.swap32() : copy.swap64();
};
