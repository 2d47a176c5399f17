import { AppError } from '@archwire/contracts/app-error';
import type { PixelDescription } from './pixel-description.ts';
import { pixelCoding, type PixelCoding } from './pixel-transfer-syntax.ts';

/** Bytes of one frame, coded or decoded, beyond which it is not decoded: a thumbnail must not take the server's memory. */
export const MAX_FRAME_BYTES = 192 * 1024 * 1024;

/**
 * Says no before any byte of the frame is read.
 * @throws AppError `unsupported` (JPEG XL, video, odd layouts) or `too-large`.
 */
export function assertDecodable(description: PixelDescription): PixelCoding {
  const { rows, columns, samplesPerPixel, bitsAllocated, transferSyntaxUid } = description;
  if (samplesPerPixel !== 1 && samplesPerPixel !== 3) {
    throw new AppError('unsupported', `Images with ${samplesPerPixel} samples per pixel cannot be shown.`);
  }
  const widths = description.floating ? [32, 64] : [1, 8, 16, 32];
  if (!widths.includes(bitsAllocated)) {
    throw new AppError('unsupported', `Images with ${bitsAllocated} bits allocated cannot be shown.`);
  }
  if (rows * columns * samplesPerPixel * Math.ceil(bitsAllocated / 8) > MAX_FRAME_BYTES) {
    throw new AppError('too-large', 'The frame is too large to be shown here.', {
      details: { rows, columns },
    });
  }
  const coding = pixelCoding(transferSyntaxUid);
  if (coding === undefined) {
    throw new AppError('unsupported', 'This transfer syntax cannot be decoded.', {
      details: { TransferSyntaxUID: transferSyntaxUid },
    });
  }
  if (description.floating && !['native', 'deflated', 'big-endian'].includes(coding)) {
    throw new AppError('unsupported', 'Compressed floating-point images cannot be decoded.');
  }
  return coding;
}

/** @throws AppError `too-large`. */
export function assertFrameFits(bytes: number): void {
  if (bytes > MAX_FRAME_BYTES) {
    throw new AppError('too-large', 'The frame is too large to be held in memory.', { details: { bytes } });
  }
}
