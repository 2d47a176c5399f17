import { readIdentifier, type DicomJson } from '@archwire/dicom';
import type { CommitmentResult } from '@archwire/archive';
import { AppError } from '@archwire/contracts';

const textOf = (dataSet: DicomJson, tag: string): string => {
  const value = dataSet[tag]?.Value?.[0];
  return typeof value === 'string' ? value : '';
};

const isItem = (value: unknown): value is DicomJson => typeof value === 'object' && value !== null;
const itemsOf = (dataSet: DicomJson, tag: string): readonly DicomJson[] =>
  (dataSet[tag]?.Value ?? []).filter(isItem);

const PROCESSING_FAILURE = 0x0110;

/**
 * Event Information of a storage commitment N-EVENT-REPORT (PS3.4 table J.3-2).
 * @throws AppError `invalid` when it names no transaction.
 */
export const readCommitmentResult = (bytes: Buffer, transferSyntaxUid: string): CommitmentResult => {
  const { dataSet } = readIdentifier(bytes, transferSyntaxUid);
  const TransactionUID = textOf(dataSet, '00081195');
  if (TransactionUID === '') throw new AppError('invalid', 'The report names no Transaction UID.');
  return {
    TransactionUID,
    committed: itemsOf(dataSet, '00081199').map((item) => textOf(item, '00081155')),
    failed: new Map(
      itemsOf(dataSet, '00081198').map((item) => {
        const reason = item['00081197']?.Value?.[0];
        return [textOf(item, '00081155'), typeof reason === 'number' ? reason : PROCESSING_FAILURE];
      }),
    ),
  };
};
