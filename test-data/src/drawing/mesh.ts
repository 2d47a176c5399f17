/** A point or direction in mm: x to the patient's left, y to the front, z up. */
export type Vector = readonly [number, number, number];
export type Colour = readonly [number, number, number];

/** Triangles with the colour and shine of each corner. */
export interface Mesh {
  readonly points: number[];
  readonly colours: number[];
  readonly corners: number[];
  /** 0 dull to 1 wet. */
  readonly shine: number;
}

/** A sheet of `rows` × `columns` points; `wrap` closes each row into a ring. */
export const sheet = (
  rows: number,
  columns: number,
  at: (row: number, column: number) => readonly [Vector, Colour],
  { wrap, shine }: { wrap: boolean; shine: number },
): Mesh => {
  const mesh: Mesh = { points: [], colours: [], corners: [], shine };
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const [point, colour] = at(row, column);
      mesh.points.push(...point);
      mesh.colours.push(...colour);
    }
  }
  for (let row = 0; row + 1 < rows; row += 1) {
    for (let column = 0; column < (wrap ? columns : columns - 1); column += 1) {
      const next = (column + 1) % columns;
      const [a, b] = [row * columns + column, row * columns + next];
      const [c, d] = [a + columns, b + columns];
      mesh.corners.push(a, b, c, b, d, c);
    }
  }
  return mesh;
};

/** How a camera sees: screen right, screen up and towards the camera as directions of the head, and the point it looks at. */
export interface Camera {
  readonly right: Vector;
  readonly up: Vector;
  readonly towards: Vector;
  readonly centre: Vector;
  /** Pixels of 1 mm at the centre, and the camera's distance in mm. */
  readonly scale: number;
  readonly distance: number;
}

export interface Picture {
  readonly columns: number;
  readonly rows: number;
  /** RGB, 8 bits. */
  readonly data: Uint8Array;
}

const dot = (a: Vector, x: number, y: number, z: number): number => a[0] * x + a[1] * y + a[2] * z;

interface Buffers {
  readonly depth: Float32Array;
  readonly normal: Float32Array;
  readonly colour: Float32Array;
  readonly shine: Float32Array;
}

/** Corners as the camera sees them: column, row, nearness, then the normal of the surface in screen axes. */
const project = (mesh: Mesh, camera: Camera, columns: number, rows: number): Float32Array => {
  const count = mesh.points.length / 3;
  const seen = new Float32Array(count * 6);
  const p = mesh.points;
  for (let i = 0; i < count; i += 1) {
    const x = (p[i * 3] ?? 0) - camera.centre[0];
    const y = (p[i * 3 + 1] ?? 0) - camera.centre[1];
    const z = (p[i * 3 + 2] ?? 0) - camera.centre[2];
    const near = dot(camera.towards, x, y, z);
    const zoom = (camera.scale * camera.distance) / Math.max(20, camera.distance - near);
    seen[i * 6] = columns / 2 + dot(camera.right, x, y, z) * zoom;
    seen[i * 6 + 1] = rows / 2 - dot(camera.up, x, y, z) * zoom;
    seen[i * 6 + 2] = near;
  }
  const s = (i: number, k: number): number => seen[i * 6 + k] ?? 0;
  for (let t = 0; t < mesh.corners.length; t += 3) {
    const [a, b, c] = [mesh.corners[t] ?? 0, mesh.corners[t + 1] ?? 0, mesh.corners[t + 2] ?? 0];
    const k = camera.scale;
    const [ux, uy, uz] = [(s(b, 0) - s(a, 0)) / k, (s(a, 1) - s(b, 1)) / k, s(b, 2) - s(a, 2)];
    const [vx, vy, vz] = [(s(c, 0) - s(a, 0)) / k, (s(a, 1) - s(c, 1)) / k, s(c, 2) - s(a, 2)];
    const n = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    for (const corner of [a, b, c])
      for (let j = 0; j < 3; j += 1) seen[corner * 6 + 3 + j] = s(corner, 3 + j) + (n[j] ?? 0);
  }
  return seen;
};

