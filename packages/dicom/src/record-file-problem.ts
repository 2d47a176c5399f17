import { AppError } from '@archwire/contracts/app-error';

/** Why a file that was brought as a photograph, scan or document does not become one. */
export type RecordFileReason =
  | 'photo-damaged'
  | 'photo-too-large'
  | 'photo-pages'
  | 'heic'
  | 'mesh-damaged'
  | 'mesh-empty'
  | 'mesh-too-large'
  | 'pdf-damaged'
  | 'record-kind';

const MESSAGES: Readonly<Record<RecordFileReason, string>> = {
  'photo-damaged': 'The photograph is damaged or not whole. Copy it again from the camera.',
  'photo-too-large': 'The photograph is larger than what can be shown. Save it smaller.',
  'photo-pages': 'The TIFF holds several pictures. Save each in a file of its own.',
  heic: 'HEIC photographs are not read here. Set the camera to “Most Compatible”, or save the picture as JPEG.',
  'mesh-damaged': 'The 3D model is damaged inside. Export it again from the scanner.',
  'mesh-empty': 'The 3D model has no surface. Export it again from the scanner.',
  'mesh-too-large': 'The 3D model is larger than what is taken. Export it with fewer triangles.',
  'pdf-damaged': 'The PDF is damaged or not whole. Save it again.',
  'record-kind': 'This is no photograph, 3D model or PDF. Bring DICOM files and discs in by Import.',
};

/** A file that cannot become an object of the record, whatever one tries. Its words hold nothing of the file. */
export const recordFileProblem = (reason: RecordFileReason, cause?: unknown): AppError =>
  new AppError('invalid', MESSAGES[reason], {
    details: { reason },
    ...(cause === undefined ? {} : { cause }),
  });
