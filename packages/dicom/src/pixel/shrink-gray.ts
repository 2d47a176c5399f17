import type { Size } from './fit-size.ts';
import type { Picture } from './picture.ts';

/** Which source columns (or rows) make each target one: the first, how many, and the weight of each, padded to `most`. */
const coverage = (from: number, to: number) => {
  const scale = from / to;
  const most = Math.ceil(scale) + 1;
  const first = new Int32Array(to);
  const count = new Int32Array(to);
  const weights = new Float32Array(to * most);
  for (let at = 0; at < to; at++) {
    const start = at * scale;
    const end = Math.min(from, start + scale);
    const from0 = Math.floor(start);
    first[at] = from0;
    for (let i = from0; i < end; i++) {
      const index = i - from0;
      weights[at * most + index] = (Math.min(end, i + 1) - Math.max(start, i)) / scale;
      count[at] = index + 1;
    }
  }
  return { first, count, weights, most };
};

/**
 * A gray picture scaled down by averaging areas. Ours because a call of sharp costs more than a small picture does: a
 * volume has hundreds of them.
 */
export function shrinkGray({ width, height, data }: Picture, size: Size): Picture {
  const down = coverage(height, size.height);
  const across = coverage(width, size.width);
  const line = new Float32Array(width);
  const out = new Uint8Array(size.width * size.height);
  for (let row = 0; row < size.height; row++) {
    line.fill(0);
    for (let i = 0; i < (down.count[row] ?? 0); i++)
      addWeighted(line, data, ((down.first[row] ?? 0) + i) * width, down.weights[row * down.most + i] ?? 0);
    averageAcross(line, across, out, row * size.width);
  }
  return { ...size, channels: 1, data: out };
}

function addWeighted(line: Float32Array, data: Uint8Array, at: number, weight: number): void {
  for (let column = 0; column < line.length; column++)
    line[column] = (line[column] ?? 0) + (data[at + column] ?? 0) * weight;
}

function averageAcross(
  line: Float32Array,
  { first, count, weights, most }: ReturnType<typeof coverage>,
  out: Uint8Array,
  at: number,
): void {
  for (let column = 0; column < first.length; column++) {
    const from = first[column] ?? 0;
    let value = 0.5;
    for (let i = 0; i < (count[column] ?? 0); i++)
      value += (line[from + i] ?? 0) * (weights[column * most + i] ?? 0);
    out[at + column] = value;
  }
}
