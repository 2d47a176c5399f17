import { AppError } from '@archwire/contracts/app-error';
import { decodeHtj2k } from './decode-htj2k.ts';
import type { Htj2kGeometry } from './htj2k-geometry.ts';

/** Whether the code stream decodes to these very samples. Works in the calling thread. */
export const verifyHtj2k = async (
  codestream: Buffer,
  samples: Uint8Array,
  geometry: Htj2kGeometry,
): Promise<boolean> => {
  try {
    return (await decodeHtj2k(codestream, geometry)).equals(samples);
  } catch (error) {
    if (error instanceof AppError && error.kind === 'invalid') return false;
    throw error;
  }
};
