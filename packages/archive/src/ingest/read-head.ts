import { AppError, type InstanceHeader } from '@archwire/contracts';
import { readInstanceHead } from '@archwire/dicom';

/** Nearly every header fits the first; private blobs before Pixel Data need the others. */
const HEAD_SIZES = [64 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20, 64 << 20] as const;

const wantsMore = (error: unknown): boolean =>
  error instanceof AppError && error.kind === 'invalid' && error.details['reason'] === 'truncated';

/**
 * Reads the header of an object of `total` bytes, asking for as few of its first bytes as will do.
 * `first` gives them from memory while it can; `more` reads them back.
 * @throws AppError `invalid` when the bytes could never be indexed, whatever more is read.
 */
export const readHead = async (
  total: number,
  first: (length: number) => Buffer | undefined,
  more: (length: number) => Promise<Buffer>,
): Promise<InstanceHeader> => {
  let last: unknown;
  for (const size of HEAD_SIZES) {
    const length = Math.min(size, total);
    const bytes = first(length) ?? (await more(length));
    try {
      return readInstanceHead(bytes, { totalLength: total }).header;
    } catch (error) {
      if (length === total || !wantsMore(error)) throw error;
      last = error;
    }
  }
  throw last;
};
