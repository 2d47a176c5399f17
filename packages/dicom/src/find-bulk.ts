import { AppError } from '@archwire/contracts';
import type { DataSet } from 'dicom-parser';
import { invalidDicom } from './invalid-dicom.ts';
import { openDataSet } from './open-data-set.ts';
import { UNDEFINED_LENGTH } from './read-element.ts';

/** Where the bytes of one element lie. */
export interface FoundBulk {
  readonly vr: string;
  readonly offset: number;
  /** `undefined` when the value ends beyond the given bytes and does not say where. */
  readonly length: number | undefined;
  /** What `offset` refers to; not the given bytes when the object is deflated. */
  readonly bytes: Buffer;
  readonly inflated: boolean;
  readonly littleEndian: boolean;
  /** A sequence of fragments: the Basic Offset Table item comes first. */
  readonly encapsulated: boolean;
}

const PATH = /^[0-9A-Fa-f]{8}(?:\/\d{1,6}\/[0-9A-Fa-f]{8})*$/;

const notFound = (): AppError =>
  new AppError('not-found', 'The object has no such element. Take the URI from its metadata.');

/**
 * Finds an element by the path that `toDicomJson` gave to `bulkDataUri`, items counted from 0.
 * `bytes` may be the start of an object that is not deflated: then the value may lie behind them.
 * @throws AppError `not-found` for a path that names nothing; `invalid` when the object cannot be read, `truncated` when a deflated
 * object is not given whole.
 */
export const findBulk = (bytes: Buffer, path: string, givenTransferSyntaxUID?: string): FoundBulk => {
  if (!PATH.test(path)) throw notFound();
  const opened = openDataSet(bytes, givenTransferSyntaxUID);
  const parts = path.toLowerCase().split('/');
  let dataSet: DataSet | undefined = opened.dataSet;
  for (let at = 0; at + 2 < parts.length; at += 2) {
    dataSet = dataSet.elements[`x${parts[at] ?? ''}`]?.items?.[Number(parts[at + 1])]?.dataSet;
    if (dataSet === undefined) throw notFound();
  }
  const element = dataSet.elements[`x${parts.at(-1) ?? ''}`];
  if (element === undefined) throw notFound();
  const length = element.length === UNDEFINED_LENGTH ? undefined : element.length;
  // What is missing of an inflated object cannot be read from the stored one by this offset.
  if (opened.part10.deflated && element.dataOffset + (length ?? 0) > opened.bytes.length) {
    throw invalidDicom(
      'truncated',
      'The value lies behind the given bytes of a deflated object. Give all of it.',
    );
  }
  return {
    vr: element.vr ?? 'UN',
    offset: element.dataOffset,
    length,
    bytes: opened.bytes,
    inflated: opened.part10.deflated,
    littleEndian: opened.encoding.littleEndian || element.vr === 'UN',
    encapsulated: element.hadUndefinedLength === true && element.items === undefined,
  };
};
