import { inflateDataSet } from '../inflate-data-set.ts';
import { readPart10 } from '../read-part10.ts';
import { storedBuffer, type StoredBytes } from './stored-bytes.ts';

/** One frame is all that is wanted: an object that inflates beyond this is not worth the server's memory. */
const MAX_INFLATED_BYTES = 256 * 1024 * 1024;

/**
 * The object as if it had been written without deflate (PS3.5 A.5): offsets of a parsed head fit these bytes.
 * Whole in memory: deflate has no random access.
 * @throws AppError `invalid` when the stream is damaged or inflates beyond 256 MiB.
 */
export async function inflatedBytes(stored: StoredBytes): Promise<StoredBytes> {
  const bytes = await stored.read(0, stored.length);
  return storedBuffer(inflateDataSet(bytes, readPart10(bytes).dataSetOffset, MAX_INFLATED_BYTES));
}
