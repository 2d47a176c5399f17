import type { DataSet } from 'dicom-parser';
import { expandSegmentedLut } from './segmented-lut.ts';
import type { LookupTable } from './pixel-description.ts';

/**
 * Reads a table by its descriptor and data tags. `signedFirst`: the first mapped value is signed (Pixel Representation 1).
 * A table shorter than it says keeps what is there; one without entries is `null`.
 */
export function readLookupTable(
  dataSet: DataSet,
  tags: { readonly descriptor: string; readonly data: string; readonly segmented?: string },
  signedFirst: boolean,
): LookupTable | null {
  const count = dataSet.uint16(tags.descriptor, 0);
  const first = signedFirst ? dataSet.int16(tags.descriptor, 1) : dataSet.uint16(tags.descriptor, 1);
  const bits = dataSet.uint16(tags.descriptor, 2);
  if (count === undefined || first === undefined || bits === undefined) return null;
  const length = count === 0 ? 65_536 : count;
  const entries =
    readEntries(dataSet, tags.data, length) ??
    (tags.segmented === undefined ? null : readSegmented(dataSet, tags.segmented, length));
  if (entries === null || entries.length === 0) return null;
  return { first, bits: Math.min(16, Math.max(8, bits)), entries };
}

function readEntries(dataSet: DataSet, tag: string, count: number): Uint16Array | null {
  const element = dataSet.elements[tag];
  if (element === undefined || element.length === 0) return null;
  if (element.length <= count + 1 && count > 1) {
    // Some writers pack 8-bit entries one per byte.
    const bytes = dataSet.byteArray.subarray(
      element.dataOffset,
      element.dataOffset + Math.min(element.length, count),
    );
    return Uint16Array.from(bytes);
  }
  return readWords(dataSet, tag, Math.min(count, Math.floor(element.length / 2)));
}

function readSegmented(dataSet: DataSet, tag: string, count: number): Uint16Array | null {
  const element = dataSet.elements[tag];
  if (element === undefined) return null;
  return expandSegmentedLut(readWords(dataSet, tag, Math.floor(element.length / 2)), count);
}

const readWords = (dataSet: DataSet, tag: string, count: number) =>
  Uint16Array.from({ length: count }, (_, i) => dataSet.uint16(tag, i) ?? 0);
