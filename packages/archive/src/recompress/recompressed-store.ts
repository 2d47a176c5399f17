import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import type { InstanceLocation } from '@archwire/contracts';
import {
  openRecompressed,
  restoredBytes,
  type DecodeFrame,
  type RecompressedObject,
  type StoredBytes,
} from '@archwire/dicom';
import { resolveRange } from '@archwire/storage-adapters';

import { createRecent } from '../retrieve/recent.ts';
import type { LocatedReader } from '../stores/create-stores.ts';

/** The name under which locations refer to what lies recompressed in an object store. */
export const recompressedName = (store: string): string => `${store}+htj2k`;

/** A reader of recompressed objects. */
export interface RecompressedReader extends LocatedReader {
  /** What lies there as it lies there. */
  recompressed(location: InstanceLocation): Promise<RecompressedObject>;
  /** The whole entry with its record, to be laid elsewhere as it is, and its SHA-256. */
  entry(location: InstanceLocation): Promise<{ readonly entry: StoredBytes; readonly sha256: string }>;
}

/** Restore records of a few kilobytes each. */
const KEPT = 1000;

/**
 * Objects that lie recompressed in packs of `base`, read as the bytes that were received: a location names the first byte of an
 * entry and the length of the original. Only what a range touches is decoded.
 */
export const createRecompressedReader = (base: LocatedReader, decode: DecodeFrame): RecompressedReader => {
  const records = createRecent<RecompressedObject>(KEPT);

  const recompressed = async ({ store, key, offset }: InstanceLocation): Promise<RecompressedObject> => {
    // Where an entry ends is known only once its beginning has been read.
    const part = async (at: number, length: number, into?: Buffer): Promise<Buffer> =>
      await base.read({ store, key, offset: offset + at, length }, undefined, undefined, into);
    return await records.get(`${store}/${key}/${offset}`, async () => await openRecompressed({ read: part }));
  };

  const restored = async (location: InstanceLocation) => restoredBytes(await recompressed(location), decode);

  return {
    recompressed,
    entry: async (location) => {
      const { storedLength } = await recompressed(location);
      const entry: StoredBytes = {
        length: storedLength,
        read: async (offset, length) =>
          await base.read({ ...location, length: storedLength }, { offset, length }),
      };
      const hash = createHash('sha256');
      for await (const chunk of await base.open({ ...location, length: storedLength })) hash.update(chunk);
      return { entry, sha256: hash.digest('hex') };
    },
    headLength: async (location) => (await recompressed(location)).record.headLength,
    read: async (location, range) => {
      const { offset, length } = resolveRange(location.length, range);
      return await (await restored(location)).read(offset, length);
    },
    open: async (location, range) => {
      const { offset, length } = resolveRange(location.length, range);
      return Readable.from((await restored(location)).stream(offset, length), { objectMode: false });
    },
  };
};
