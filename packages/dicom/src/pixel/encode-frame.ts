import { AppError } from '@archwire/contracts/app-error';
import { encodeHtj2k, isEncodable, verifyHtj2k } from '../recompress/index.ts';
import { decodeFrame } from './decode-frame.ts';
import type { PixelDescription } from './pixel-description.ts';
import { reduceFrame } from './reduce-frame.ts';

/**
 * One frame as a lossless HTJ2K code stream (RPCL), proven by decoding it again. With `levels`, of the frame at `1 / 2^levels`
 * of its width and height: what its lowest resolutions show, in a fraction of the bytes.
 * @throws AppError as `decodeFrame`; `unsupported` for samples that the encoder does not take.
 */
export async function encodeFrame(
  description: PixelDescription,
  bytes: Buffer,
  levels: number,
): Promise<Uint8Array> {
  const decoded = await decodeFrame(description, bytes);
  const gray = decoded.samplesPerPixel === 1 && decoded.bitsAllocated <= 16;
  if (!gray && levels > 0)
    throw new AppError('unsupported', 'Lower resolutions are made of gray images of up to 16 bits only.');
  const frame = gray ? reduceFrame(decoded, levels) : decoded;
  if (!isEncodable(frame))
    throw new AppError('unsupported', 'The encoder of HTJ2K does not take samples of this kind.');
  const { buffer, byteOffset, byteLength } = frame.samples;
  const samples = new Uint8Array(buffer, byteOffset, byteLength);
  const stream = await encodeHtj2k(samples, frame);
  if (!(await verifyHtj2k(stream, samples, frame)))
    throw new AppError('internal', 'The code stream does not decode to the image. Ask for the stored frame.');
  return stream;
}
