export { assertDecodable, MAX_FRAME_BYTES } from './assert-decodable.ts';
export type { Annotation } from './annotate-picture.ts';
export type { DecodedFrame } from './decode-frame.ts';
export type { DerivedImages } from './derive-images.ts';
export { describePixels } from './describe-pixels.ts';
export type { EncodedPicture, RenderedMediaType } from './encode-picture.ts';
export type { FrameHead } from './frame-head.ts';
export { frameSource, type ByteRange, type FrameSource } from './frame-source.ts';
export type { PixelDescription, Window } from './pixel-description.ts';
export { createPixelPool, type PixelPool } from './pixel-pool.ts';
export { pixelCoding, type PixelCoding } from './pixel-transfer-syntax.ts';
export type { Placeholder, PlaceholderReason } from './placeholder.ts';
export {
  applyPresentation,
  PRESENTATION_STATES,
  presentedImages,
  type PresentedImage,
} from './presentation-state.ts';
export type { RenderOptions } from './render-frame.ts';
export { representativeFrame } from './representative-frame.ts';
export { storedBuffer, type StoredBytes } from './stored-bytes.ts';
