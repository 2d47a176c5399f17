import { inflateRaw } from 'node:zlib';
import { promisify } from 'node:util';
import { AppError } from '@archwire/contracts';
import { storedBuffer, type StoredBytes } from './stored-bytes.ts';

const inflate = promisify(inflateRaw);
const MAX_INFLATED_BYTES = 1024 ** 3;

/** Where the data set starts: after the preamble and group 0002, which is always explicit little endian (PS3.10 7.1). */
function endOfFileMeta(bytes: Buffer): number {
  let at = 132;
  while (at + 8 <= bytes.length && bytes.readUInt16LE(at) === 0x0002) {
    const long = ['OB', 'OW', 'UN', 'SQ', 'UT', 'OF', 'OD'].includes(
      bytes.toString('latin1', at + 4, at + 6),
    );
    if (long && at + 12 > bytes.length) break;
    at += long ? 12 + bytes.readUInt32LE(at + 8) : 8 + bytes.readUInt16LE(at + 6);
  }
  return at;
}

/**
 * The object as if it had been written without deflate (PS3.5 A.5): offsets of a parsed head fit these bytes.
 * Whole in memory: deflate has no random access.
 * @throws AppError `invalid` when the stream is damaged, `too-large` when it inflates beyond 1 GiB.
 */
export async function inflatedBytes(stored: StoredBytes): Promise<StoredBytes> {
  const bytes = await stored.read(0, stored.length);
  const start = endOfFileMeta(bytes);
  try {
    const dataSet = await inflate(bytes.subarray(start), { maxOutputLength: MAX_INFLATED_BYTES });
    return storedBuffer(Buffer.concat([bytes.subarray(0, start), dataSet]));
  } catch (cause) {
    if (cause instanceof RangeError) {
      throw new AppError('too-large', 'The deflated object is larger than 1 GiB when inflated.', { cause });
    }
    throw new AppError('invalid', 'The deflated data set is damaged: it does not inflate.', { cause });
  }
}
