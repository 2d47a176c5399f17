import { type FrameSource, frameSource, type InstanceHead, type RecompressedObject } from '@archwire/dicom';
import { type InstanceReader, readStoredHead } from './instance-reader.ts';
import { createRecent } from './recent.ts';
import type { StoredInstance } from './stored-instance.ts';

export interface OpenFrames {
  readonly head: InstanceHead;
  readonly source: FrameSource;
  /** Frames as they lie where the object is recompressed: HTJ2K code streams of the same pixels. */
  readonly coded: FrameSource | null;
}

/** An object's frames, its head parsed and its fragments found once while it is being looked at. */
export type OpenInstanceFrames = (instance: StoredInstance) => Promise<OpenFrames>;

/** Heads of 64 KB each: about 20 MB. */
const KEPT = 300;

/** Where the bytes lie is part of it: packed anew, they lie in another form. */
const keyOf = ({ tenantId, id, sha256, location: { store, key } }: StoredInstance): string =>
  `${tenantId}/${id}/${sha256}/${store}/${key}`;

const codedFrames = async ({ recompressed }: RecompressedObject): Promise<FrameSource> =>
  frameSource((await readStoredHead(recompressed)).head, recompressed);

/** @throws AppError (from the returned function) `not-found` without Pixel Data, `invalid` when it cannot be understood. */
export const createOpenFrames = (reader: InstanceReader, kept: number = KEPT): OpenInstanceFrames => {
  const recent = createRecent<OpenFrames>(kept);
  return async (instance) =>
    await recent.get(keyOf(instance), async () => {
      const stored = reader.stored(instance);
      const [{ head }, coded] = await Promise.all([readStoredHead(stored), reader.recompressed(instance)]);
      return {
        head,
        source: frameSource(head, stored),
        coded: coded === null ? null : await codedFrames(coded),
      };
    });
};
