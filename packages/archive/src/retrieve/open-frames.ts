import { type FrameSource, frameSource, type InstanceHead } from '@archwire/dicom';
import { type InstanceReader, readStoredHead } from './instance-reader.ts';
import { createRecent } from './recent.ts';
import type { StoredInstance } from './stored-instance.ts';

export interface OpenFrames {
  readonly head: InstanceHead;
  readonly source: FrameSource;
}

/** An object's frames, its head parsed and its fragments found once while it is being looked at. */
export type OpenInstanceFrames = (instance: StoredInstance) => Promise<OpenFrames>;

/** Heads of 64 KB each: about 20 MB. */
const KEPT = 300;

/** @throws AppError (from the returned function) `not-found` without Pixel Data, `invalid` when it cannot be understood. */
export const createOpenFrames = (reader: InstanceReader): OpenInstanceFrames => {
  const recent = createRecent<OpenFrames>(KEPT);
  return async (instance) =>
    await recent.get(`${instance.tenantId}/${instance.id}/${instance.sha256}`, async () => {
      const stored = reader.stored(instance);
      const { head } = await readStoredHead(stored);
      return { head, source: frameSource(head, stored) };
    });
};
