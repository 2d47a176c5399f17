import type { DicomJson } from './dicom-json.ts';
import { openDataSet } from './open-data-set.ts';
import { toDicomJson } from './to-dicom-json.ts';

/** The data set of a DIMSE message that is not an object to be kept: a query, a worklist item, an attribute list. */
export interface Identifier {
  /** Text decoded to Unicode. */
  readonly dataSet: DicomJson;
  /** Specific Character Set as the peer wrote it, empty when absent: what it can read an answer in. */
  readonly characterSet: string;
}

/** Reads a data set without group 2. @throws AppError `invalid` when the bytes are none in this transfer syntax. */
export const readIdentifier = (bytes: Buffer, TransferSyntaxUID: string): Identifier => {
  const opened = openDataSet(bytes, TransferSyntaxUID);
  const declared = opened.dataSet.elements['x00080005'];
  const characterSet =
    declared === undefined
      ? ''
      : opened.bytes
          .toString('latin1', declared.dataOffset, declared.dataOffset + declared.length)
          .replace(/[\0 ]+$/, '');
  return { dataSet: toDicomJson(bytes, { TransferSyntaxUID }), characterSet };
};
