export { createDicomwebRouter, type DicomwebDeps } from './create-dicomweb-router.ts';
export { createDicomwebMetadata } from './dicomweb-metadata.ts';
