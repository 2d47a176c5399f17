import { AppError } from '@archwire/contracts/app-error';
import { inspectCodestream } from '../pixel/inspect-codestream.ts';
import type { Htj2kGeometry } from './htj2k-geometry.ts';
import { withOpenJph } from './open-jph.ts';

/**
 * The samples of a code stream of `encodeHtj2k`, bit for bit what it was given. Works in the calling thread.
 * @throws AppError `invalid` when the stream is damaged, cut short, or of another geometry.
 */
export const decodeHtj2k = async (codestream: Buffer, geometry: Htj2kGeometry): Promise<Buffer> => {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, signed } = geometry;
  const stream = inspectCodestream(codestream, 'htj2k');
  const isSame =
    stream.rows === rows &&
    stream.columns === columns &&
    stream.components === samplesPerPixel &&
    stream.precision === bitsStored &&
    stream.signed === signed;
  if (!isSame) throw new AppError('invalid', 'The code stream is of another image than its record says.');
  const decoded = await withOpenJph(({ HTJ2KDecoder }) => {
    const decoder = new HTJ2KDecoder();
    try {
      decoder.getEncodedBuffer(codestream.length).set(codestream);
      decoder.decode();
      return Buffer.from(decoder.getDecodedBuffer());
    } finally {
      decoder.delete();
    }
  }).catch((cause: unknown) => {
    throw new AppError('invalid', 'The code stream is damaged: its decoder refuses it.', { cause });
  });
  const samples = rows * columns * samplesPerPixel;
  // Samples of up to 8 bits come as bytes, whatever was allocated for them.
  const bytes = bitsStored <= 8 ? 1 : 2;
  if (decoded.length !== samples * bytes)
    throw new AppError('invalid', 'The code stream is damaged: it decodes to another size.');
  if (bitsAllocated === 8 || bytes === 2) return decoded;
  const wide = Buffer.alloc(samples * 2);
  for (let at = 0; at < samples; at++) wide[at * 2] = decoded[at] ?? 0;
  return wide;
};
