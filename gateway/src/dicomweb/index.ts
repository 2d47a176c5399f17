export { createDicomwebRouter, type DicomwebDeps } from './create-dicomweb-router.ts';