const fill = (mesh: Mesh, seen: Float32Array, buffers: Buffers, columns: number, rows: number): void => {
  const { shine } = mesh;
  const corners = Int32Array.from(mesh.corners);
  const colours = Float32Array.from(mesh.colours);
  const { depth, normal, colour } = buffers;
  const s = (i: number): number => seen[i] ?? 0;
  const c = (i: number): number => colours[i] ?? 0;
  for (let t = 0; t < corners.length; t += 3) {
    const p = corners[t] ?? 0;
    const q = corners[t + 1] ?? 0;
    const r = corners[t + 2] ?? 0;
    const p6 = p * 6;
    const q6 = q * 6;
    const r6 = r * 6;
    const ax = s(p6);
    const ay = s(p6 + 1);
    const bx = s(q6);
    const by = s(q6 + 1);
    const cx = s(r6);
    const cy = s(r6 + 1);
    const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    if (area > -1e-6 && area < 1e-6) continue;
    const left = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5));
    const right = Math.min(columns - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
    const top = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5));
    const bottom = Math.min(rows - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
    if (right < left || bottom < top) continue;
    // Weights of the second and third corner, and how they change from pixel to pixel.
    const bStep = (cy - ay) / area;
    const cStep = -(by - ay) / area;
    const az = s(p6 + 2);
    const bz = s(q6 + 2);
    const cz = s(r6 + 2);
    const dx = left + 0.5 - ax;
    for (let row = top; row <= bottom; row += 1) {
      const dy = row + 0.5 - ay;
      let wb = (dx * (cy - ay) - dy * (cx - ax)) / area - bStep;
      let wc = ((bx - ax) * dy - (by - ay) * dx) / area - cStep;
      for (let i = row * columns + left, end = row * columns + right; i <= end; i += 1) {
        wb += bStep;
        wc += cStep;
        const wa = 1 - wb - wc;
        if (wa < 0 || wb < 0 || wc < 0) continue;
        const near = wa * az + wb * bz + wc * cz;
        if (near <= (depth[i] ?? 0)) continue;
        depth[i] = near;
        buffers.shine[i] = shine;
        const at = i * 3;
        normal[at] = wa * s(p6 + 3) + wb * s(q6 + 3) + wc * s(r6 + 3);
        normal[at + 1] = wa * s(p6 + 4) + wb * s(q6 + 4) + wc * s(r6 + 4);
        normal[at + 2] = wa * s(p6 + 5) + wb * s(q6 + 5) + wc * s(r6 + 5);
        colour[at] = wa * c(p * 3) + wb * c(q * 3) + wc * c(r * 3);
        colour[at + 1] = wa * c(p * 3 + 1) + wb * c(q * 3 + 1) + wc * c(r * 3 + 1);
        colour[at + 2] = wa * c(p * 3 + 2) + wb * c(q * 3 + 2) + wc * c(r * 3 + 2);
      }
    }
  }
};

/** Depth at a quarter of the resolution, then its mean over a square window by running sums along both axes. */
const around = (
  depth: Float32Array,
  columns: number,
  rows: number,
  radius: number,
): ((i: number, row: number) => number) => {
  const step = 4;
  const [w, h, r] = [
    Math.ceil(columns / step),
    Math.ceil(rows / step),
    Math.max(1, Math.round(radius / step)),
  ];
  const small = new Float32Array(w * h);
  for (let y = 0; y < h; y += 1)
    for (let x = 0; x < w; x += 1)
      small[y * w + x] =
        depth[Math.min(rows - 1, y * step + 2) * columns + Math.min(columns - 1, x * step + 2)] ?? 0;
  const pass = (
    from: Float32Array,
    length: number,
    lines: number,
    one: number,
    line: number,
  ): Float32Array => {
    const to = new Float32Array(from.length);
    for (let l = 0; l < lines; l += 1) {
      let sum = 0;
      for (let i = -r; i <= r; i += 1)
        sum += from[l * line + Math.max(0, Math.min(length - 1, i)) * one] ?? 0;
      for (let i = 0; i < length; i += 1) {
        to[l * line + i * one] = sum / (2 * r + 1);
        sum +=
          (from[l * line + Math.min(length - 1, i + r + 1) * one] ?? 0) -
          (from[l * line + Math.max(0, i - r) * one] ?? 0);
      }
    }
    return to;
  };
  const mean = pass(pass(small, w, h, 1, w), h, w, w, 1);
  return (i, row) => {
    // Between the four neighbours, so that the coarse grid does not show.
    const fx = Math.max(0, Math.min(w - 1.001, (i - row * columns - 2) / step));
    const fy = Math.max(0, Math.min(h - 1.001, (row - 2) / step));
    const x = Math.floor(fx);
    const y = Math.floor(fy);
    const k = y * w + x;
    const upper = (mean[k] ?? 0) * (1 - fx + x) + (mean[k + 1] ?? 0) * (fx - x);
    const lower = (mean[k + w] ?? 0) * (1 - fx + x) + (mean[k + w + 1] ?? 0) * (fx - x);
    return upper * (1 - fy + y) + lower * (fy - y);
  };
};

