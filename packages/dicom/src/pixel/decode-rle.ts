import { AppError } from '@archwire/contracts/app-error';

/**
 * RLE Lossless (PS3.5 annex G): one PackBits segment per byte plane, most significant first. Ours rather than the codec's,
 * because a short segment must be an error and not a black stripe. Returns little-endian samples, interleaved by pixel.
 */
export function decodeRle(
  bytes: Buffer,
  pixels: number,
  samplesPerPixel: number,
  bytesPerSample: number,
): Uint8Array {
  const planes = samplesPerPixel * bytesPerSample;
  if (bytes.length < 64 || bytes.readUInt32LE(0) !== planes) {
    throw new AppError('invalid', 'The RLE frame is damaged: its segments do not match the image.');
  }
  const out = new Uint8Array(pixels * planes);
  for (let plane = 0; plane < planes; plane++) {
    const start = bytes.readUInt32LE(4 + 4 * plane);
    const next = plane + 1 < planes ? bytes.readUInt32LE(8 + 4 * plane) : bytes.length;
    const sample = Math.floor(plane / bytesPerSample);
    const byte = bytesPerSample - 1 - (plane % bytesPerSample);
    unpack(bytes.subarray(start, next), out, sample * bytesPerSample + byte, planes, pixels);
  }
  return out;
}

function unpack(segment: Buffer, out: Uint8Array, first: number, step: number, count: number): void {
  let at = 0;
  let done = 0;
  while (done < count && at < segment.length) {
    const control = segment[at++] ?? 0;
    if (control < 128) {
      const end = Math.min(at + control + 1, segment.length);
      for (; at < end && done < count; done++) out[first + done * step] = segment[at++] ?? 0;
      at = end;
    } else if (control > 128) {
      const value = segment[at++];
      if (value === undefined) break;
      for (let left = 257 - control; left > 0 && done < count; left--, done++)
        out[first + done * step] = value;
    }
  }
  if (done < count) throw new AppError('invalid', 'The RLE frame is damaged: a segment ends early.');
}
