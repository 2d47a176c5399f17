import type { DataSet } from 'dicom-parser';
import { decimalOf } from './decimal-strings.ts';
import type { Overlay } from './pixel-description.ts';

/** Groups 6000 to 601E, even ones. */
const GROUPS = Array.from({ length: 16 }, (_, i) => (0x6000 + 2 * i).toString(16));
const WHITE = 255;

/**
 * The graphics (Overlay Type G) that lie over one frame (from 1) of an image (PS3.3 C.9.2). Regions of interest (type R) are
 * not meant to be drawn. An overlay that is shorter than it says is left out.
 */
export function readOverlays(
  dataSet: DataSet,
  frameNumber: number,
  image: { readonly rows: number; readonly columns: number },
): readonly Overlay[] {
  return GROUPS.filter((group) => dataSet.string(`x${group}0040`) !== 'R').flatMap((group) => {
    const overlay = readOverlay(dataSet, group, frameNumber, image);
    return overlay === undefined ? [] : [overlay];
  });
}

/** The overlay of one group (`6000`) for a frame; `undefined` when there is none. */
export function readOverlay(
  dataSet: DataSet,
  group: string,
  frameNumber: number,
  image: { readonly rows: number; readonly columns: number },
): Overlay | undefined {
  const data = dataSet.elements[`x${group}3000`];
  const bitsAllocated = dataSet.uint16(`x${group}0100`);
  const bit = dataSet.uint16(`x${group}0102`) ?? 0;
  if (data === undefined && (bitsAllocated === undefined || bitsAllocated < 2)) return undefined;
  const rows = dataSet.uint16(`x${group}0010`) ?? image.rows;
  const columns = dataSet.uint16(`x${group}0011`) ?? image.columns;
  const place = {
    rows,
    columns,
    top: (dataSet.int16(`x${group}0050`, 0) ?? 1) - 1,
    left: (dataSet.int16(`x${group}0050`, 1) ?? 1) - 1,
    gray: WHITE,
  };
  if (data === undefined) return bit < 32 ? { ...place, bits: { bit } } : undefined;
  // A multi-frame overlay begins at Image Frame Origin; a single one lies over every frame (PS3.3 C.9.2.1.2).
  const frames = decimalOf(dataSet, `x${group}0015`) ?? 1;
  const index = frames > 1 ? frameNumber - (dataSet.uint16(`x${group}0051`) ?? 1) : 0;
  if (index < 0 || index >= frames) return undefined;
  const bits = cutBits(
    dataSet.byteArray.subarray(data.dataOffset, data.dataOffset + data.length),
    index * rows * columns,
    rows * columns,
  );
  return bits === undefined ? undefined : { ...place, bits };
}

/** `count` bits from bit `from` on, moved to start at bit 0 (frames of an overlay are not aligned to bytes). */
function cutBits(bytes: Uint8Array, from: number, count: number): Uint8Array | undefined {
  if (count === 0 || bytes.length * 8 < from + count) return undefined;
  const shift = from % 8;
  const first = Math.floor(from / 8);
  const length = Math.ceil(count / 8);
  if (shift === 0) return Uint8Array.from(bytes.subarray(first, first + length));
  return Uint8Array.from(
    { length },
    (_, i) => ((bytes[first + i] ?? 0) >> shift) | ((bytes[first + i + 1] ?? 0) << (8 - shift)),
  );
}
