import type { InstanceReader, StoredInstance } from '@archwire/archive';

/** Bytes to send: their number is known, and any range of them can be had. */
export interface ByteSource {
  readonly length: number;
  read(range: { readonly offset: number; readonly length: number }): AsyncIterable<Uint8Array>;
}

export const bufferSource = (bytes: Uint8Array): ByteSource => ({
  length: bytes.length,
  read: async function* ({ offset, length }) {
    yield bytes.subarray(offset, offset + length);
  },
});

/** Up to here one read costs less than a stream: a slice of a volume is one of hundreds. */
const READ_AT_ONCE = 1 << 20;

/** Pieces of a stored instance one after the other, read as they are sent. */
export const storedSource = (
  reader: InstanceReader,
  instance: StoredInstance,
  pieces: readonly { readonly offset: number; readonly length: number }[] = [
    { offset: 0, length: instance.location.length },
  ],
): ByteSource => ({
  length: pieces.reduce((sum, piece) => sum + piece.length, 0),
  read: async function* (range) {
    let skip = range.offset;
    let left = range.length;
    for (const piece of pieces) {
      const length = Math.min(left, piece.length - skip);
      if (length > 0) {
        const from = piece.offset + skip;
        if (length <= READ_AT_ONCE) yield await reader.stored(instance).read(from, length);
        else yield* await reader.open(instance, { offset: from, length });
        left -= length;
      }
      skip = Math.max(0, skip - piece.length);
      if (left === 0) return;
    }
  },
});
