import type { Htj2kGeometry } from './htj2k-geometry.ts';
import { withOpenJph } from './open-jph.ts';

const RPCL = 2;
/** The lowest resolution fits this side: what a list of pictures shows. */
const SMALLEST_SIDE = 64;

/**
 * Resolutions below the full one, so that the lowest fits 64 × 64. At least one: without any, this build of OpenJPH decodes the
 * lowest value of the range as its middle.
 */
export const decompositionLevels = (rows: number, columns: number): number =>
  Math.max(1, Math.ceil(Math.log2(Math.max(rows, columns) / SMALLEST_SIDE)));

/** The codec takes samples of up to 8 bits as bytes, whatever was allocated for them. */
const packed = (samples: Uint8Array, { bitsAllocated, bitsStored }: Htj2kGeometry): Uint8Array =>
  bitsAllocated === 16 && bitsStored <= 8 ? samples.filter((_, at) => at % 2 === 0) : samples;

/**
 * One frame as a lossless HTJ2K code stream (PS3.5 10.17): resolution first, TLM markers, a tile-part for each resolution, so that
 * any beginning of it that ends with a tile-part is the whole picture at a lower resolution. Three samples are RGB
 * and become YBR_RCT, which decodes to RGB.
 * Works in the calling thread: use it in a pixel thread.
 * Ask `isEncodable` before. @throws Error when OpenJPH refuses.
 */
export const encodeHtj2k = async (samples: Uint8Array, geometry: Htj2kGeometry): Promise<Buffer> => {
  const { rows, columns, samplesPerPixel, bitsStored, signed } = geometry;
  return await withOpenJph(({ HTJ2KEncoder }) => {
    const encoder = new HTJ2KEncoder();
    try {
      encoder
        .getDecodedBuffer({
          width: columns,
          height: rows,
          bitsPerSample: bitsStored,
          componentCount: samplesPerPixel,
          isSigned: signed,
          // Without it the build reads three samples as if they were planes.
          isUsingColorTransform: samplesPerPixel === 3,
        })
        .set(packed(samples, geometry));
      encoder.setDecompositions(decompositionLevels(rows, columns));
      encoder.setQuality(true, 0);
      encoder.setProgressionOrder(RPCL);
      encoder.setTLMMarker(true);
      encoder.setTilePartDivisionsAtResolutions(true);
      encoder.encode();
      return Buffer.from(encoder.getEncodedBuffer());
    } finally {
      encoder.delete();
    }
  });
};
