import { invalidDicom } from './invalid-dicom.ts';
import {
  readElement,
  readTagAt,
  readUint16,
  readUint32,
  UNDEFINED_LENGTH,
  type ElementHeader,
  type Encoding,
} from './read-element.ts';
import { transferSyntax, type TransferSyntax } from './transfer-syntax.ts';

/** Where the data set of an object starts and how it is written. */
export interface Part10 {
  /** The first byte after group 2. */
  readonly dataSetOffset: number;
  /** The first byte of group 2, or `dataSetOffset` when there is none. */
  readonly metaOffset: number;
  readonly TransferSyntaxUID: string;
  readonly encoding: Encoding;
  readonly deflated: boolean;
  readonly MediaStorageSOPClassUID: string | null;
  readonly MediaStorageSOPInstanceUID: string | null;
}

const META: Encoding = { explicitVr: true, littleEndian: true };
const PREFIX_OFFSET = 128;
const MAX_META_ELEMENTS = 1000;

const uidText = (bytes: Buffer, header: ElementHeader): string =>
  bytes
    .toString('latin1', header.offset, header.offset + header.length)
    .replace(/[\0 ]+$/, '')
    .trimStart();

const isVrAt = (bytes: Buffer, at: number): boolean => {
  const a = bytes[at] ?? 0;
  const b = bytes[at + 1] ?? 0;
  return a >= 0x41 && a <= 0x5a && b >= 0x41 && b <= 0x5a;
};

/** Guesses an encoding from the first element: a data set starts in a low group, most often 0008. */
const detect = (bytes: Buffer, at: number): string | undefined => {
  if (at + 8 > bytes.length) return undefined;
  const little = readUint16(bytes, at, true);
  const big = readUint16(bytes, at, false);
  if (isVrAt(bytes, at + 4)) {
    if (little > 0 && little <= 0x00ff) return '1.2.840.10008.1.2.1';
    return big > 0 && big <= 0x00ff ? '1.2.840.10008.1.2.2' : undefined;
  }
  const length = readUint32(bytes, at + 4, true);
  return little > 0 && little <= 0x00ff && (length <= 0xffff || length === UNDEFINED_LENGTH)
    ? '1.2.840.10008.1.2'
    : undefined;
};

/** The encoding actually used: senders mistake implicit for explicit and back, and the first element shows it (pydicom does the same). */
const actualEncoding = (bytes: Buffer, at: number, stated: TransferSyntax | undefined): Encoding => {
  const explicitVr = stated?.explicitVr ?? true;
  const littleEndian = stated?.littleEndian ?? true;
  if (at + 8 > bytes.length || !littleEndian) return { explicitVr, littleEndian };
  const group = readTagAt(bytes, at, true) >>> 16;
  if (group === 0 || group > 0x00ff) return { explicitVr, littleEndian };
  return { explicitVr: isVrAt(bytes, at + 4), littleEndian };
};

/**
 * Reads preamble and group 2 (PS3.10 section 7.1). Without preamble, without group 2 or without Transfer Syntax UID the
 * encoding is the given one or, failing that, what the first element shows.
 * @param givenTransferSyntaxUID used only when the bytes name none.
 * @throws AppError `invalid`: `not-dicom`, `truncated`, `transfer-syntax`.
 */
export const readPart10 = (bytes: Buffer, givenTransferSyntaxUID?: string): Part10 => {
  const hasPrefix =
    bytes.length >= PREFIX_OFFSET + 4 &&
    bytes.toString('latin1', PREFIX_OFFSET, PREFIX_OFFSET + 4) === 'DICM';
  const metaOffset = hasPrefix ? PREFIX_OFFSET + 4 : 0;
  let position = metaOffset;
  let named: string | undefined;
  let sopClass: string | null = null;
  let sopInstance: string | null = null;
  const header: ElementHeader = { tag: 0, vr: '', length: 0, offset: 0 };
  for (
    let count = 0;
    position + 8 <= bytes.length && readUint16(bytes, position, true) === 0x0002;
    count += 1
  ) {
    readElement(bytes, position, bytes.length, META, header);
    if (header.length > bytes.length - header.offset || count > MAX_META_ELEMENTS) {
      throw invalidDicom('truncated', 'The object ends inside its File Meta Information. Send it again.', {
        at: position,
      });
    }
    if (header.tag === 0x00020010) named = uidText(bytes, header);
    else if (header.tag === 0x00020002) sopClass = uidText(bytes, header);
    else if (header.tag === 0x00020003) sopInstance = uidText(bytes, header);
    position = header.offset + header.length;
  }
  const uid = named || givenTransferSyntaxUID || detect(bytes, position);
  if (uid === undefined) {
    throw position > metaOffset || hasPrefix
      ? invalidDicom(
          'transfer-syntax',
          'The object names no Transfer Syntax UID and its encoding cannot be told from its first element.',
        )
      : invalidDicom(
          'not-dicom',
          'This is not a DICOM object: it has no DICM prefix and does not start like a data set.',
        );
  }
  const syntax = transferSyntax(uid);
  const deflated = syntax?.deflated ?? false;
  return {
    dataSetOffset: position,
    metaOffset,
    TransferSyntaxUID: uid,
    encoding: deflated ? { explicitVr: true, littleEndian: true } : actualEncoding(bytes, position, syntax),
    deflated,
    MediaStorageSOPClassUID: sopClass,
    MediaStorageSOPInstanceUID: sopInstance,
  };
};
