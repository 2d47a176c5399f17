import type { Readable } from 'node:stream';

import type { InstanceLocation } from '@archwire/contracts';
import type { RecompressedObject } from '@archwire/dicom';
import { type ObjectStore, resolveRange } from '@archwire/storage-adapters';

/** Reads a range within a location: `range` counts from the location's first byte. */
export interface LocatedReader {
  /** With room in `into`, the result may be a view of its start. */
  read(location: InstanceLocation, range?: InnerRange, tenantId?: string, into?: Buffer): Promise<Buffer>;
  /** `tenantId` is whose bytes they are said to be; where they come over the network, that is checked once more. */
  open(location: InstanceLocation, range?: InnerRange, tenantId?: string): Promise<Readable>;
  /** Bytes before the first pixel, where reading beyond them is dear. */
  headLength?(location: InstanceLocation): Promise<number>;
  /** What lies there in another form than it is read. */
  recompressed?(location: InstanceLocation): Promise<RecompressedObject>;
}

/** Bytes within the instance, counted from its preamble. */
export interface InnerRange {
  readonly offset: number;
  readonly length: number;
}

/** Readers by the name that stands in `InstanceLocation.store`. */
export type Stores = ReadonlyMap<string, LocatedReader>;

/** An object store as a reader of locations. */
export const storeReader = (store: Pick<ObjectStore, 'get' | 'read'>): LocatedReader => {
  const absolute = (location: InstanceLocation, range: InnerRange | undefined): InnerRange => {
    const { offset, length } = resolveRange(location.length, range);
    return { offset: location.offset + offset, length };
  };
  return {
    read: async (location, range, _tenantId, into) =>
      await store.read(location.key, absolute(location, range), into),
    open: async (location, range) => await store.get(location.key, absolute(location, range)),
  };
};

/** `journal` is the journals of all nodes; every other name is an object store, `archive` by default. */
export const createStores = (readers: Readonly<Record<InstanceLocation['store'], LocatedReader>>): Stores =>
  new Map(Object.entries(readers));
