import { replaceElements, toDicomJson } from '@archwire/dicom';
import { type InstanceReader, readStoredHead } from './instance-reader.ts';
import { identityChanges } from './known-identity.ts';
import type { StoredInstance } from './stored-instance.ts';

/** An object as it goes out: the bytes of `head`, then those of the stored object from `rest` to its end. */
export interface OutgoingInstance {
  readonly head: Buffer;
  readonly rest: number;
}

/**
 * The object with the identity that the practice knows, where that is another than it was received with; `undefined` when
 * the stored bytes go out as they are. Pixel Data and what follows is never read, let alone changed.
 * @throws AppError `invalid` when the object cannot be understood, `unsupported` when it is deflated.
 */
export const openOutgoing = async (
  reader: Pick<InstanceReader, 'stored'>,
  instance: StoredInstance,
): Promise<OutgoingInstance | undefined> => {
  if (instance.identity === null) return undefined;
  const { start } = await readStoredHead(reader.stored(instance));
  const changes = identityChanges(toDicomJson(start), instance.identity);
  return changes.size === 0 ? undefined : replaceElements(start, changes);
};
