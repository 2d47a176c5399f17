import type { DataSet, Element } from 'dicom-parser';
import { attributeOf, dictionaryVr } from './dictionary.ts';
import { invalidDicom } from './invalid-dicom.ts';
import { isPixelData } from './is-pixel-data.ts';
import { parserDataSet } from './parser-data-set.ts';
import {
  IMPLICIT_LITTLE,
  ITEM,
  ITEM_DELIMITATION,
  readElement,
  readTagAt,
  SEQUENCE_DELIMITATION,
  skipUndefinedLength,
  UNDEFINED_LENGTH,
  type ElementHeader,
  type Encoding,
} from './read-element.ts';
import { tagKey } from './tag-key.ts';

/** The deepest content trees in use nest about twenty levels; what reads the result may recurse this far. */
export const MAX_NESTING = 100;

/** Every element and item costs a few hundred bytes; the largest enhanced multi-frame objects have some hundred thousand. */
const MAX_ELEMENTS = 2_000_000;

interface Frame {
  /** Items are expected in a sequence, elements in a data set. */
  readonly sequence: Element | undefined;
  readonly dataSet: DataSet;
  readonly end: number;
  readonly undefinedLength: boolean;
  readonly encoding: Encoding;
  /** The item or sequence whose length is not known before its delimiter. */
  readonly owner: Element | undefined;
}

/** The encoding of a sequence's items, or `undefined` when the element is none. A UN sequence is implicit little endian (PS3.5 6.2.2). */
const itemEncoding = (header: ElementHeader, bytes: Buffer, encoding: Encoding): Encoding | undefined => {
  if (header.vr === 'SQ') return encoding;
  if (header.length === UNDEFINED_LENGTH) {
    if (header.vr === 'UN') return IMPLICIT_LITTLE;
    return undefined;
  }
  const startsWithItem =
    header.vr === 'UN' && header.length >= 8 && readTagAt(bytes, header.offset, true) === ITEM;
  return startsWithItem && dictionaryVr(header.tag) === 'SQ' ? IMPLICIT_LITTLE : undefined;
};

/** Whether the value of Pixel Data lies in the bytes to its end. */
const isWhole = (bytes: Buffer, header: ElementHeader, encoding: Encoding): boolean => {
  if (header.length !== UNDEFINED_LENGTH) return header.offset + header.length <= bytes.length;
  try {
    return skipUndefinedLength(bytes, header.offset, bytes.length, header.vr, encoding) <= bytes.length;
  } catch {
    return false;
  }
};

/** `US or SS` follows Pixel Representation (0028,0103) of the nearest data set that has it (PS3.3 C.7.6.3). */
const decidedVr = (header: ElementHeader, stack: readonly Frame[]): string => {
  if (attributeOf(header.tag)?.vr !== 'xs') return header.vr;
  const owner = stack.findLast(({ dataSet }) => dataSet.elements['x00280103'] !== undefined);
  return owner?.dataSet.uint16('x00280103') === 1 ? 'SS' : 'US';
};

/**
 * Reads elements from `start` into a dicom-parser data set, sequences included, values untouched.
 * dicom-parser's own reader is not used: it recurses per nesting level, misreads OV, SV and UV, and drops private sequences of implicit files.
 * Stops behind the header of top-level Pixel Data unless `throughPixelData` and its whole value is there: then it goes on to the end.
 * A sequence of known length that is broken inside, and any below `MAX_NESTING`, is kept as UN without items.
 * @throws AppError `invalid`: `truncated`, `structure` (broken nesting, or more than two million elements).
 */
