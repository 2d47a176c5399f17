import { LOWER_TEETH, UPPER_TEETH, type Tooth } from '../dicom/teeth.ts';
import { createRandom } from '../drawing/random.ts';

/**
 * Where one tooth stands, in millimetres and degrees, in the occlusal plane: x to the patient's left, y to the front,
 * z up; (0, 0) is midway between the second molars. This is the truth that every generated picture of a progress shows.
 */
export interface ToothPose {
  readonly tooth: Tooth;
  readonly jaw: 'upper' | 'lower';
  readonly x: number;
  readonly y: number;
  /** Vertical displacement of the crown from the occlusal curve; positive is up. */
  readonly z: number;
  /** Direction of the arch at the tooth, counter-clockwise, 0 at the midline, plus the malrotation. */
  readonly rotation: number;
  /** Mesiodistal tip of the long axis. */
  readonly tip: number;
  /** Mesiodistal width of the crown. */
  readonly width: number;
  /** Position along the arch from the midline; negative on the patient's right. */
  readonly along: number;
}

/** Mean mesiodistal crown widths in mm, central incisor to third molar (textbook means, rounded). */
const WIDTHS = {
  upper: [8.5, 6.6, 7.6, 7.1, 6.8, 10.2, 9.6, 8.8],
  lower: [5.4, 5.9, 6.9, 7.0, 7.1, 11.0, 10.4, 9.9],
} as const;
/** Half axes of the ellipse that the arch follows, in mm: half width, depth. */
const ARCH = { upper: [30, 52], lower: [27.5, 47] } as const;

/** The point at an arc length from the front of the half ellipse, walked in small steps; exact enough for 0.01 mm. */
const onArch = (jaw: 'upper' | 'lower', along: number): { x: number; y: number; angle: number } => {
  const [a, b] = ARCH[jaw];
  const step = 0.0005;
  let t = 0;
  let length = 0;
  while (length < Math.abs(along) && t < Math.PI * 0.6) {
    length += Math.hypot(a * Math.cos(t), b * Math.sin(t)) * step;
    t += step;
  }
  const side = Math.sign(along);
  return {
    x: side * a * Math.sin(t),
    y: b * Math.cos(t),
    angle: (-side * Math.atan2(b * Math.sin(t), a * Math.cos(t)) * 180) / Math.PI,
  };
};

/**
 * The dentition of a patient at one progress. `progress` runs from 0 (crowded, before treatment) to 1 (aligned); every
 * displacement shrinks in proportion, so the movement of a tooth between two progresses is known exactly.
 */
export const dentition = (seed: number, progress: number): ToothPose[] =>
  (['upper', 'lower'] as const).flatMap((jaw) => {
    const teeth = jaw === 'upper' ? UPPER_TEETH : LOWER_TEETH;
    return teeth.map((tooth): ToothPose => {
      const random = createRandom((seed ^ (tooth * 2654435761)) >>> 0);
      const order = (tooth % 10) - 1;
      const widths = WIDTHS[jaw];
      const width = widths[order] ?? 7;
      const quadrant = Math.floor(tooth / 10);
      const side = quadrant === 1 || quadrant === 4 ? -1 : 1;
      const along = side * (widths.slice(0, order).reduce((sum, w) => sum + w, 0) + width / 2);
      const ideal = onArch(jaw, along);
      // Crowding shows in front; molars hardly move.
      const left = (1 - progress) * (order < 5 ? 1 : 0.25);
      return {
        tooth,
        jaw,
        x: ideal.x + left * random.between(-1.6, 1.6),
        y: ideal.y + left * random.between(-2.2, 2.2),
        z: left * random.between(-1.8, 1.8),
        rotation: ideal.angle + left * random.between(-22, 22),
        tip: left * random.between(-14, 14),
        width,
        along: along + left * random.between(-0.9, 0.9),
      };
    });
  });
