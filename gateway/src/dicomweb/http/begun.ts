import { Readable } from 'node:stream';

/**
 * The bytes as a stream whose first `pieces` pieces are there already. What cannot be read at all is thrown here, while the
 * answer can still say so with its status.
 */
export const begun = async (bytes: AsyncIterable<Uint8Array>, pieces = 1): Promise<Readable> => {
  const iterator = bytes[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  while (first.length < pieces) {
    const next = await iterator.next();
    if (next.done === true) break;
    first.push(next.value);
  }
  const all = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* first;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next())
        yield next.value;
    } finally {
      await iterator.return?.(undefined);
    }
  };
  return Readable.from(all(), { objectMode: false });
};
