import type { InstanceLocation } from '@archwire/contracts';

import type { ObjectReader } from '../journal/journal-reader.ts';

/** Readers by the name that stands in `InstanceLocation.store`. */
export type Stores = ReadonlyMap<string, ObjectReader>;

/** `journal` is this node's journal; every other name is an object store, `archive` by default. */
export const createStores = (readers: Readonly<Record<InstanceLocation['store'], ObjectReader>>): Stores =>
  new Map(Object.entries(readers));
