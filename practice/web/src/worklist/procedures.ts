/** What dental practices image, each with the modality by which equipment looks for it (PS3.3 section C.7.3.1.1.1). */
export const PROCEDURES = [
  { id: 'panoramic', modality: 'PX' },
  { id: 'ceph', modality: 'DX' },
  { id: 'cbct', modality: 'CT' },
  { id: 'intraoral', modality: 'IO' },
  { id: 'photos', modality: 'XC' },
  { id: 'scan', modality: 'OSS' },
] as const;
export type ProcedureId = (typeof PROCEDURES)[number]['id'];
