import { dictionaryVr } from './dictionary.ts';
import { invalidDicom } from './invalid-dicom.ts';

export const UNDEFINED_LENGTH = 0xffffffff;
export const ITEM = 0xfffee000;
export const ITEM_DELIMITATION = 0xfffee00d;
export const SEQUENCE_DELIMITATION = 0xfffee0dd;

/** How the elements of a data set are written. */
export interface Encoding {
  readonly explicitVr: boolean;
  readonly littleEndian: boolean;
}

export const IMPLICIT_LITTLE: Encoding = { explicitVr: false, littleEndian: true };

/** An element's header. `offset` is where its value starts; `length` may be `UNDEFINED_LENGTH`. */
export interface ElementHeader {
  tag: number;
  vr: string;
  length: number;
  offset: number;
}

/** VRs with two reserved bytes and a 32-bit length (PS3.5 table 7.1-1). dicom-parser 1.8 does not know OV, SV, UV. */
const LONG_VRS = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const SHORT_VRS = new Set('AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US'.split(' '));

const VR_NAMES = new Map<number, string>();
for (const vr of [...LONG_VRS, ...SHORT_VRS]) VR_NAMES.set((vr.charCodeAt(0) << 8) | vr.charCodeAt(1), vr);

const isCapital = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a;

/** Two reserved bytes and a 32-bit length. */
export const isLongVr = (vr: string): boolean => LONG_VRS.has(vr);

export const isKnownVr = (vr: string): boolean => LONG_VRS.has(vr) || SHORT_VRS.has(vr);

export const readUint16 = (bytes: Buffer, at: number, littleEndian: boolean): number => {
  const a = bytes[at] ?? 0;
  const b = bytes[at + 1] ?? 0;
  return littleEndian ? a | (b << 8) : (a << 8) | b;
};

export const readUint32 = (bytes: Buffer, at: number, littleEndian: boolean): number => {
  const low = readUint16(bytes, littleEndian ? at : at + 2, littleEndian);
  const high = readUint16(bytes, littleEndian ? at + 2 : at, littleEndian);
  return high * 0x10000 + low;
};

export const readTagAt = (bytes: Buffer, at: number, littleEndian: boolean): number =>
  readUint16(bytes, at, littleEndian) * 0x10000 + readUint16(bytes, at + 2, littleEndian);

const truncated = (at: number): Error =>
  invalidDicom('truncated', `The object ends inside an element at byte ${at}. Send it again.`, { at });

/** Whether an unknown VR uses the long form: its two reserved bytes are zero and the long reading lands on a later tag or the end. */
const readsAsLongForm = (
  bytes: Buffer,
  at: number,
  end: number,
  littleEndian: boolean,
  tag: number,
): boolean => {
  if (readUint16(bytes, at + 6, littleEndian) !== 0 || at + 12 > end) return false;
  const length = readUint32(bytes, at + 8, littleEndian);
  const next = at + 12 + length;
  if (next > end) return false;
  return next === end || (next + 4 <= end && readTagAt(bytes, next, littleEndian) > tag);
};

/**
 * Reads one element header at `at` into `into` and returns it; values are not touched.
 * An element whose VR bytes are not two capitals is read as implicit, as some writers mix both, or, when that does not fit, as UN;
 * an unknown VR is kept as it is written.
 * @throws AppError `invalid` when the header does not fit before `end`.
 */
export const readElement = (
  bytes: Buffer,
  at: number,
  end: number,
  encoding: Encoding,
  into: ElementHeader,
): ElementHeader => {
  if (at + 8 > end) throw truncated(at);
  const { littleEndian } = encoding;
  const tag = readTagAt(bytes, at, littleEndian);
  into.tag = tag;
  const first = bytes[at + 4] ?? 0;
  const second = bytes[at + 5] ?? 0;
  if (tag >= ITEM && tag <= SEQUENCE_DELIMITATION) {
    into.vr = '';
    into.length = readUint32(bytes, at + 4, littleEndian);
    into.offset = at + 8;
  } else if (encoding.explicitVr && isCapital(first) && isCapital(second)) {
    const vr = VR_NAMES.get((first << 8) | second) ?? String.fromCharCode(first, second);
    into.vr = vr;
    if (LONG_VRS.has(vr) || (!SHORT_VRS.has(vr) && readsAsLongForm(bytes, at, end, littleEndian, tag))) {
      if (at + 12 > end) throw truncated(at);
      into.length = readUint32(bytes, at + 8, littleEndian);
      into.offset = at + 12;
    } else {
      into.length = readUint16(bytes, at + 6, littleEndian);
      into.offset = at + 8;
    }
  } else {
    into.vr = dictionaryVr(tag);
    into.length = readUint32(bytes, at + 4, littleEndian);
    into.offset = at + 8;
    const short = readUint16(bytes, at + 6, littleEndian);
    const tooLong = into.length !== UNDEFINED_LENGTH && into.length > end - into.offset;
    // A VR of blanks or zeros in front of a 16-bit length.
    if (encoding.explicitVr && tooLong && short <= end - into.offset) {
      into.vr = 'UN';
      into.length = short;
    }
  }
  return into;
};

/**
 * The byte after a value of undefined length that starts at `at` (PS3.5 section 7.5): sequences, encapsulated Pixel Data, UN.
 * Walks without recursion and without keeping anything, so that any depth of nesting costs no stack and no memory.
 * @throws AppError `invalid` when the nesting is broken or `end` comes first.
 */
export const skipUndefinedLength = (
  bytes: Buffer,
  at: number,
  end: number,
  vr: string,
  encoding: Encoding,
): number => {
  const header: ElementHeader = { tag: 0, vr: '', length: 0, offset: 0 };
  // Open things alternate strictly: sequence, item, sequence … because everything of known length is stepped over.
  let depth = 1;
  // From this depth on the elements are implicit little endian: the value of a UN of undefined length (PS3.5 section 6.2.2, note).
  let implicitFrom = vr === 'UN' ? 1 : Infinity;
  let position = at;
  while (depth > 0) {
    const current = depth >= implicitFrom ? IMPLICIT_LITTLE : encoding;
    readElement(bytes, position, end, current, header);
    position = header.offset;
    const inSequence = depth % 2 === 1;
    if (header.tag === SEQUENCE_DELIMITATION || header.tag === ITEM_DELIMITATION) {
      // A sequence delimiter inside an item also closes the item whose own delimiter is missing; a stray item delimiter is stepped over.
      if (header.tag === SEQUENCE_DELIMITATION) depth -= inSequence ? 1 : 2;
      else if (!inSequence) depth -= 1;
      if (depth < implicitFrom) implicitFrom = Infinity;
    } else if (inSequence !== (header.tag === ITEM)) {
      throw invalidDicom(
        'structure',
        `A sequence at byte ${at} is broken: an item was expected at byte ${position - 8}.`,
        {
          at: position - 8,
        },
      );
    } else if (header.length === UNDEFINED_LENGTH) {
      depth += 1;
      if (header.vr === 'UN' && implicitFrom === Infinity) implicitFrom = depth;
    } else {
      position += header.length;
      if (position > end) throw truncated(header.offset);
    }
  }
  return position;
};
