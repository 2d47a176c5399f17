import type { Size } from './fit-size.ts';
import type { Picture } from './picture.ts';

/** Which source columns (or rows) make each target one, and with which weights, one after the other. */
const coverage = (from: number, to: number) => {
  const scale = from / to;
  return Array.from({ length: to }, (_, at) => {
    const start = at * scale;
    const end = Math.min(from, start + scale);
    const first = Math.floor(start);
    const weights: number[] = [];
    for (let i = first; i < end; i++) weights.push((Math.min(end, i + 1) - Math.max(start, i)) / scale);
    return { first, weights };
  });
};

/**
 * A gray picture scaled down by averaging areas. Ours because a call of sharp costs more than a small picture does: a
 * volume has hundreds of them.
 */
export function shrinkGray({ width, height, data }: Picture, size: Size): Picture {
  const columns = coverage(width, size.width);
  const narrow = new Float32Array(size.width);
  const sum = new Float32Array(size.width);
  const out = new Uint8Array(size.width * size.height);
  for (const [row, { first, weights }] of coverage(height, size.height).entries()) {
    sum.fill(0.5);
    for (const [down, weight] of weights.entries()) {
      const line = (first + down) * width;
      for (let column = 0; column < size.width; column++) {
        const { first: left, weights: across } = columns[column] ?? { first: 0, weights: [] };
        let value = 0;
        for (let i = 0; i < across.length; i++) value += (data[line + left + i] ?? 0) * (across[i] ?? 0);
        narrow[column] = value;
      }
      for (let column = 0; column < size.width; column++)
        sum[column] = (sum[column] ?? 0) + (narrow[column] ?? 0) * weight;
    }
    out.set(sum, row * size.width);
  }
  return { ...size, channels: 1, data: out };
}