export const readDataSet = (
  bytes: Buffer,
  start: number,
  encoding: Encoding,
  throughPixelData = false,
): DataSet => {
  const root = parserDataSet(bytes, encoding.littleEndian);
  const stack: Frame[] = [
    {
      sequence: undefined,
      dataSet: root,
      end: bytes.length,
      undefinedLength: false,
      encoding,
      owner: undefined,
    },
  ];
  const header: ElementHeader = { tag: 0, vr: '', length: 0, offset: 0 };
  let position = start;
  let count = 0;

  const close = (): void => {
    const owner = stack.pop()?.owner;
    if (owner !== undefined) owner.length = header.offset - 8 - owner.dataOffset;
  };
  const fail = (error: unknown): void => {
    const at = stack.findLastIndex((frame) => frame.sequence !== undefined && !frame.undefinedLength);
    const frame = stack[at];
    if (frame?.sequence === undefined) throw error;
    delete frame.sequence.items;
    frame.sequence.vr = 'UN';
    position = frame.end;
    stack.length = at;
  };
  const delimiter = (frame: Frame): void => {
    position = header.offset;
    if (frame.sequence !== undefined) {
      if (header.tag === SEQUENCE_DELIMITATION && frame.undefinedLength) close();
    } else if (frame.undefinedLength) {
      close();
      // The item's own delimiter is missing.
      if (header.tag === SEQUENCE_DELIMITATION && stack.at(-1)?.undefinedLength === true) close();
    }
  };
  const item = (frame: Frame, sequence: Element): void => {
    if (header.tag !== ITEM) {
      throw invalidDicom('structure', `An item was expected at byte ${position}.`, { at: position });
    }
    const undefinedLength = header.length === UNDEFINED_LENGTH;
    const stated = undefinedLength ? frame.end : header.offset + header.length;
    if (stated > frame.end && frame.undefinedLength) {
      throw invalidDicom('truncated', `The item at byte ${position} does not fit.`, { at: position });
    }
    // The length of the sequence is believed where the last item claims more.
    const end = Math.min(stated, frame.end);
    const dataSet = parserDataSet(bytes, frame.encoding.littleEndian);
    const element: Element = { tag: tagKey(ITEM), length: header.length, dataOffset: header.offset, dataSet };
    if (undefinedLength) element.hadUndefinedLength = true;
    sequence.items?.push(element);
    stack.push({
      sequence: undefined,
      dataSet,
      end,
      undefinedLength,
      encoding: frame.encoding,
      owner: undefinedLength ? element : undefined,
    });
    position = header.offset;
  };
  /** Returns true when reading ends here. */
  const element = (frame: Frame): boolean => {
    const { tag, length, offset } = header;
    const undefinedLength = length === UNDEFINED_LENGTH;
    const read: Element = { tag: tagKey(tag), vr: header.vr, length, dataOffset: offset };
    if (undefinedLength) read.hadUndefinedLength = true;
    const inner = itemEncoding(header, bytes, frame.encoding);
    if (
      stack.length === 1 &&
      isPixelData(tag) &&
      (!throughPixelData || !isWhole(bytes, header, frame.encoding))
    ) {
      frame.dataSet.elements[read.tag] = read;
      return true;
    }
    if (!frame.encoding.explicitVr) read.vr = decidedVr(header, stack);
    if (inner !== undefined && !isPixelData(tag) && stack.length < MAX_NESTING * 2) {
      const end = undefinedLength ? frame.end : offset + length;
      if (end > frame.end)
        throw invalidDicom('truncated', `The sequence at byte ${position} does not fit.`, { at: position });
      read.vr = 'SQ';
      read.items = [];
      frame.dataSet.elements[read.tag] = read;
      stack.push({
        sequence: read,
        dataSet: frame.dataSet,
        end,
        undefinedLength,
        encoding: inner,
        owner: undefinedLength ? read : undefined,
      });
      position = offset;
      return false;
    }
    if (inner !== undefined) read.vr = 'UN';
    let end = offset + length;
    if (undefinedLength) {
      end = skipUndefinedLength(bytes, offset, frame.end, header.vr, frame.encoding);
      read.encapsulatedPixelData = isPixelData(tag);
      read.length = end - offset;
    }
    if (end > frame.end)
      throw invalidDicom('truncated', `The element at byte ${position} does not fit. Send it again.`, {
        at: position,
      });
    frame.dataSet.elements[read.tag] = read;
    position = end;
    return false;
  };

  for (;;) {
    const frame = stack.at(-1);
    if (frame === undefined) return root;
    if (position >= frame.end && !frame.undefinedLength) {
      if (stack.length === 1) return root;
      stack.pop();
      continue;
    }
    if (
      stack.length === 1 &&
      bytes.length - position < 8 &&
      bytes.subarray(position).every((byte) => byte === 0)
    )
      return root;
    if ((count += 1) > MAX_ELEMENTS) {
      throw invalidDicom('structure', `The object has more than ${MAX_ELEMENTS} elements.`, {
        limit: MAX_ELEMENTS,
      });
    }
    try {
      readElement(bytes, position, frame.end, frame.encoding, header);
      if (header.tag === ITEM_DELIMITATION || header.tag === SEQUENCE_DELIMITATION) delimiter(frame);
      else if (frame.sequence !== undefined) item(frame, frame.sequence);
      else if (element(frame)) return root;
    } catch (error) {
      fail(error);
    }
  }
};
