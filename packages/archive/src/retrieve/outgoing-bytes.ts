import { createHash } from 'node:crypto';
import type { StoredBytes } from '@archwire/dicom';
import type { InstanceReader } from './instance-reader.ts';
import { openOutgoing } from './open-outgoing.ts';
import type { StoredInstance } from './stored-instance.ts';

/**
 * The object with the identity that the practice knows, to be read by range: where that is the one it came with, the stored
 * bytes and nothing is read yet. @throws AppError as `openOutgoing`.
 */
export const outgoingBytes = async (
  reader: Pick<InstanceReader, 'stored'>,
  instance: StoredInstance,
): Promise<StoredBytes> => {
  const stored = reader.stored(instance);
  const outgoing = await openOutgoing(reader, instance);
  if (outgoing === undefined) return stored;
  const { head, rest } = outgoing;
  return {
    length: head.length + stored.length - rest,
    version: `${stored.version}/${createHash('sha256').update(head).digest('hex')}`,
    read: async (offset, length, into) => {
      const own = head.subarray(offset, offset + length);
      if (own.length === length) return own;
      const from = rest + Math.max(0, offset - head.length);
      const others = await stored.read(from, length - own.length, own.length === 0 ? into : undefined);
      return own.length === 0 ? others : Buffer.concat([own, others]);
    },
  };
};
