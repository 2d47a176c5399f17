/** A stored Part 10 object, read by range so that a large one is never whole in memory. */
export interface StoredBytes {
  /** Bytes of the whole object. */
  readonly length: number;
  /** Resolves with exactly `length` bytes; `offset + length` never exceeds the object's length. */
  read(offset: number, length: number): Promise<Buffer>;
}

/** An object that is in memory already. */
export const storedBuffer = (bytes: Buffer): StoredBytes => ({
  length: bytes.length,
  read: async (offset, length) => bytes.subarray(offset, offset + length),
});
