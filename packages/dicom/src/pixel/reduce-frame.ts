import type { DecodedFrame } from './decode-frame.ts';
import { storedValues } from './stored-values.ts';

/**
 * The stored values of a gray frame averaged over squares of `2^levels` pixels (smaller ones at the right and lower edge), in
 * the frame's own range and sign, right-aligned: what its low resolutions show. @throws RangeError for other frames.
 */
export function reduceFrame(frame: DecodedFrame, levels: number): DecodedFrame {
  if (frame.samplesPerPixel !== 1 || frame.bitsAllocated > 16)
    throw new RangeError('Only gray frames of 8 or 16 bits are reduced.');
  const side = 2 ** levels;
  const rows = Math.ceil(frame.rows / side);
  const columns = Math.ceil(frame.columns / side);
  const values = storedValues(frame);
  const out = new Uint16Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const bottom = Math.min(frame.rows, (row + 1) * side);
    for (let column = 0; column < columns; column++) {
      const right = Math.min(frame.columns, (column + 1) * side);
      let sum = 0;
      for (let y = row * side; y < bottom; y++)
        for (let x = column * side; x < right; x++) sum += values[y * frame.columns + x] ?? 0;
      out[row * columns + column] = Math.round(sum / ((bottom - row * side) * (right - column * side)));
    }
  }
  const samples = frame.bitsAllocated === 8 ? Uint8Array.from(out) : out;
  return { ...frame, rows, columns, samples, highBit: frame.bitsStored - 1 };
}
