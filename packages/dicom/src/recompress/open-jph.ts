import load, { type OpenJph } from '@cornerstonejs/codec-openjph/wasmjs';

/** Its heap never shrinks: beyond this a fresh instance is cheaper than the memory. */
const RECYCLE_BYTES = 128 * 1024 * 1024;

let instance: Promise<OpenJph> | undefined;

/**
 * Works with this thread's OpenJPH. The instance is thrown away after any failure, for a throw leaves its objects in a heap that
 * nobody can clear, and once its heap has grown large.
 */
export const withOpenJph = async <T>(work: (codec: OpenJph) => T): Promise<T> => {
  const silent = (): void => {};
  const codec = await (instance ??= load({ print: silent, printErr: silent }));
  try {
    const result = work(codec);
    if (codec.HEAPU8.length > RECYCLE_BYTES) instance = undefined;
    return result;
  } catch (error) {
    instance = undefined;
    throw error;
  }
};
