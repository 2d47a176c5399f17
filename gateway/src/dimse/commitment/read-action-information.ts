import type { CommitmentReference } from '@archwire/archive';
import { AppError, isUidLenient } from '@archwire/contracts';
import { readIdentifier, type DicomJson, type DicomJsonValue } from '@archwire/dicom';

export interface ActionInformation {
  readonly transactionUid: string;
  readonly references: readonly CommitmentReference[];
}

const TRANSACTION_UID = '00081195';
const REFERENCED_SOP_SEQUENCE = '00081199';
const REFERENCED_SOP_CLASS_UID = '00081150';
const REFERENCED_SOP_INSTANCE_UID = '00081155';

const invalid = (message: string): AppError => new AppError('invalid', message);

const uidOf = (dataSet: DicomJson, tag: string, name: string): string => {
  const value = dataSet[tag]?.Value?.[0];
  if (typeof value === 'string' && isUidLenient(value)) return value;
  throw invalid(`${name} is missing or no UID.`);
};

const isItem = (value: DicomJsonValue): value is DicomJson => typeof value === 'object' && value !== null;

/**
 * Reads what a request for storage commitment names (PS3.4 table J.3-1).
 * @throws AppError `invalid` with a message that fits into Error Comment.
 */
export const readActionInformation = (bytes: Buffer, transferSyntax: string): ActionInformation => {
  const { dataSet } = readIdentifier(bytes, transferSyntax);
  const items = dataSet[REFERENCED_SOP_SEQUENCE]?.Value?.filter(isItem) ?? [];
  if (items.length === 0) throw invalid('Referenced SOP Sequence is missing or empty.');
  return {
    transactionUid: uidOf(dataSet, TRANSACTION_UID, 'Transaction UID'),
    references: items.map((item) => ({
      SOPClassUID: uidOf(item, REFERENCED_SOP_CLASS_UID, 'Referenced SOP Class UID'),
      SOPInstanceUID: uidOf(item, REFERENCED_SOP_INSTANCE_UID, 'Referenced SOP Instance UID'),
    })),
  };
};
