import { type BulkPlace, type DicomJson, toDicomJson } from '@archwire/dicom';
import { type InstanceReader, readStoredHead } from './instance-reader.ts';
import { withIdentity } from './known-identity.ts';
import type { StoredInstance } from './stored-instance.ts';

/** URI reference of a bulk value of an instance. */
export type BulkDataUri = (instance: StoredInstance, place: BulkPlace) => string;

/**
 * An instance's data set in the DICOM JSON Model without bulk values, from the head of its stored bytes (PS3.18 annex F).
 * It says whose it is as the practice knows it, and what the object says in its Original Attributes Sequence.
 * @throws AppError `invalid` when the object cannot be understood.
 */
export const instanceMetadata = async (
  reader: InstanceReader,
  instance: StoredInstance,
  bulkDataUri: BulkDataUri,
): Promise<DicomJson> => {
  const { start } = await readStoredHead(reader.stored(instance));
  const dataSet = toDicomJson(start, { bulkDataUri: (place) => bulkDataUri(instance, place) });
  return withIdentity(dataSet, instance.identity);
};

/** What the index knows of an object whose data set cannot be read, so that it is listed and not lost. */
export const identityMetadata = (instance: StoredInstance): DicomJson =>
  withIdentity(
    {
      '00080016': { vr: 'UI', Value: [instance.SOPClassUID] },
      '00080018': { vr: 'UI', Value: [instance.SOPInstanceUID] },
      '0020000D': { vr: 'UI', Value: [instance.StudyInstanceUID] },
      '0020000E': { vr: 'UI', Value: [instance.SeriesInstanceUID] },
    },
    instance.identity,
  );
