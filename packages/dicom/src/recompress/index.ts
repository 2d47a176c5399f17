export { decodeHtj2k } from './decode-htj2k.ts';
export { encodeHtj2k } from './encode-htj2k.ts';
export { isEncodable, type Htj2kGeometry } from './htj2k-geometry.ts';
export { verifyHtj2k } from './verify-htj2k.ts';
