import type { ImageView, TreatmentEvent } from '@archwire/contracts';
import { buildDocument, type DocumentKind } from './encapsulate/build-document.ts';
import { readObj } from './encapsulate/read-obj.ts';
import { readPly } from './encapsulate/read-ply.ts';
import { isBinaryStl, readStl } from './encapsulate/read-stl.ts';
import { MESH_LIMITS } from './encapsulate/triangles.ts';
import { writeStl } from './encapsulate/write-stl.ts';
import { buildPhotograph } from './photograph/build-photograph.ts';
import { readPhotograph } from './photograph/read-photograph.ts';
import type { RecordFileKind } from './record-file-kind.ts';
import { recordFileProblem } from './record-file-problem.ts';
import type { RecordStudy } from './record-modules.ts';

/** What a person said of a file when it was brought in. */
export interface RecordFileInfo {
  readonly SOPInstanceUID: string;
  readonly study: RecordStudy;
  readonly view: ImageView;
  /** ISO 3950 numbers. */
  readonly teeth: readonly string[];
  readonly isMirrored: boolean;
  readonly event: TreatmentEvent | null;
}

const TITLES: Readonly<Partial<Record<ImageView, string>>> = {
  'scan-upper': 'Maxillary arch',
  'scan-lower': 'Mandibular arch',
};

const assertPdf = (file: Buffer): void => {
  if (file.length > MESH_LIMITS.bytes) throw recordFileProblem('pdf-damaged');
  if (!/%PDF-[12]\.\d/.test(file.toString('latin1', 0, 1024))) throw recordFileProblem('pdf-damaged');
  // Writers may add a little behind the end.
  if (!file.subarray(-2048).includes('%%EOF')) throw recordFileProblem('pdf-damaged');
};

/** The bytes that go into the object, proven to be what they say. */
const readDocument = async (
  kind: 'stl' | 'obj' | 'mtl' | 'ply' | 'pdf',
  file: Buffer,
): Promise<{
  readonly kind: DocumentKind;
  readonly bytes: Buffer;
  readonly from: 'ply' | 'stl-text' | null;
}> => {
  if (kind === 'ply') return { kind: 'stl', bytes: writeStl(await readPly(file)), from: 'ply' };
  if (kind === 'stl') {
    const triangles = await readStl(file);
    return isBinaryStl(file, file.length)
      ? { kind, bytes: file, from: null }
      : { kind, bytes: writeStl(triangles), from: 'stl-text' };
  }
  if (kind === 'obj') await readObj(file);
  if (kind === 'pdf') assertPdf(file);
  return { kind, bytes: file, from: null };
};

/**
 * A photograph, 3D model or PDF as a DICOM object (Part 10), in pieces; the same file for the same place is the same object.
 * @throws AppError `invalid` with `details.reason` of `RecordFileReason`: what it says is what a person can do.
 */
export const buildRecordObject = async (
  kind: RecordFileKind,
  file: Buffer,
  info: RecordFileInfo,
): Promise<readonly Buffer[]> => {
  if (kind === 'heic') throw recordFileProblem('heic');
  if (kind === 'jpeg' || kind === 'png' || kind === 'tiff')
    return buildPhotograph(await readPhotograph(file, kind), info);
  const { SOPInstanceUID, study, view } = info;
  const { kind: written, bytes, from } = await readDocument(kind, file);
  const shown = written === 'pdf' ? 'document' : view;
  return buildDocument(written, bytes, {
    SOPInstanceUID,
    study,
    view: shown,
    title: TITLES[shown] ?? (written === 'pdf' ? 'Document' : '3D model'),
    convertedFrom: from,
  });
};
