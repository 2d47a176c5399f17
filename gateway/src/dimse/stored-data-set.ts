import { readPart10, type StoredBytes } from '@archwire/dicom';
import { bufferPool, POOLED_LENGTH } from './buffer-pool.ts';

/**
 * The data set of a stored Part 10 object as it lies there, without preamble and group 2. While a chunk is used the next one is
 * read; asking for it ends the use of the one before, whose memory serves again.
 * @throws AppError what `stored.read` throws; `invalid` when it is no DICOM object.
 */
export async function* storedDataSet(stored: StoredBytes): AsyncGenerator<Buffer, void, undefined> {
  const memory: Buffer[] = [];
  const readAt = async (at: number): Promise<Buffer> => {
    const into = memory.pop() ?? bufferPool.take();
    const bytes = await stored.read(at, Math.min(POOLED_LENGTH, stored.length - at), into);
    // A store may bring its own bytes: the memory is free either way once these are used.
    used.push(into);
    return bytes;
  };
  const used: Buffer[] = [];
  let next: Promise<Buffer> | null = readAt(0);
  try {
    for (let at = 0; next !== null;) {
      const chunk: Buffer = await next;
      const isFirst = at === 0;
      at += chunk.length;
      next = at < stored.length ? readAt(at) : null;
      // Whoever stops early does not wait for it.
      next?.catch(() => {});
      yield isFirst ? chunk.subarray(readPart10(chunk).dataSetOffset) : chunk;
      const free = used.shift();
      if (free) memory.push(free);
    }
  } finally {
    await next?.catch(() => {});
    for (const free of [...memory, ...used]) bufferPool.give(free);
  }
}
