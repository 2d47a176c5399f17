/**
 * What a peer may ask this server for over DICOM, beside C-ECHO, which every admitted peer may: C-STORE, C-FIND, C-MOVE and
 * C-GET, modality worklist, modality performed procedure step, storage commitment.
 */
export const DICOM_SERVICES = ['store', 'query', 'retrieve', 'worklist', 'mpps', 'commitment'] as const;
export type DicomService = (typeof DICOM_SERVICES)[number];

/** For a word that comes from a database or a wire. */
export const isDicomService = (text: string): text is DicomService =>
  DICOM_SERVICES.some((service) => service === text);
