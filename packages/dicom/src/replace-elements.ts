import type { Element } from 'dicom-parser';
import { AppError } from '@archwire/contracts';
import type { DicomJson, DicomJsonAttribute } from './dicom-json.ts';
import { isPixelData } from './is-pixel-data.ts';
import { openDataSet } from './open-data-set.ts';
import { isLongVr, UNDEFINED_LENGTH, type Encoding } from './read-element.ts';
import { toDicomJson } from './to-dicom-json.ts';
import { writeDataSet } from './write-data-set.ts';

/** The start of an object with some elements replaced. */
export interface ReplacedHead {
  /** Preamble, group 2 and the data set up to Pixel Data. */
  readonly head: Buffer;
  /** Where the bytes that follow it begin in the object: the header of Pixel Data, or the end. */
  readonly rest: number;
}

const UTF_8 = 'ISO_IR 192';

interface Piece {
  readonly tag: string;
  readonly bytes: Buffer;
}

const tagOfElement = ({ tag }: Element): string => tag.slice(1).toUpperCase();

/** Any syntax that is written as the object really is, whatever its group 2 says. */
const syntaxOf = ({ explicitVr, littleEndian }: Encoding): string => {
  if (!explicitVr) return '1.2.840.10008.1.2';
  return littleEndian ? '1.2.840.10008.1.2.1' : '1.2.840.10008.1.2.2';
};

/** Each top-level element with its header, and where Pixel Data or the end of the object stands. */
const cut = (
  bytes: Buffer,
  elements: readonly Element[],
  from: number,
  { explicitVr }: Encoding,
): { readonly pieces: readonly Piece[]; readonly rest: number } => {
  const starts = elements.map((element, at) => {
    const before = elements[at - 1];
    if (before === undefined) return from;
    const isMeasured = before.hadUndefinedLength !== true && before.length !== UNDEFINED_LENGTH;
    if (isMeasured) return before.dataOffset + before.length;
    return element.dataOffset - (explicitVr && isLongVr(element.vr ?? 'UN') ? 12 : 8);
  });
  const pixels = elements.findIndex((element) => isPixelData(Number.parseInt(element.tag.slice(1), 16)));
  const rest = pixels === -1 ? bytes.length : (starts[pixels] ?? bytes.length);
  const before = pixels === -1 ? elements : elements.slice(0, pixels);
  const pieces = before.map((element, at) => ({
    tag: tagOfElement(element),
    bytes: bytes.subarray(starts[at], at + 1 < before.length ? starts[at + 1] : rest),
  }));
  return { pieces, rest };
};

/** `undefined` when the character set of the object lacks a letter. */
const written = (
  tag: string,
  attribute: DicomJsonAttribute,
  syntax: string,
  characterSet: string,
): Piece | undefined => {
  const bytes = writeDataSet({ [tag]: attribute }, syntax, characterSet);
  const begins = (set: string): number => {
    const declaration = writeDataSet({}, syntax, set);
    return bytes.subarray(0, declaration.length).equals(declaration) ? declaration.length : -1;
  };
  if (characterSet !== UTF_8 && begins(UTF_8) > 0) return undefined;
  return { tag, bytes: bytes.subarray(begins(characterSet)) };
};

/**
 * The start of a Part 10 object with top-level elements replaced, added or (`undefined`) taken out; every other byte stays
 * as it is, unless the object's character set lacks a letter of what is put in: then its texts are written in UTF-8.
 * `bytes` is the object or its start, cut no earlier than behind the header of Pixel Data.
 * @throws AppError `unsupported` for a deflated object, `invalid` as `toDicomJson`.
 */
export const replaceElements = (
  bytes: Buffer,
  changes: ReadonlyMap<string, DicomJsonAttribute | undefined>,
): ReplacedHead => {
  const { part10, dataSet, encoding } = openDataSet(bytes);
  if (part10.deflated)
    throw new AppError('unsupported', 'A deflated object is given only as it was received. Ask for that.');
  const elements = Object.values(dataSet.elements)
    .filter(({ dataOffset }) => dataOffset > part10.dataSetOffset)
    .toSorted((a, b) => a.dataOffset - b.dataOffset);
  const { pieces, rest } = cut(bytes, elements, part10.dataSetOffset, encoding);
  const meta = bytes.subarray(0, part10.dataSetOffset);
  const syntax = syntaxOf(encoding);
  const characterSet = (dataSet.string('x00080005') ?? '').trim();
  const added = [...changes].flatMap(([tag, attribute]) =>
    attribute === undefined ? [] : [written(tag, attribute, syntax, characterSet)],
  );
  const known = added.filter((piece) => piece !== undefined);
  if (known.length === added.length) {
    // A group length (retired) would be wrong now.
    const groups = new Set([...changes.keys()].map((tag) => `${tag.slice(0, 4)}0000`));
    const kept = pieces.filter(({ tag }) => !changes.has(tag) && !groups.has(tag));
    const all = [...kept, ...known].toSorted((a, b) => (a.tag < b.tag ? -1 : 1));
    return { head: Buffer.concat([meta, ...all.map((piece) => piece.bytes)]), rest };
  }
  const json = toDicomJson(bytes, { inlineLimit: Infinity, valueLimit: Infinity });
  const whole: DicomJson = Object.fromEntries(
    [
      ...Object.entries(json).filter(([tag]) => !isPixelData(Number.parseInt(tag, 16)) && !changes.has(tag)),
      ...[...changes].flatMap(([tag, attribute]) =>
        attribute === undefined ? [] : [[tag, attribute] as const],
      ),
    ].filter(([tag]) => pieces.some((piece) => piece.tag === tag) || changes.has(tag)),
  );
  return { head: Buffer.concat([meta, writeDataSet(whole, syntax, UTF_8)]), rest };
};
