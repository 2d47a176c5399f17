import { constants, inflateRawSync } from 'node:zlib';
import { invalidDicom } from './invalid-dicom.ts';

/** What one deflated data set may grow to: the largest value a 32-bit length can name is 4 GiB, no dental object comes near this. */
export const INFLATE_LIMIT = 1024 ** 3;

/**
 * The bytes with their deflated data set (PS3.5 A.5) replaced by its inflated form: offsets in the result are not offsets in the file.
 * A stream cut short gives what can be had of it; the reader then finds the end.
 * @throws AppError `invalid` with reason `inflate` or, past `limit` bytes, `inflate-limit`.
 */
export const inflateDataSet = (bytes: Buffer, start: number, limit = INFLATE_LIMIT): Buffer => {
  try {
    const data = inflateRawSync(bytes.subarray(start), {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: limit,
    });
    return Buffer.concat([bytes.subarray(0, start), data]);
  } catch (error) {
    if (error instanceof RangeError) {
      throw invalidDicom(
        'inflate-limit',
        `The deflated data set grows past ${limit} bytes. Send it in another transfer syntax.`,
        { limit },
      );
    }
    throw invalidDicom('inflate', 'The deflated data set is damaged. Send it again.', {}, error);
  }
};
