import type { DataSet, Element } from 'dicom-parser';
import { characterSet, DEFAULT_CHARACTER_SET, type CharacterSet } from './character-set.ts';
import type { DicomJson, DicomJsonAttribute } from './dicom-json.ts';
import { attributeOf, dictionaryVr, tagHex } from './dictionary.ts';
import { elementValues, littleEndianBytes } from './element-values.ts';
import { isPixelData } from './is-pixel-data.ts';
import { openDataSet } from './open-data-set.ts';
import { isKnownVr, UNDEFINED_LENGTH } from './read-element.ts';

/** A value that is left out of the JSON and can be fetched with `findBulk`. */
export interface BulkPlace {
  /** `7FE00010`, or `54000100/0/54001010` inside the first item of a sequence. Safe in a URL. */
  readonly path: string;
  readonly tag: number;
  readonly vr: string;
  /** From the start of the (inflated) object to the value. */
  readonly offset: number;
  /** `undefined` when the value ends beyond the given bytes and does not say where. */
  readonly length: number | undefined;
}

export interface DicomJsonOptions {
  /** Names the resource of a bulk value; without it only Pixel Data is left out, with `vr` alone. */
  readonly bulkDataUri?: (place: BulkPlace) => string;
  /** Values longer than this many bytes become bulk data, if binary. Default 1024. */
  readonly inlineLimit?: number;
  /** Text and numbers longer than this many bytes become bulk data too. Default 65536. */
  readonly valueLimit?: number;
  /** Used when the bytes have no group 2. */
  readonly TransferSyntaxUID?: string;
}

interface Context {
  readonly bytes: Buffer;
  readonly options: DicomJsonOptions;
  readonly inlineLimit: number;
  readonly valueLimit: number;
}

/** What a data set hands down to the items of its sequences. */
interface Scope {
  readonly set: CharacterSet;
  readonly littleEndian: boolean;
  /** Pixel Representation (0028,0103) is 1. */
  readonly signed: boolean;
}

const SHORT_UN = 0xffff;

/** UN where PS3.6 knows better: written by a system that did not (PS3.5 6.2.2). Longer values may be UN because no short VR could hold them. */
const knownVr = (element: Element, tag: number, signed: boolean): string => {
  const vr = element.vr ?? 'UN';
  if (vr === 'UN' && element.length < SHORT_UN) {
    if (signed && attributeOf(tag)?.vr === 'xs') return 'SS';
    const known = dictionaryVr(tag);
    return known === 'SQ' ? 'UN' : known;
  }
  return isKnownVr(vr) ? vr : 'UN';
};

const leaf = (
  element: Element,
  tag: number,
  path: string,
  scope: Scope,
  context: Context,
): DicomJsonAttribute => {
  const vr = knownVr(element, tag, scope.signed);
  // The value of a UN element is little endian whatever the file is.
  const little = scope.littleEndian || element.vr === 'UN';
  if (element.length === 0) return { vr };
  const { bulkDataUri } = context.options;
  const bulk = (): DicomJsonAttribute => {
    const length = element.length === UNDEFINED_LENGTH ? undefined : element.length;
    return bulkDataUri === undefined
      ? { vr }
      : { vr, BulkDataURI: bulkDataUri({ path, tag, vr, offset: element.dataOffset, length }) };
  };
  if (isPixelData(tag) || element.hadUndefinedLength === true) return bulk();
  if (bulkDataUri !== undefined && element.length > context.valueLimit) return bulk();
  const bytes = context.bytes.subarray(element.dataOffset, element.dataOffset + element.length);
  const values = elementValues(bytes, vr, little, scope.set);
  if (values !== undefined) return values.length === 0 ? { vr } : { vr, Value: values };
  if (bulkDataUri !== undefined && element.length > context.inlineLimit) return bulk();
  const binaryVr = vr.startsWith('O') ? vr : 'UN';
  return { vr: binaryVr, InlineBinary: littleEndianBytes(bytes, binaryVr, little).toString('base64') };
};

const charactersOf = (dataSet: DataSet, inherited: CharacterSet, bytes: Buffer): CharacterSet => {
  const element = dataSet.elements['x00080005'];
  if (element === undefined) return inherited;
  return characterSet(
    bytes.toString('latin1', element.dataOffset, element.dataOffset + element.length).replaceAll('\0', ''),
  );
};

const convert = (dataSet: DataSet, prefix: string, inherited: Scope, context: Context): DicomJson => {
  const representation = dataSet.elements['x00280103'];
  const scope: Scope = {
    set: charactersOf(dataSet, inherited.set, context.bytes),
    littleEndian: inherited.littleEndian,
    signed: representation?.length === 2 ? dataSet.uint16('x00280103') === 1 : inherited.signed,
  };
  const json: DicomJson = {};
  for (const element of Object.values(dataSet.elements)) {
    const tag = Number.parseInt(element.tag.slice(1), 16);
    const group = tag >>> 16;
    // File Meta Information is no part of the data set, and group lengths are none of the JSON model.
    if (group === 0x0000 || group === 0x0002 || (tag & 0xffff) === 0 || group === 0xfffe) continue;
    const key = tagHex(tag);
    const path = `${prefix}${key}`;
    if (element.items === undefined) {
      json[key] = leaf(element, tag, path, scope, context);
    } else {
      // The items of a UN sequence are little endian in a big endian file.
      const littleEndian =
        scope.littleEndian || element.items[0]?.dataSet?.byteArrayParser !== dataSet.byteArrayParser;
      const within = { ...scope, littleEndian };
      const items = element.items.map(({ dataSet: item }, index) =>
        item === undefined ? {} : convert(item, `${path}/${index}/`, within, context),
      );
      json[key] = items.length === 0 ? { vr: 'SQ' } : { vr: 'SQ', Value: items };
    }
  }
  // JSON is Unicode: what the text was encoded in no longer holds (PS3.18 F.2.1).
  const declared = json['00080005'];
  if (declared?.Value !== undefined) declared.Value = ['ISO_IR 192'];
  return json;
};

/**
 * The data set as DICOM JSON (PS3.18 annex F). `bytes` is the object or its start, cut no earlier than behind the header of Pixel Data.
 * VRs are those of the file, for implicit files those of PS3.6; private elements stay, UN when nothing is known of them.
 * @throws AppError `invalid`: `truncated` (give more bytes), `structure`, `not-dicom`, `transfer-syntax`, `inflate…`.
 */
export const toDicomJson = (bytes: Buffer, options: DicomJsonOptions = {}): DicomJson => {
  const opened = openDataSet(bytes, options.TransferSyntaxUID);
  const scope: Scope = {
    set: DEFAULT_CHARACTER_SET,
    littleEndian: opened.encoding.littleEndian,
    signed: false,
  };
  return convert(opened.dataSet, '', scope, {
    bytes: opened.bytes,
    options,
    inlineLimit: options.inlineLimit ?? 1024,
    valueLimit: options.valueLimit ?? 65536,
  });
};
