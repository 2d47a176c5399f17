export { canTranscode, TRANSCODE_TARGETS, type TranscodeTarget } from './can-transcode.ts';
export { transcodeDataSet } from './transcode-data-set.ts';
