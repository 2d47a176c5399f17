import { invalidDicom } from './invalid-dicom.ts';
import { openDataSet } from './open-data-set.ts';

/** A set with more files than this is not one that people carry. */
const MAX_RECORDS = 1_000_000;

const DIRECTORY_RECORD_SEQUENCE = 'x00041220';
const REFERENCED_FILE_ID = 'x00041500';
const RECORD_IN_USE_FLAG = 'x00041410';

/**
 * The files that a DICOMDIR names (PS3.10 section 8, PS3.3 F.3), each as the components of its Referenced File ID
 * (0004,1500), in the order of the records, once each. They are what the medium claims: whoever follows them checks them.
 * @throws AppError `invalid` when the bytes are no readable directory.
 */
export const readDirectory = (bytes: Buffer): readonly (readonly string[])[] => {
  const { dataSet } = openDataSet(bytes);
  const items = dataSet.elements[DIRECTORY_RECORD_SEQUENCE]?.items;
  if (items === undefined)
    throw invalidDicom('structure', 'The DICOMDIR has no records. Copy the disc again.');
  if (items.length > MAX_RECORDS)
    throw invalidDicom('structure', 'The DICOMDIR has too many records.', { limit: MAX_RECORDS });
  const seen = new Map<string, readonly string[]>();
  for (const { dataSet: record } of items) {
    if (record === undefined || record.uint16(RECORD_IN_USE_FLAG) === 0) continue;
    const fileId = record.string(REFERENCED_FILE_ID);
    if (fileId === undefined || fileId === '') continue;
    seen.set(
      fileId,
      fileId.split('\\').map((part) => part.trim()),
    );
  }
  return [...seen.values()];
};
