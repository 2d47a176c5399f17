import { createHash } from 'node:crypto';
import {
  type ImageView,
  type IngestSource,
  type PictureAdjustment,
  type TreatmentEvent,
} from '@archwire/contracts';
import { buildRecordObject, recordFileKind, type RecordStudy, uidOf } from '@archwire/dicom';
import { failedResult, type FileResult } from '../import/store-object.ts';
import type { Ingest } from '../ingest/ingest.ts';

/** What a person said of a file of a record; nothing of a file that came by itself. */
export interface ShownByFile {
  readonly view: ImageView;
  readonly teeth: readonly string[];
  readonly adjustment?: PictureAdjustment | null | undefined;
}

export interface RecordFile {
  readonly bytes: Buffer;
  /** As its medium calls it; only a broken STL is known by it. */
  readonly name: string;
  readonly shows: ShownByFile | null;
  readonly event: TreatmentEvent | null;
}

const HEAD = 4096;

/**
 * Makes a photograph, 3D model or PDF an object of a study and gives it to the archive. The same file for the same view of
 * the same study is a duplicate. @throws whatever may pass by itself.
 */
export const storeRecordFile = async (
  deps: {
    readonly ingest: Ingest;
    /** Whether an instance is in the index. */
    readonly isKnown: (sopInstanceUid: string) => Promise<boolean>;
  },
  source: IngestSource,
  study: RecordStudy,
  file: RecordFile,
): Promise<FileResult> => {
  const kind = recordFileKind(file.bytes.subarray(0, HEAD), file.bytes.length, file.name);
  if (kind === undefined) return { outcome: 'refused', reason: 'record-kind', sopInstanceUid: null };
  const isScan = kind === 'stl' || kind === 'obj' || kind === 'ply' || kind === 'mtl';
  const shows = file.shows ?? { view: isScan ? 'scan' : 'photo', teeth: [] };
  const SOPInstanceUID = uidOf(
    'record-object',
    source.tenantId,
    study.StudyInstanceUID,
    createHash('sha256').update(file.bytes).digest('hex'),
    shows.view,
    ...shows.teeth,
  );
  if (await deps.isKnown(SOPInstanceUID))
    return { outcome: 'duplicate', reason: null, sopInstanceUid: SOPInstanceUID };
  let pieces: readonly Buffer[];
  try {
    pieces = await buildRecordObject(kind, file.bytes, {
      SOPInstanceUID,
      study,
      view: shows.view,
      teeth: shows.teeth,
      isMirrored: shows.adjustment?.flip === true,
      event: file.event,
    });
  } catch (error) {
    return failedResult(error);
  }
  const sink = deps.ingest.beginPart10({ ...source, issuer: study.IssuerOfPatientID || source.issuer });
  for (const piece of pieces) if (!sink.write(piece)) await sink.drained();
  const { indexed } = await sink.finish();
  return { outcome: await indexed, reason: null, sopInstanceUid: SOPInstanceUID };
};
