/** Why a file of an import is not simply stored, in words for a person. They hold nothing of the file. */
export const IMPORT_REASONS = {
  'not-dicom': 'Not an image, skipped.',
  empty: 'The file is empty, skipped.',
  truncated: 'The file ends before the image does. Copy it again from the disc or the device.',
  'missing-attribute':
    'The file does not say which study, series or image it is. Export it again from its program.',
  'bad-uid': 'The file names its study, series or image in a way that is not allowed. Export it again.',
  'transfer-syntax': 'How the file is written cannot be told. Export it again.',
  structure: 'The file is damaged inside. Copy it again from the disc or the device.',
  inflate: 'The compressed part of the file is damaged. Copy it again from the disc or the device.',
  'inflate-limit': 'The compressed part of the file grows beyond what is read. Export it uncompressed.',
  'too-large': 'The file is larger than what is taken. Ask the administrator.',
  'zip-damaged': 'The ZIP archive is damaged or not whole. Copy or download it again.',
  'zip-crc': 'The checksum of this file inside the ZIP is wrong. Copy or download the ZIP again.',
  'zip-encrypted': 'The file is protected by a password. Unpack the ZIP first, then import the folder.',
  'zip-compression':
    'The ZIP uses a compression that is not read here. Unpack it first, then import the folder.',
  'zip-bomb': 'The ZIP would grow far beyond any set of images. It was not opened.',
  'zip-entry-bomb': 'This file would grow far beyond any image. It was not unpacked.',
  'zip-entries': 'The ZIP holds more files than are read at once. Split it.',
  'zip-nesting': 'A ZIP inside a ZIP inside a ZIP is not opened. Unpack it first.',
  'unsafe-path': 'The name of this file points outside of its folder. It was not read.',
  'symbolic-link': 'This is a link to another file, not a file. It was not read.',
  'duplicate-name': 'A file of the same name came before in this ZIP. Only the first was read.',
  'directory-damaged': 'The DICOMDIR of this disc cannot be read. All files were looked at all the same.',
  'directory-missing':
    'The DICOMDIR of this disc names this file, but it did not come. Bring the whole disc.',
  'directory-read': 'The list of contents of a disc. The files it names were looked for.',
  'not-sent': 'This file was named but never arrived. Choose it again.',
  'storage-full': 'The storage is full. Free space, then try again.',
  'photo-damaged': 'The photograph is damaged or not whole. Copy it again from the camera.',
  'photo-too-large': 'The photograph is larger than what can be shown. Save it smaller.',
  'photo-pages': 'The TIFF holds several pictures. Save each in a file of its own.',
  heic: 'HEIC photographs are not read here. Set the camera to “Most Compatible”, or save the picture as JPEG.',
  'mesh-damaged': 'The 3D model is damaged inside. Export it again from the scanner.',
  'mesh-empty': 'The 3D model has no surface. Export it again from the scanner.',
  'mesh-too-large': 'The 3D model is larger than what is taken. Export it with fewer triangles.',
  'pdf-damaged': 'The PDF is damaged or not whole. Save it again.',
  'record-kind': 'This is no photograph, 3D model or PDF. Bring DICOM files and discs in by Import.',
  'record-moved':
    'The study belongs to another patient by now. Open the patient again and choose another visit.',
  'patient-merged': 'This patient was merged into another one. Open that one and add the files there.',
  unavailable: 'The server could not open this for now. Try again.',
} as const;
export type ImportReason = keyof typeof IMPORT_REASONS;

export const isImportReason = (text: unknown): text is ImportReason =>
  typeof text === 'string' && Object.hasOwn(IMPORT_REASONS, text);

/** The words of a code as it stands in the database; `null` for none and for codes of another version. */
export const importMessage = (reason: string | null): string | null =>
  isImportReason(reason) ? IMPORT_REASONS[reason] : null;
