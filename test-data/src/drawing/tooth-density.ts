import { crownHalfDepth, crownHalfWidth, edgeDrop, type ToothForm } from '../anatomy/tooth-form.ts';
import type { Film } from './film.ts';

/** Where a tooth is seen on a film. */
export interface ToothPlace {
  /** Pixel of the middle of its neck. */
  readonly x: number;
  readonly y: number;
  /** Pixels of 1 mm. */
  readonly scale: number;
  /** 1: root up (upper jaw), -1: root down. */
  readonly direction: 1 | -1;
  /** Degrees, clockwise on the picture. */
  readonly rotation: number;
  /** The side of the arch's end, towards which roots bend: 1 to the right of the picture. */
  readonly distal: 1 | -1;
}

const ENAMEL = 0.115;
const DENTINE = 0.068;
const PULP = 0.06;
const ENAMEL_MM = 1.25;

/** Rays through an elliptic section: `u` off its axis. */
const chord = (u: number, half: number, depth: number, power: number): number =>
  Math.abs(u) >= half || depth <= 0 ? 0 : 2 * depth * (1 - (Math.abs(u) / half) ** power) ** (1 / power);

const crownDensity = (form: ToothForm, u: number, w: number): number => {
  const { crown, kind } = form;
  const above = crown - edgeDrop(form, u) + w;
  if (above <= 0) return 0;
  const power = kind === 'molar' ? 3 : 2;
  const half = crownHalfWidth(form, w);
  const taper = Math.min(1, above / 1.1) ** 0.5;
  const outer = chord(u, half, crownHalfDepth(form, w) * taper, power);
  if (outer === 0) return 0;
  const enamel = ENAMEL_MM * Math.min(1, (-w / crown) * 1.5) ** 0.6;
  const cap = above - ENAMEL_MM * 1.25;
  const inner =
    cap <= 0
      ? 0
      : Math.min(
          outer,
          chord(u, half - enamel, (crownHalfDepth(form, w) - enamel) * Math.min(1, cap / 1.4) ** 0.5, power),
        );
  // The chamber ends in horns under the cusps.
  const roof = crown * (kind === 'molar' ? 0.34 + 0.08 * Math.cos((u / form.half) * 5) : 0.5);
  const chamber =
    form.half * (kind === 'molar' ? 0.42 : 0.2) * Math.min(1, Math.max(0, (w + roof) / 1.2)) ** 0.5;
  const horn = chamber > 0 ? chord(u, chamber, form.depth * 0.26, 2) : 0;
  return ENAMEL * (outer - inner) + DENTINE * inner - PULP * horn;
};

const rootDensity = (form: ToothForm, u: number, w: number, distal: 1 | -1): number => {
  const neck = crownHalfWidth(form, 0);
  const molar = form.kind === 'molar';
  // Molars have a trunk before their roots part.
  const trunk = molar ? Math.max(0, Math.min(1, 1.25 - w / (form.root * 0.26))) : 0;
  let density = trunk * DENTINE * chord(u, neck * (1 - 0.012 * w), form.depth * 0.9, 3);
  if (trunk > 0) density -= trunk * PULP * chord(u, form.half * 0.34, form.depth * 0.24, 2);
  for (const { at, thick, length } of form.roots) {
    const end = form.root * length;
    const t = w / end;
    if (t > 1.08) continue;
    const part = molar ? Math.max(0, Math.min(1, (t - 0.05) / 0.4)) : 0;
    const axis = at * form.half * Math.min(1, 0.35 + part * 0.75) + distal * form.half * 0.34 * t * t;
    const body = Math.max(0, 1 - Math.max(0, t) ** 2.1) ** 0.62;
    const half = neck * (molar ? thick + (0.62 - thick) * Math.max(0, 1 - t / 0.4) : 0.98 - 0.3 * t) * body;
    const off = u - axis;
    const inside = chord(off, half, form.depth * (molar ? 0.62 : 0.96) * (1 - 0.5 * t) * (body + 0.05), 2);
    if (inside > 0) {
      const canal = chord(off, Math.max(0.25, half * 0.2) * (1 - 0.5 * t), form.depth * 0.24, 2);
      density += (DENTINE * inside * (molar ? 0.66 : 1 - 0.15 * t) - PULP * canal) * (1 - trunk);
    } else if (w > (molar ? form.root * 0.3 : 1.2)) {
      // The ligament is a dark line, the wall of the socket a bright one.
      const gap = Math.abs(off) - half;
      if (gap < 0.28) density -= 0.055 * (1 - gap / 0.28);
      else if (gap < 0.75) density += 0.05 * (1 - (gap - 0.28) / 0.47);
    }
  }
  return density;
};

/** Adds the shadow of one tooth: enamel, dentine, pulp, and the socket around its roots. */
export const addTooth = (film: Film, form: ToothForm, place: ToothPlace): void => {
  const { columns, rows, density } = film;
  const turn = (place.rotation * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
  const reach = (Math.max(form.crown, form.root * 1.1) + 2) * place.scale;
  const bound = (value: number, high: number): number => Math.max(0, Math.min(high, Math.round(value)));
  for (let row = bound(place.y - reach, rows); row < bound(place.y + reach, rows); row += 1) {
    for (
      let column = bound(place.x - reach, columns);
      column < bound(place.x + reach, columns);
      column += 1
    ) {
      const dx = (column + 0.5 - place.x) / place.scale;
      const dy = (row + 0.5 - place.y) / place.scale;
      const u = dx * cosine + dy * sine;
      const w = (dx * sine - dy * cosine) * place.direction;
      if (Math.abs(u) > form.half * 1.6 + 1 || w < -form.crown || w > form.root * 1.1) continue;
      const value = w < 0 ? crownDensity(form, u, w) : rootDensity(form, u, w, place.distal);
      const i = row * columns + column;
      density[i] = (density[i] ?? 0) + value;
    }
  }
};

/** Adds a bar of metal, thick enough to stop everything; `length` and `width` in pixels, along `rotation` degrees. */
export const addMetal = (
  film: Film,
  at: { readonly x: number; readonly y: number },
  {
    length,
    width,
    rotation = 0,
    amount = 1.6,
  }: { length: number; width: number; rotation?: number; amount?: number },
): void => {
  const { columns, rows, density } = film;
  const turn = (rotation * Math.PI) / 180;
  const reach = Math.ceil(Math.hypot(length, width) / 2 + 1);
  for (let dy = -reach; dy <= reach; dy += 1) {
    for (let dx = -reach; dx <= reach; dx += 1) {
      const u = Math.abs(dx * Math.cos(turn) + dy * Math.sin(turn));
      const v = Math.abs(dy * Math.cos(turn) - dx * Math.sin(turn));
      const cover = Math.min(1, length / 2 + 0.5 - u) * Math.min(1, width / 2 + 0.5 - v);
      if (u > length / 2 + 0.5 || v > width / 2 + 0.5 || cover <= 0) continue;
      const [column, row] = [Math.round(at.x + dx), Math.round(at.y + dy)];
      if (column < 0 || row < 0 || column >= columns || row >= rows) continue;
      const i = row * columns + column;
      density[i] = Math.max(density[i] ?? 0, (density[i] ?? 0) * (1 - cover) + amount * cover);
    }
  }
};
