import { AppError } from '@archwire/contracts/app-error';
import type { DataSet } from 'dicom-parser';
import type { fragmentReader } from './fragment-reader.ts';
import type { StoredBytes } from './stored-bytes.ts';

interface OffsetTables {
  /** Bytes to the first fragment's item header, from which all offsets count. */
  readonly firstFragment: number;
  /** One per frame; `undefined` when neither table has as many entries as there are frames. */
  readonly offsets: readonly number[] | undefined;
}

/** The Extended Offset Table (7FE0,0001) before the Basic Offset Table (PS3.5 A.4): only the first reaches beyond 4 GiB. */
export async function readOffsetTables(parts: {
  readonly dataSet: DataSet;
  readonly start: number;
  readonly count: number;
  readonly stored: StoredBytes;
  readonly reader: ReturnType<typeof fragmentReader>;
}): Promise<OffsetTables> {
  const { dataSet, start, count, stored, reader } = parts;
  const basic = await reader.item(start);
  if (basic === undefined || basic.offset + basic.length > stored.length) {
    throw new AppError('invalid', 'Encapsulated Pixel Data does not start with an item.');
  }
  const firstFragment = basic.offset + basic.length;

  const extended = dataSet.elements['x7fe00001'];
  if (extended !== undefined && extended.length === 8 * count) {
    const bytes = Buffer.from(
      dataSet.byteArray.subarray(extended.dataOffset, extended.dataOffset + extended.length),
    );
    if (bytes.length === extended.length) {
      return { firstFragment, offsets: entries(count, (i) => Number(bytes.readBigUInt64LE(8 * i))) };
    }
  }
  if (basic.length === 4 * count) {
    const bytes = await stored.read(basic.offset, basic.length);
    return { firstFragment, offsets: entries(count, (i) => bytes.readUInt32LE(4 * i)) };
  }
  return { firstFragment, offsets: undefined };
}

const entries = (count: number, read: (index: number) => number) =>
  Array.from({ length: count }, (_, i) => read(i));
