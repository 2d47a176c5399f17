import type { Readable } from 'node:stream';
import { AppError, type InstanceLocation } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import {
  type InstanceHead,
  readInstanceHead,
  type RecompressedObject,
  type StoredBytes,
} from '@archwire/dicom';
import type { InnerRange, Stores } from '../stores/create-stores.ts';
import { readerOf, readLocation, streamLocation, withLocation } from '../stores/read-location.ts';
import { findInstanceAgain } from './find-instances.ts';
import type { StoredInstance } from './stored-instance.ts';

/** Reads stored instances wherever they lie, also when settling moves them between the look-up and the read. */
export interface InstanceReader {
  /** @throws AppError `not-found` when the instance is gone; `unavailable` when its store cannot be reached from here. */
  open(instance: StoredInstance, range?: InnerRange): Promise<Readable>;
  /** Range reads in memory, for heads and single frames. */
  stored(instance: StoredInstance): StoredBytes;
  /** The parsed head; reads as little as will do. @throws AppError `invalid` when the object cannot be understood. */
  head(instance: StoredInstance): Promise<InstanceHead>;
  /** The object as it lies recompressed, its frames HTJ2K; `null` when it lies as it was received. */
  recompressed(instance: StoredInstance): Promise<RecompressedObject | null>;
}

const FIRST_HEAD_BYTES = 64 * 1024;
const MAX_HEAD_BYTES = 256 * 1024 * 1024;

/**
 * Reads a head from as few bytes as will do; `start` are the bytes that it took, from the first of the object.
 * @throws AppError `invalid` when more bytes would not help.
 */
export const readStoredHead = async (
  stored: StoredBytes,
): Promise<{ readonly head: InstanceHead; readonly start: Buffer }> => {
  // Where pixels would have to be decoded, none of them is asked for.
  for (let size = (await stored.headLength?.()) ?? FIRST_HEAD_BYTES; ; size *= 4) {
    const length = Math.min(size, stored.length);
    const last = length === stored.length || size >= MAX_HEAD_BYTES;
    try {
      const start = await stored.read(0, length);
      const head = readInstanceHead(start, { totalLength: stored.length });
      // A cut between two elements looks like an end: only Pixel Data or the whole object is one.
      if (last || (head.complete && head.pixelData !== null)) return { head, start };
    } catch (error) {
      if (last || !(error instanceof AppError) || error.kind !== 'invalid') throw error;
    }
  }
};

export const createInstanceReader = ({
  stores,
  withTenant,
}: {
  readonly stores: Stores;
  readonly withTenant: WithTenant;
}): InstanceReader => {
  /** The location in hand first, the one in the index when that has moved. */
  const locations = (instance: StoredInstance): (() => Promise<InstanceLocation>) => {
    let known: InstanceLocation | undefined = instance.location;
    return async () => {
      const location = known;
      known = undefined;
      if (location !== undefined) return location;
      const now = await withTenant(
        instance.tenantId,
        async (trx) => await findInstanceAgain(trx, instance.id),
      );
      if (now === undefined) throw new AppError('not-found', 'This instance is no longer stored.');
      // A conflict was resolved meanwhile: bytes of two objects must not become one answer.
      if (now.sha256 !== instance.sha256)
        throw new AppError('unavailable', 'This instance changed while it was read. Ask again.');
      return now.location;
    };
  };

  const stored = (instance: StoredInstance): StoredBytes => {
    let current = instance.location;
    return {
      length: instance.location.length,
      version: `${instance.tenantId}/${instance.id}/${instance.sha256}`,
      headLength: async () =>
        await withLocation(
          locations({ ...instance, location: current }),
          async (location) =>
            (await readerOf(stores, location.store).headLength?.(location)) ?? FIRST_HEAD_BYTES,
        ),
      read: async (offset, length, into) =>
        await withLocation(locations({ ...instance, location: current }), async (location) => {
          current = location;
          return await readLocation(stores, location, { offset, length }, instance.tenantId, into);
        }),
    };
  };

  return {
    stored,
    recompressed: async (instance) =>
      await withLocation(
        locations(instance),
        async (location) => (await readerOf(stores, location.store).recompressed?.(location)) ?? null,
      ),
    head: async (instance) => (await readStoredHead(stored(instance))).head,
    open: async (instance, range) =>
      await withLocation(
        locations(instance),
        async (location) => await streamLocation(stores, location, range, instance.tenantId),
      ),
  };
};
