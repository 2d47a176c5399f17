import type { Readable } from 'node:stream';

import { AppError, type InstanceLocation } from '@archwire/contracts';

import type { InnerRange, LocatedReader, Stores } from './create-stores.ts';

/** @throws AppError `unavailable` when the store is not configured here. */
export const readerOf = (stores: Stores, name: string): LocatedReader => {
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

/** @throws AppError `not-found` when the bytes have moved (see `withLocation`), `range-not-satisfiable`, `unavailable`. */
export const readLocation = async (
  stores: Stores,
  location: InstanceLocation,
  range?: InnerRange,
  tenantId?: string,
  into?: Buffer,
): Promise<Buffer> => await readerOf(stores, location.store).read(location, range, tenantId, into);

/** The same as a stream, for whole instances and large ranges. */
export const streamLocation = async (
  stores: Stores,
  location: InstanceLocation,
  range?: InnerRange,
  tenantId?: string,
): Promise<Readable> => await readerOf(stores, location.store).open(location, range, tenantId);

/** The bytes are not where they were, or on a node that is gone and that may have settled them before it went. */
const mayHaveMoved = (error: unknown): error is AppError =>
  error instanceof AppError && (error.kind === 'not-found' || 'node' in error.details);

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
    if (!mayHaveMoved(error)) throw error;
    const second = await find();
    if (second.store === first.store && second.key === first.key && second.offset === first.offset)
      throw error;
    return await use(second);
  }
};
