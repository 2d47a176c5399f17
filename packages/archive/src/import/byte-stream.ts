/** Bytes in the order they come. */
export type ByteStream = AsyncIterable<Buffer>;

/**
 * The first `wanted` bytes (fewer when the stream is shorter), and a stream of all of them. Whoever does not read `all`
 * calls `leave`, so that the source is let go.
 */
export const peek = async (
  source: ByteStream,
  wanted: number,
): Promise<{
  readonly head: Buffer;
  readonly ended: boolean;
  readonly all: ByteStream;
  readonly leave: () => Promise<void>;
}> => {
  const iterator = source[Symbol.asyncIterator]();
  const chunks: Buffer[] = [];
  let length = 0;
  let ended = false;
  while (length < wanted && !ended) {
    const next = await iterator.next();
    if (next.done === true) ended = true;
    else {
      chunks.push(next.value);
      length += next.value.length;
    }
  }
  const leave = async (): Promise<void> => {
    await iterator.return?.();
  };
  async function* everything(): AsyncGenerator<Buffer> {
    try {
      yield* chunks.splice(0);
      while (!ended) {
        const next = await iterator.next();
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await leave();
    }
  }
  return { head: Buffer.concat(chunks), ended, all: everything(), leave };
};
