import type { Readable } from 'node:stream';

import { AppError, type InstanceLocation } from '@archwire/contracts';
import { resolveRange } from '@archwire/storage-adapters';

import type { ObjectReader } from '../journal/journal-reader.ts';
import type { Stores } from './create-stores.ts';

/** Bytes within the instance, counted from its preamble. */
export interface InnerRange {
  readonly offset: number;
  readonly length: number;
}

const readerOf = (stores: Stores, name: string): ObjectReader => {
  const reader = stores.get(name);
  if (reader === undefined) {
    throw new AppError(
      'unavailable',
      'The store that holds this instance is not configured here. Check the storage settings.',
      {
        details: { store: name },
      },
    );
  }
  return reader;
};

const absolute = (location: InstanceLocation, range: InnerRange | undefined): InnerRange => {
  const { offset, length } = resolveRange(location.length, range);
  return { offset: location.offset + offset, length };
};

/** @throws AppError `not-found` when the bytes have moved (see `withLocation`), `range-not-satisfiable`, `unavailable`. */
export const readLocation = (
  stores: Stores,
  location: InstanceLocation,
  range?: InnerRange,
): Promise<Buffer> => readerOf(stores, location.store).read(location.key, absolute(location, range));

/** The same as a stream, for whole instances and large ranges. */
export const streamLocation = (
  stores: Stores,
  location: InstanceLocation,
  range?: InnerRange,
): Promise<Readable> => readerOf(stores, location.store).get(location.key, absolute(location, range));

/**
 * Looks a location up and uses it; looks it up once more when settling moved the bytes between the two.
 * `use` must not have sent anything before it fails.
 */
export const withLocation = async <T>(
  find: () => Promise<InstanceLocation>,
  use: (location: InstanceLocation) => Promise<T>,
): Promise<T> => {
  const first = await find();
  try {
    return await use(first);
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'not-found') throw error;
    const second = await find();
    if (second.store === first.store && second.key === first.key && second.offset === first.offset)
      throw error;
    return await use(second);
  }
};
