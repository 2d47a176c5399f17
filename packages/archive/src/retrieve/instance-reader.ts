import type { Readable } from 'node:stream';
import { AppError } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import { type InstanceHead, readInstanceHead, type StoredBytes } from '@archwire/dicom';
import type { ObjectStore } from '@archwire/storage-adapters';
import { findInstanceAgain } from './find-instances.ts';
import type { StoredInstance } from './stored-instance.ts';

/** The stores by name, `journal` among them. */
export interface StoreReaders {
  get(name: string): Pick<ObjectStore, 'get' | 'read'> | undefined;
}

export interface Range {
  /** From the first byte of the Part 10 file. */
  readonly offset: number;
  readonly length: number;
}

/** Reads stored instances wherever they lie, also when settling moves them between the look-up and the read. */
export interface InstanceReader {
  /** @throws AppError `not-found` when the instance is gone; `unavailable` when its store cannot be reached from here. */
  open(instance: StoredInstance, range?: Range): Promise<Readable>;
  /** Range reads in memory, for heads and single frames. */
  stored(instance: StoredInstance): StoredBytes;
  /** The parsed head; reads as little as will do. @throws AppError `invalid` when the object cannot be understood. */
  head(instance: StoredInstance): Promise<InstanceHead>;
}

const FIRST_HEAD_BYTES = 64 * 1024;
const MAX_HEAD_BYTES = 64 * 1024 * 1024;

const hasMoved = (error: unknown): boolean =>
  error instanceof AppError && (error.kind === 'not-found' || error.kind === 'range-not-satisfiable');

/** Reads a head from as few bytes as will do. @throws AppError `invalid` when more bytes would not help. */
export const readStoredHead = async (stored: StoredBytes): Promise<InstanceHead> => {
  for (let size = FIRST_HEAD_BYTES; ; size *= 4) {
    const length = Math.min(size, stored.length);
    const last = length === stored.length || size >= MAX_HEAD_BYTES;
    try {
      const head = readInstanceHead(await stored.read(0, length), { totalLength: stored.length });
      if (head.complete || last) return head;
    } catch (error) {
      if (last || !(error instanceof AppError) || error.kind !== 'invalid') throw error;
    }
  }
};

export const createInstanceReader = ({
  stores,
  withTenant,
}: {
  readonly stores: StoreReaders;
  readonly withTenant: WithTenant;
}): InstanceReader => {
  const storeOf = (name: string): Pick<ObjectStore, 'get' | 'read'> => {
    const store = stores.get(name);
    if (store === undefined) {
      throw new AppError('unavailable', 'The store that holds this object is not set up on this server.', {
        details: { store: name },
      });
    }
    return store;
  };

  const again = async <T>(instance: StoredInstance, read: (from: StoredInstance) => Promise<T>): Promise<T> => {
    try {
      return await read(instance);
    } catch (error) {
      if (!hasMoved(error)) throw error;
      const now = await withTenant(instance.tenantId, async (trx) => await findInstanceAgain(trx, instance.id));
      if (now === undefined) throw new AppError('not-found', 'This instance is no longer stored.');
      return await read(now);
    }
  };

  const within = ({ location }: StoredInstance, range: Range): Range => {
    if (range.offset < 0 || range.length < 0 || range.offset + range.length > location.length) {
      throw new AppError('internal', 'A read outside of its instance was prevented.');
    }
    return { offset: location.offset + range.offset, length: range.length };
  };

  const stored = (instance: StoredInstance): StoredBytes => {
    let current = instance;
    return {
      length: instance.location.length,
      read: async (offset, length) =>
        await again(current, async (from) => {
          current = from;
          return await storeOf(from.location.store).read(from.location.key, within(from, { offset, length }));
        }),
    };
  };

  return {
    stored,
    open: async (instance, range = { offset: 0, length: instance.location.length }) =>
      await again(
        instance,
        async (from) => await storeOf(from.location.store).get(from.location.key, within(from, range)),
      ),
    head: async (instance) => await readStoredHead(stored(instance)),
  };
};
