import { pixelCoding } from '../pixel/pixel-transfer-syntax.ts';
import { transferSyntax } from '../transfer-syntax.ts';

const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';
const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

/** What `transcodeDataSet` writes, the better one first. */
export const TRANSCODE_TARGETS = [EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN] as const;
export type TranscodeTarget = (typeof TRANSCODE_TARGETS)[number];

/**
 * Whether objects of a transfer syntax can be turned into an uncompressed one. A single object may still refuse: its frames
 * are damaged, or of a kind that nothing here decodes.
 */
export const canTranscode = (from: string): boolean => {
  const syntax = transferSyntax(from);
  return syntax !== undefined && pixelCoding(from) !== undefined;
};
