import { findBulk } from '@archwire/dicom';
import { AppError } from '@archwire/contracts';
import { type InstanceReader, readStoredHead } from './instance-reader.ts';
import type { StoredInstance } from './stored-instance.ts';

/** A bulk value: a range of the stored object, or bytes when what is stored is not what goes out. */
export type BulkData =
  | { readonly kind: 'range'; readonly offset: number; readonly length: number }
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  /** Encapsulated Pixel Data: its frames are the value. */
  | { readonly kind: 'frames' };

const WORD: Readonly<Record<string, 2 | 4 | 8>> = {
  OW: 2,
  US: 2,
  SS: 2,
  OF: 4,
  OL: 4,
  FL: 4,
  UL: 4,
  SL: 4,
  OD: 8,
  OV: 8,
  FD: 8,
};

const littleEndian = (bytes: Buffer, vr: string): Buffer => {
  const own = Buffer.from(bytes);
  const unit = WORD[vr];
  if (unit === undefined || own.length % unit !== 0) return own;
  if (unit === 2) return own.swap16();
  return unit === 4 ? own.swap32() : own.swap64();
};

/**
 * The value that a BulkDataURI names by its path of tags (PS3.18 section 10.4.1.1.5), little endian as the web wants it.
 * @throws AppError `not-found` when the object has no such element.
 */
export const findBulkData = async (
  reader: InstanceReader,
  instance: StoredInstance,
  path: string,
): Promise<BulkData> => {
  const stored = reader.stored(instance);
  const { start } = await readStoredHead(stored);
  const found = findBulk(start, path);
  if (found.encapsulated) return { kind: 'frames' };
  if (found.length === undefined) throw new AppError('not-found', 'This element has no value of its own.');
  const { offset, length } = found;
  if (!found.inflated && found.littleEndian) return { kind: 'range', offset, length };
  const bytes =
    found.inflated && offset + length <= found.bytes.length
      ? found.bytes.subarray(offset, offset + length)
      : await stored.read(offset, length);
  return { kind: 'bytes', bytes: found.littleEndian ? bytes : littleEndian(bytes, found.vr) };
};
