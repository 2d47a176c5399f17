export { decodeHtj2k } from './decode-htj2k.ts';
export { encodeHtj2k } from './encode-htj2k.ts';
export { isEncodable, type Htj2kGeometry } from './htj2k-geometry.ts';
export { LEFT_ALONE, type LeftAlone } from './left-alone.ts';
export { planRecompression, type RecompressionPlan } from './plan-recompression.ts';
export { recompressBytes, type RecompressedEntry } from './recompress-bytes.ts';
export { frameItem, HTJ2K_LOSSLESS_RPCL, recompressInstance } from './recompress-instance.ts';
export {
  openRecompressed,
  restoredBytes,
  type DecodeFrame,
  type RecompressedObject,
  type RestoredBytes,
} from './restored-bytes.ts';
export { verifyHtj2k } from './verify-htj2k.ts';
