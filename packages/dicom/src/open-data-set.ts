import type { DataSet } from 'dicom-parser';
import { inflateDataSet } from './inflate-data-set.ts';
import { readDataSet } from './read-data-set.ts';
import type { Encoding } from './read-element.ts';
import { readPart10, type Part10 } from './read-part10.ts';

export interface OpenDataSet {
  readonly part10: Part10;
  readonly dataSet: DataSet;
  readonly encoding: Encoding;
  /** What all offsets refer to: the given bytes or their inflated form. */
  readonly bytes: Buffer;
}

/**
 * Reads a whole object: all elements, sequences, what follows Pixel Data if its value is whole. Values are not decoded.
 * @throws AppError `invalid` as `readPart10`, `inflateDataSet` and `readDataSet`.
 */
export const openDataSet = (bytes: Buffer, givenTransferSyntaxUID?: string): OpenDataSet => {
  const part10 = readPart10(bytes, givenTransferSyntaxUID);
  const { dataSetOffset, deflated, encoding } = part10;
  const readable = deflated ? inflateDataSet(bytes, dataSetOffset) : bytes;
  return { part10, dataSet: readDataSet(readable, dataSetOffset, encoding, true), encoding, bytes: readable };
};