const FAR = -80;

/**
 * Draws meshes as a camera with a ring flash sees them: light from the camera, a little from above, wet highlights, and
 * shade where a surface lies behind its surroundings. `behind` colours what no mesh covers.
 */
export const photograph = (
  meshes: readonly Mesh[],
  camera: Camera,
  { columns, rows, behind }: { columns: number; rows: number; behind: (x: number, y: number) => Colour },
): Picture => {
  const size = columns * rows;
  const buffers: Buffers = {
    depth: new Float32Array(size).fill(FAR),
    normal: new Float32Array(size * 3),
    colour: new Float32Array(size * 3),
    shine: new Float32Array(size),
  };
  for (const mesh of meshes) fill(mesh, project(mesh, camera, columns, rows), buffers, columns, rows);
  const { depth, normal, colour, shine } = buffers;
  const wide = around(depth, columns, rows, camera.scale * 3);
  const close = around(depth, columns, rows, camera.scale * 0.9);
  const data = new Uint8Array(size * 3);
  const [lx, ly, lz] = [-0.12, 0.3, 0.946];
  for (let row = 0; row < rows; row += 1) {
    const y = (row / rows) * 2 - 1;
    for (let column = 0; column < columns; column += 1) {
      const i = row * columns + column;
      const x = (column / columns) * 2 - 1;
      const vignette = 1 - 0.34 * Math.min(1, (x * x + y * y) / 1.9);
      const near = depth[i] ?? FAR;
      if (near === FAR) {
        const [r, g, b] = behind(x, y);
        data[i * 3] = r * vignette;
        data[i * 3 + 1] = g * vignette;
        data[i * 3 + 2] = b * vignette;
        continue;
      }
      const nx = normal[i * 3] ?? 0;
      const ny = normal[i * 3 + 1] ?? 0;
      const nz = normal[i * 3 + 2] ?? 0;
      const flip = nz < 0 ? -1 : 1;
      // Math.hypot costs several times as much, and this runs for every pixel.
      const length = flip / (Math.sqrt(nx * nx + ny * ny + nz * nz) || 1);
      const facing = nz * length;
      const lit = Math.max(0, nx * length * lx + ny * length * ly + facing * lz);
      const shade =
        (1 - Math.min(0.42, Math.max(0, wide(i, row) - near) * 0.05)) *
        (1 - Math.min(0.4, Math.max(0, close(i, row) - near) * 0.16));
      const falloff = 1 - Math.min(0.45, Math.max(0, -near) * 0.011);
      const light = (0.4 + 0.72 * lit) * shade * falloff * vignette;
      // Half-way between the eye and each of the two lamps of a ring flash.
      const gloss = shine[i] ?? 0;
      const h1 = Math.max(0, nx * length * -0.16 + ny * length * 0.2 + facing * 0.967);
      const h2 = Math.max(0, nx * length * 0.2 + ny * length * 0.12 + facing * 0.972);
      const glint = gloss * shade * ((h1 > 0.93 ? 0.5 * h1 ** 90 : 0) + (h2 > 0.96 ? 0.28 * h2 ** 160 : 0));
      for (let k = 0; k < 3; k += 1) {
        const value = ((colour[i * 3 + k] ?? 0) * light) / 255 + glint;
        data[i * 3 + k] = Math.min(255, 255 * value * (1.06 - 0.06 * value));
      }
    }
  }
  return { columns, rows, data };
};
