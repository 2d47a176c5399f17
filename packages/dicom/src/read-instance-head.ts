import { AppError } from '@archwire/contracts';
import type { DataSet } from 'dicom-parser';
import { buildHeader } from './build-header.ts';
import { HEADER_ATTRIBUTES, LAST_HEADER_TAG, WANTED_TAGS } from './header-attributes.ts';
import { inflateDataSet } from './inflate-data-set.ts';
import type { InstanceHead, PixelDataPlace } from './instance-head.ts';
import { invalidDicom } from './invalid-dicom.ts';
import { isPixelData } from './is-pixel-data.ts';
import { readDataSet } from './read-data-set.ts';
import {
  readElement,
  skipUndefinedLength,
  UNDEFINED_LENGTH,
  type ElementHeader,
  type Encoding,
} from './read-element.ts';
import { readPart10 } from './read-part10.ts';

export interface ReadInstanceHeadOptions {
  /** Used when the bytes have no group 2, as in a bare data set. */
  readonly TransferSyntaxUID?: string;
  /** Bytes of the whole stored object. When given, an object that does not reach its own end is refused. */
  readonly totalLength?: number;
  /** Bytes a deflated data set may grow to; 1 GiB when absent. */
  readonly inflateLimit?: number;
}

interface Scan {
  readonly elements: Map<number, ElementHeader>;
  pixelData: PixelDataPlace | null;
  complete: boolean;
}

const isTruncated = (error: unknown): boolean =>
  error instanceof AppError && error.details['reason'] === 'truncated';

/**
 * Visits top-level element headers only; values and whatever lies in sequences are stepped over.
 * `more`: the object is known to go on behind `bytes`, so that a cut between two elements is not taken for its end.
 */
const scan = (bytes: Buffer, start: number, encoding: Encoding, more: boolean): Scan => {
  const result: Scan = { elements: new Map(), pixelData: null, complete: true };
  let header: ElementHeader = { tag: 0, vr: '', length: 0, offset: 0 };
  let position = start;
  let tag = 0;
  try {
    while (position < bytes.length) {
      if (bytes.length - position < 8 && bytes.subarray(position).every((byte) => byte === 0)) break;
      readElement(bytes, position, bytes.length, encoding, header);
      tag = header.tag;
      const { length, offset, vr } = header;
      const undefinedLength = length === UNDEFINED_LENGTH;
      if (isPixelData(tag)) {
        result.pixelData = {
          offset,
          length: undefinedLength ? undefined : length,
          encapsulated: undefinedLength,
          tag,
          vr,
        };
        break;
      }
      // A delimiter that closes nothing is stepped over.
      const end = undefinedLength
        ? skipUndefinedLength(bytes, offset, bytes.length, vr, encoding)
        : offset + (tag >>> 16 === 0xfffe ? 0 : length);
      if (end > bytes.length) {
        throw invalidDicom(
          'truncated',
          `The object ends inside the element at byte ${position}. Send it again.`,
          { at: position },
        );
      }
      if (WANTED_TAGS.has(tag) && !undefinedLength && !result.elements.has(tag)) {
        result.elements.set(tag, header);
        header = { tag, vr: '', length: 0, offset: 0 };
      }
      position = end;
    }
  } catch (error) {
    if (!isTruncated(error) || tag <= LAST_HEADER_TAG) throw error;
    result.complete = false;
  }
  if (more && result.pixelData === null) {
    if (tag < LAST_HEADER_TAG) {
      throw invalidDicom('truncated', `The object goes on behind byte ${position}.`, { at: position });
    }
    result.complete = false;
  }
  return result;
};

/** Most heads inflate from this much; the rest of a large deflated object is inflated only when they do not. */
const DEFLATED_HEAD = 64 * 1024;

/**
 * Reads what the index needs of a Part 10 object. `bytes` is the whole object or its start, cut behind the header of Pixel Data or
 * later (an object without Pixel Data may be cut after group 0040). Bytes without preamble or group 2 are accepted.
 * Nothing that the header does not name is decoded.
 * @throws AppError `invalid` with `details.reason`; `truncated` also means: give more bytes, if there are more.
 */
export const readInstanceHead = (bytes: Buffer, options: ReadInstanceHeadOptions = {}): InstanceHead => {
  const part10 = readPart10(bytes, options.TransferSyntaxUID);
  const { dataSetOffset, encoding, deflated } = part10;
  const { totalLength, inflateLimit } = options;
  const cut = totalLength !== undefined && totalLength > bytes.length;
  let readable = bytes;
  let found: Scan | undefined;
  if (deflated) {
    const first = bytes.subarray(0, dataSetOffset + DEFLATED_HEAD);
    const firstIsAll = first.length === bytes.length;
    try {
      readable = inflateDataSet(first, dataSetOffset, inflateLimit);
      found = scan(readable, dataSetOffset, encoding, cut || !firstIsAll);
    } catch (error) {
      if (!isTruncated(error) || firstIsAll) throw error;
    }
    if (found?.complete !== true && !firstIsAll) {
      readable = inflateDataSet(bytes, dataSetOffset, inflateLimit);
      found = undefined;
    }
  }
  found ??= scan(readable, dataSetOffset, encoding, cut);
  const { pixelData, complete, elements } = found;
  if (totalLength !== undefined && !deflated) {
    const end = pixelData?.length === undefined ? 0 : pixelData.offset + pixelData.length;
    if (end > totalLength || (!complete && totalLength <= bytes.length)) {
      throw invalidDicom('truncated', 'The object ends before its last element does. Send it again.', {
        totalLength,
      });
    }
  }
  const looksLikeImage =
    elements.has(HEADER_ATTRIBUTES.Rows[0]) && elements.has(HEADER_ATTRIBUTES.BitsAllocated[0]);
  const header = buildHeader(
    { bytes: readable, littleEndian: encoding.littleEndian, elements },
    { ...part10, hasPixelData: pixelData !== null || (!complete && looksLikeImage) },
  );
  let dataSet: DataSet | undefined;
  return {
    header,
    pixelData,
    complete,
    bytes: readable,
    get dataSet() {
      dataSet ??= readDataSet(readable, dataSetOffset, encoding);
      return dataSet;
    },
  };
};
