import type { Htj2kGeometry } from './htj2k-geometry.ts';

const words = (bytes: Uint8Array): Uint16Array => {
  const { buffer, byteOffset, byteLength } = bytes;
  return byteOffset % 2 === 0
    ? new Uint16Array(buffer, byteOffset, byteLength / 2)
    : new Uint16Array(new Uint8Array(bytes).buffer);
};

/** Whether no sample has anything in the bits beyond Bits Stored but its sign: overlays and rubbish lie there. */
export const fitsBitsStored = (samples: Uint8Array, geometry: Htj2kGeometry): boolean => {
  const { bitsAllocated, bitsStored, signed } = geometry;
  if (bitsStored === bitsAllocated) return true;
  const all = bitsAllocated === 8 ? samples : words(samples);
  const shift = 32 - bitsStored;
  const widen = 32 - bitsAllocated;
  // Plain loops: an iterator costs more than the encoder's first pass.
  if (signed) {
    for (let at = 0; at < all.length; at++) {
      const value = all[at] ?? 0;
      if ((value << widen) >> widen !== (value << shift) >> shift) return false;
    }
    return true;
  }
  let used = 0;
  for (let at = 0; at < all.length; at++) used |= all[at] ?? 0;
  return used >>> bitsStored === 0;
};

/** Samples by pixel from samples by colour; `width` bytes each. */
export const interleaved = (planes: Uint8Array, colours: number, width: number): Buffer => {
  const out = Buffer.alloc(planes.length);
  const pixels = planes.length / colours / width;
  for (let colour = 0; colour < colours; colour++)
    for (let pixel = 0; pixel < pixels; pixel++)
      for (let byte = 0; byte < width; byte++)
        out[(pixel * colours + colour) * width + byte] =
          planes[(colour * pixels + pixel) * width + byte] ?? 0;
  return out;
};

/** The way back of `interleaved`. */
export const separated = (samples: Uint8Array, colours: number, width: number): Buffer => {
  const out = Buffer.alloc(samples.length);
  const pixels = samples.length / colours / width;
  for (let colour = 0; colour < colours; colour++)
    for (let pixel = 0; pixel < pixels; pixel++)
      for (let byte = 0; byte < width; byte++)
        out[(colour * pixels + pixel) * width + byte] =
          samples[(pixel * colours + colour) * width + byte] ?? 0;
  return out;
};
