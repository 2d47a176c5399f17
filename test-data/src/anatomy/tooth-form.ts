import type { Tooth } from '../dicom/teeth.ts';

/** The form of a tooth in mm, in its own axes: u along the arch, v from cheek to tongue, w from the neck (0) to the apex. */
export interface ToothForm {
  readonly kind: 'incisor' | 'canine' | 'premolar' | 'molar';
  /** Length of the crown; its edge lies at w = -crown. */
  readonly crown: number;
  readonly root: number;
  /** Half of the greatest mesiodistal width. */
  readonly half: number;
  /** Half of the greatest thickness from cheek to tongue. */
  readonly depth: number;
  /** Where each root ends, as a part of `half`, and how thick it is, as a part of the neck. */
  readonly roots: readonly { readonly at: number; readonly thick: number; readonly length: number }[];
}

const SINGLE = [{ at: 0, thick: 1, length: 1 }] as const;
const LENGTHS = {
  upper: [
    [10.5, 13, 3.6],
    [9, 13, 3.1],
    [10, 17, 4.1],
    [8.5, 14, 4.6],
    [8.5, 14, 4.6],
    [7.5, 12.5, 5.6],
    [7, 11.5, 5.5],
    [6.5, 10, 5],
  ],
  lower: [
    [9, 12.5, 3],
    [9.5, 14, 3.2],
    [11, 16, 3.9],
    [8.5, 14, 3.9],
    [8, 14.5, 4.1],
    [7.5, 14, 5.2],
    [7, 13, 5.1],
    [7, 11, 4.8],
  ],
} as const;

/** The mean form of a tooth (ISO 3950 number) whose crown is `width` mm wide. */
export const toothForm = (tooth: Tooth, width: number): ToothForm => {
  const order = (tooth % 10) - 1;
  const upper = tooth < 30;
  const [crown, root, depth] = LENGTHS[upper ? 'upper' : 'lower'][order] ?? [8, 13, 4];
  const kind = order < 2 ? 'incisor' : order === 2 ? 'canine' : order < 5 ? 'premolar' : 'molar';
  const roots =
    kind !== 'molar'
      ? SINGLE
      : upper
        ? [
            { at: -0.46, thick: 0.46, length: 0.96 },
            { at: 0.46, thick: 0.44, length: 0.92 },
            { at: 0.04, thick: 0.4, length: 1.06 },
          ]
        : [
            { at: -0.5, thick: 0.42, length: 1 },
            { at: 0.5, thick: 0.4, length: 0.96 },
          ];
  return { kind, crown, root, half: width / 2, depth, roots };
};

/** Half width of the crown at w (from -crown at the edge to 0 at the neck). */
export const crownHalfWidth = ({ kind, crown, half }: ToothForm, w: number): number => {
  const t = Math.min(1, Math.max(0, -w / crown));
  const neck = kind === 'molar' ? 0.84 : kind === 'premolar' ? 0.76 : 0.72;
  const contact = kind === 'incisor' ? 0.78 : kind === 'canine' ? 0.62 : 0.6;
  const edge = kind === 'incisor' ? 0.95 : kind === 'canine' ? 0.62 : kind === 'premolar' ? 0.8 : 0.88;
  const smooth = (k: number): number => k * k * (3 - 2 * k);
  return (
    half *
    (t < contact
      ? neck + (1 - neck) * smooth(t / contact)
      : 1 - (1 - edge) * smooth((t - contact) / (1 - contact)))
  );
};

/** Half thickness of the crown, cheek to tongue, at w. */
export const crownHalfDepth = ({ kind, crown, depth }: ToothForm, w: number): number => {
  const t = Math.min(1, Math.max(0, -w / crown));
  if (kind === 'incisor') return depth * (0.95 - 0.72 * t ** 1.25);
  if (kind === 'canine') return depth * (0.98 - 0.6 * t ** 1.6);
  return depth * (0.9 + 0.35 * t - (kind === 'molar' ? 0.5 : 0.62) * t ** 2.4);
};

/** How much lower than -crown the edge lies at u, in mm: corners and cusps. */
export const edgeDrop = ({ kind, crown, half }: ToothForm, u: number): number => {
  const r = Math.min(1, Math.abs(u) / half);
  if (kind === 'incisor') return crown * (0.01 + 0.12 * r ** 5);
  if (kind === 'canine') return crown * (0.02 + 0.24 * r ** 1.2);
  if (kind === 'premolar') return crown * (0.04 + 0.2 * r ** 1.6);
  const cusp = Math.exp(-(((r - 0.48) / 0.3) ** 2));
  return crown * (0.14 - 0.12 * cusp + 0.1 * r ** 6);
};
