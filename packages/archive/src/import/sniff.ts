import { readPart10 } from '@archwire/dicom';

/** The first bytes decide; names and extensions say nothing that can be relied on. */
export type FileKind = 'part10' | 'without-preamble' | 'data-set' | 'directory' | 'zip' | 'other';

/** Enough for preamble, group 2 and the beginning of a data set. */
export const SNIFF_BYTES = 4096;

const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';
/** Local file header, end of an empty archive (PKWARE APPNOTE 4.3). */
const ZIP_SIGNATURES = [0x04034b50, 0x06054b50];

const hasPrefix = (head: Buffer): boolean =>
  head.length >= 132 && head.toString('latin1', 128, 132) === 'DICM';

/** What a file seems to be by its first `SNIFF_BYTES`; whether it really is turns out when it is read. */
export const sniff = (head: Buffer): FileKind => {
  if (head.length >= 4 && ZIP_SIGNATURES.includes(head.readUInt32LE(0))) return 'zip';
  const prefix = hasPrefix(head);
  try {
    const { metaOffset, dataSetOffset, MediaStorageSOPClassUID } = readPart10(head);
    if (MediaStorageSOPClassUID === MEDIA_STORAGE_DIRECTORY) return 'directory';
    if (prefix) return 'part10';
    return dataSetOffset > metaOffset ? 'without-preamble' : 'data-set';
  } catch {
    return prefix ? 'part10' : 'other';
  }
};
