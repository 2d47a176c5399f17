export type { FrameHead } from './frame-head.ts';
export { frameSource, type ByteRange, type FrameSource } from './frame-source.ts';
export { pixelCoding, type PixelCoding } from './pixel-transfer-syntax.ts';
export { storedBuffer, type StoredBytes } from './stored-bytes.ts';
