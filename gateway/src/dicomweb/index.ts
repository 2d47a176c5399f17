export { createDicomwebRouter, type DicomwebDeps } from './create-dicomweb-router.ts';
export { createDicomwebMetadata } from './dicomweb-metadata.ts';
export { openReadAudit } from './open-read-audit.ts';
export type { ReadAudit } from './read-audit.ts';
