import type { DecodedFrame } from './decode-frame.ts';
import type { Picture } from './picture.ts';
import type { Overlay, PixelDescription, Shutter } from './pixel-description.ts';

/** Draws overlays, then what the shutter covers, into the picture's own pixels. */
export function coverPicture(
  picture: Picture,
  frame: DecodedFrame,
  { overlays, shutter }: Pick<PixelDescription, 'overlays' | 'shutter'>,
): void {
  for (const overlay of overlays) drawOverlay(picture, frame, overlay, overlay.gray);
  if (shutter === null) return;
  closeShapes(picture, shutter);
  if (shutter.bitmap !== null) drawOverlay(picture, frame, shutter.bitmap, shutter.gray);
}

function drawOverlay(
  { data, width, height, channels }: Picture,
  { samples }: DecodedFrame,
  { rows, columns, top, left, bits }: Overlay,
  gray: number,
): void {
  const embedded = 'bit' in bits;
  const firstRow = Math.max(0, -top);
  const lastRow = Math.min(rows, height - top);
  const firstColumn = Math.max(0, -left);
  const lastColumn = Math.min(columns, width - left);
  for (let row = firstRow; row < lastRow; row++) {
    for (let column = firstColumn; column < lastColumn; column++) {
      const at = (row + top) * width + column + left;
      const index = row * columns + column;
      const set = embedded
        ? ((samples[at * channels] ?? 0) >>> bits.bit) & 1
        : ((bits[index >> 3] ?? 0) >> (index & 7)) & 1;
      if (set === 1) data.fill(gray, at * channels, (at + 1) * channels);
    }
  }
}

/** Row by row: what is open between two columns; the rest is filled. */
function closeShapes({ data, width, height, channels }: Picture, shutter: Shutter): void {
  const { rectangle, circle, polygon, gray } = shutter;
  if (rectangle === null && circle === null && polygon === null) return;
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width * channels, (y + 1) * width * channels);
    let open: Spans = [[0, width - 1]];
    if (rectangle !== null) {
      const within = y >= rectangle.top && y <= rectangle.bottom;
      open = within ? both(open, [[rectangle.left, rectangle.right]]) : [];
    }
    if (circle !== null) {
      const half = circle.radius ** 2 - (y - circle.y) ** 2;
      open =
        half < 0
          ? []
          : both(open, [[Math.ceil(circle.x - Math.sqrt(half)), Math.floor(circle.x + Math.sqrt(half))]]);
    }
    if (polygon !== null) open = both(open, insidePolygon(polygon, y));
    let covered = 0;
    for (const [from, to] of open) {
      row.fill(gray, covered * channels, from * channels);
      covered = to + 1;
    }
    row.fill(gray, covered * channels);
  }
}

type Spans = readonly (readonly [from: number, to: number])[];

/** Both lists in ascending order; the second holds what the first is cut to. */
const both = (spans: Spans, limits: Spans): Spans =>
  spans.flatMap(([from, to]) =>
    limits
      .map(([low, high]) => [Math.max(from, low), Math.min(to, high)] as const)
      .filter(([low, high]) => low <= high),
  );

/** Columns inside the polygon on a row, by even-odd; corners and edges belong to it. */
function insidePolygon(corners: readonly (readonly [number, number])[], y: number): Spans {
  const crossings: number[] = [];
  const edges: (readonly [number, number])[] = [];
  for (const [i, [x1, y1]] of corners.entries()) {
    const [x2, y2] = corners[(i + 1) % corners.length] ?? [x1, y1];
    if (y1 === y2) {
      if (y1 === y) edges.push([Math.min(x1, x2), Math.max(x1, x2)]);
    } else {
      const x = x1 + ((y - y1) * (x2 - x1)) / (y2 - y1);
      if (y >= Math.min(y1, y2) && y < Math.max(y1, y2)) crossings.push(x);
      if (y === Math.max(y1, y2)) edges.push([Math.ceil(x), Math.floor(x)]);
    }
  }
  crossings.sort((a, b) => a - b);
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    edges.push([Math.ceil(crossings[i] ?? 0), Math.floor(crossings[i + 1] ?? 0)]);
  }
  return merged(edges.filter(([from, to]) => from <= to));
}

function merged(spans: Spans): Spans {
  const out: [number, number][] = [];
  for (const [from, to] of spans.toSorted(([a], [b]) => a - b)) {
    const last = out.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}
