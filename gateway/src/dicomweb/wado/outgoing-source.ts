import { type InstanceReader, openOutgoing, type StoredInstance } from '@archwire/archive';
import { type ByteSource, storedSource } from '../http/byte-source.ts';

/** The bytes of an instance with the identity that the practice knows; those received where that is the same. */
export const outgoingSource = async (
  reader: InstanceReader,
  instance: StoredInstance,
): Promise<ByteSource> => {
  const outgoing = await openOutgoing(reader, instance);
  if (outgoing === undefined) return storedSource(reader, instance);
  const { head, rest } = outgoing;
  const remaining = instance.location.length - rest;
  const stored = storedSource(reader, instance, [{ offset: rest, length: remaining }]);
  return {
    length: head.length + remaining,
    read: async function* ({ offset, length }) {
      const own = head.subarray(offset, offset + length);
      if (own.length > 0) yield own;
      const left = length - own.length;
      if (left > 0) yield* stored.read({ offset: Math.max(0, offset - head.length), length: left });
    },
  };
};
