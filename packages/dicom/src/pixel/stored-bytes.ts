/** A stored Part 10 object, read by range so that a large one is never whole in memory. */
export interface StoredBytes {
  /** Bytes of the whole object. */
  readonly length: number;
  /**
   * Resolves with exactly `length` bytes; `offset + length` never exceeds the object's length. With room in `into`, they may
   * be a view of its start.
   */
  read(offset: number, length: number, into?: Buffer): Promise<Buffer>;
  /** Names these very bytes for ever; without it nothing made of them may be kept. */
  readonly version?: string;
  /** Bytes before the first pixel, where reading beyond them is dear: pixels that are restored. */
  headLength?(): Promise<number>;
}

/** An object that is in memory already. */
export const storedBuffer = (bytes: Buffer): StoredBytes => ({
  length: bytes.length,
  read: async (offset, length) => bytes.subarray(offset, offset + length),
});
