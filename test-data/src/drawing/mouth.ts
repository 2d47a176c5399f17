import { dentition, type ToothPose } from '../anatomy/dentition.ts';
import {
  crownHalfDepth,
  crownHalfWidth,
  edgeDrop,
  toothForm,
  type ToothForm,
} from '../anatomy/tooth-form.ts';
import { type Colour, type Mesh, sheet, type Vector } from './mesh.ts';
import { createRandom } from './random.ts';

const mix = (a: Colour, b: Colour, t: number): Colour => {
  const k = Math.max(0, Math.min(1, t));
  return [a[0] + (b[0] - a[0]) * k, a[1] + (b[1] - a[1]) * k, a[2] + (b[2] - a[2]) * k];
};

/** How far the crown leans outwards towards its edge, as a slope. */
const torque = ({ jaw, tooth }: ToothPose): number => {
  const order = tooth % 10;
  if (order <= 2) return jaw === 'upper' ? 0.3 : 0.16;
  if (order === 3) return jaw === 'upper' ? 0.14 : 0.02;
  return jaw === 'upper' ? 0 : -0.16;
};

/** Height of the edge over the plane where the jaws meet; the upper front teeth overlap the lower ones. */
const edgeHeight = ({ jaw, tooth }: ToothPose): number =>
  jaw === 'upper' ? (tooth % 10 <= 3 ? -2 : 0.3) : tooth % 10 <= 3 ? 0.6 : -0.3;

/** Puts a point of the tooth (u along the arch, v outwards, w from the neck to the apex) into the mouth. */
const place = (pose: ToothPose, form: ToothForm): ((u: number, v: number, w: number) => Vector) => {
  const turn = (pose.rotation * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
  const up = pose.jaw === 'upper' ? 1 : -1;
  const lean = Math.tan((pose.tip * Math.PI) / 180);
  const slope = torque(pose);
  const edge = edgeHeight(pose) + pose.z * 0.8;
  return (u, v, w) => {
    const along = u + lean * (w + form.crown * 0.5) * up;
    const out = v - slope * (w + form.crown * 0.75);
    return [
      pose.x + along * cosine - out * sine,
      pose.y + along * sine + out * cosine,
      edge + up * (w + form.crown),
    ];
  };
};

const RINGS = 16;
const CAP = 7;
const AROUND = 30;

const crownMesh = (pose: ToothPose, seed: number): Mesh => {
  const form = toothForm(pose.tooth, pose.width);
  const random = createRandom(seed + pose.tooth);
  const at = place(pose, form);
  const warm = random.between(-4, 4);
  const body: Colour = [238 + warm, 229 + warm, 208 + warm * 0.6];
  const neck: Colour = [224, 203, 164];
  const edgeColour: Colour = form.kind === 'incisor' ? [214, 213, 207] : [240, 234, 220];
  const power = form.kind === 'molar' ? 2.9 : form.kind === 'incisor' ? 2.25 : 2.4;
  const back = form.kind === 'molar' || form.kind === 'premolar';
  return sheet(
    RINGS + CAP,
    AROUND,
    (ring, k) => {
      const angle = (k / AROUND) * 2 * Math.PI;
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const inCap = ring >= RINGS;
      const level = inCap ? 1 : ring / (RINGS - 1);
      const w = 2.5 - level * (form.crown + 2.5);
      const shrink = inCap ? 1 - (ring - RINGS + 1) / CAP : 1;
      const round = level > 0.86 ? 1 - ((level - 0.86) / 0.14) ** 2 * 0.1 : 1;
      const u = Math.sign(c) * Math.abs(c) ** (2 / power) * crownHalfWidth(form, w) * 1.05 * shrink * round;
      const v = Math.sign(s) * Math.abs(s) ** (2 / power) * crownHalfDepth(form, w) * shrink * round;
      const groove = back
        ? 1.5 * Math.exp(-((v / (form.depth * 0.34)) ** 2)) * (inCap ? 1 : 0.2) +
          (form.kind === 'molar' ? 0.7 * Math.exp(-((u / (form.half * 0.2)) ** 2)) * (inCap ? 1 : 0.3) : 0)
        : 0;
      const limit = -(form.crown - edgeDrop(form, u) - groove);
      const shade = mix(mix(neck, body, (level - 0.2) / 0.35), edgeColour, (level - 0.72) / 0.28);
      return [
        at(u, v, Math.max(w, limit)),
        inCap && back ? mix(shade, [206, 184, 146], groove / 2.2) : shade,
      ];
    },
    { wrap: true, shine: 0.85 },
  );
};

interface Arch {
  /** Between the first and the last tooth, 0 to 1. */
  at(t: number): {
    readonly centre: Vector;
    readonly out: Vector;
    readonly neck: number;
    readonly depth: number;
    /** 0 over the middle of a tooth, 1 between two. */
    readonly between: number;
  };
}

const archOf = (poses: readonly ToothPose[]): Arch => {
  const sorted = [...poses].sort((a, b) => a.along - b.along);
  const stops = sorted.map((pose) => {
    const form = toothForm(pose.tooth, pose.width);
    const [x, y, z] = place(pose, form)(0, 0, 0);
    return { along: pose.along, x, y, z, depth: form.depth, half: pose.width / 2 };
  });
  const [first, last] = [stops[0], stops.at(-1)];
  const from = (first?.along ?? 0) - 5;
  const to = (last?.along ?? 0) + 5;
  const smooth = (s: number) => {
    let [weight, x, y, z, depth] = [0, 0, 0, 0, 0];
    for (const stop of stops) {
      const k = Math.exp(-(((s - stop.along) / (stop.half * 0.75 + 1.2)) ** 2));
      weight += k;
      x += k * stop.x;
      y += k * stop.y;
      z += k * stop.z;
      depth += k * stop.depth;
    }
    const k = weight || 1e-9;
    const beyond = Math.max(0, s - (last?.along ?? 0), (first?.along ?? 0) - s);
    return { x: x / k, y: y / k - beyond * 0.95, z: z / k, depth: depth / k };
  };
  return {
    at: (t) => {
      const s = from + (to - from) * t;
      const here = smooth(s);
      const [a, b] = [smooth(s - 1.5), smooth(s + 1.5)];
      const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
      const nearest = stops.reduce(
        (best, stop) => (Math.abs(s - stop.along) < Math.abs(s - best.along) ? stop : best),
        stops[0] ?? { along: 0, half: 4 },
      );
      return {
        centre: [here.x, here.y, here.z],
        out: [-(b.y - a.y) / length, (b.x - a.x) / length, 0],
        neck: here.z,
        depth: here.depth,
        between: Math.min(1, Math.abs(s - nearest.along) / nearest.half),
      };
    },
  };
};

const ATTACHED: Colour = [226, 146, 139];
const MUCOSA: Colour = [186, 82, 84];
const ALONG = 300;

/** The gum: from deep inside over the crest, with a papilla between each two teeth, into the cheek. */
const gumMesh = (arch: Arch, up: 1 | -1, seed: number): Mesh => {
  const random = createRandom(seed + 5);
  const phase = random.between(0, 9);
  // Out from the middle of the ridge as a part of the tooth's depth plus mm, and down from the margin in mm.
  const profile: readonly (readonly [part: number, mm: number, down: number])[] = [
    [-1, -5.5, 14],
    [-1, -4, 8],
    [-1, -2.4, 4],
    [-0.95, -1, 1.2],
    [-0.75, -0.2, 0.15],
    [-0.4, 0, -0.1],
    [0.4, 0, -0.1],
    [0.74, 0.2, 0.1],
    [0.93, 0.55, 0.8],
    [1, 1.1, 2.2],
    [1, 1.5, 4.2],
    [1, 1.5, 6.8],
    [1, 1.9, 9.5],
    [1, 3.2, 12.5],
    [1, 6.5, 16],
    [1, 12, 19],
  ];
  return sheet(
    ALONG,
    profile.length,
    (i, j) => {
      const { centre, out, neck, depth, between } = arch.at(i / (ALONG - 1));
      const [part, mm, down] = profile[j] ?? [0, 0, 0];
      const fine = Math.min(1, Math.abs(part) + 0.1);
      const papilla = -4.1 * between ** 2 * Math.max(0, 1 - Math.max(0, down) / 5);
      const frenum = 0.5 * Math.sin(i * 0.21 + phase) * Math.min(1, Math.max(0, down - 5) / 6);
      const w = 0.9 + down + papilla * fine;
      const off = part * depth * (1 - 0.16 * between) + mm + frenum;
      const colour = mix(
        mix([232, 158, 150], ATTACHED, down / 2),
        MUCOSA,
        (down - 5 - Math.sin(i * 0.12 + phase)) / 3.2,
      );
      return [[centre[0] + out[0] * off, centre[1] + out[1] * off, neck + up * w], colour];
    },
    { wrap: false, shine: 0.5 },
  );
};

/** The palate, or the tongue and the floor of the mouth. */
const middleMesh = (arch: Arch, upper: boolean): Mesh =>
  sheet(
    60,
    41,
    (i, j) => {
      const t = (i / 59) * 0.5;
      const [left, right] = [arch.at(t), arch.at(1 - t)];
      const k = j / 40;
      const inset = 0.1;
      const x = left.centre[0] + (right.centre[0] - left.centre[0]) * (inset + k * (1 - 2 * inset));
      const y =
        (left.centre[1] + right.centre[1]) / 2 - (i === 59 ? 1 : 0) - (1 - Math.abs(2 * k - 1)) * (2 - t * 3);
      const vault = (1 - (2 * k - 1) ** 2) ** 0.7;
      const front = t / 0.5;
      if (upper) {
        const rugae =
          front > 0.55 && front < 0.97 ? 0.7 * Math.sin(front * 46 + Math.abs(k - 0.5) * 9) * vault : 0;
        const raphe = 0.6 * Math.exp(-(((k - 0.5) / 0.025) ** 2));
        return [
          [x, y, left.neck + 2 + (13 - 7 * front) * vault + rugae - raphe],
          mix([214, 138, 130], [234, 178, 168], vault * (1 - front * 0.4)),
        ];
      }
      const dome = (1 - (2 * k - 1) ** 2) ** 0.5;
      const groove = 1.2 * Math.exp(-(((k - 0.5) / 0.05) ** 2));
      const height = front > 0.86 ? -8 : -6 + 11 * dome * Math.min(1, (0.9 - front) * 4);
      return [
        [x, y, left.neck + height - groove],
        mix([170, 74, 78], [216, 128, 124], dome * (1 - front * 0.3)),
      ];
    },
    { wrap: false, shine: 0.45 },
  );

const STEEL: Colour = [176, 184, 194];
const LIGATURES: readonly [Colour, ...Colour[]] = [
  [54, 168, 180],
  [92, 122, 206],
  [214, 92, 128],
  [126, 132, 140],
  [92, 170, 112],
];

/** A box with rounded sides around a centre, its axes along the tooth's. */
const box = (
  at: (u: number, v: number, w: number) => Vector,
  [u0, v0, w0]: Vector,
  [a, b, c]: Vector,
  colour: Colour,
): Mesh =>
  sheet(
    6,
    16,
    (i, k) => {
      const angle = (k / 16) * 2 * Math.PI;
      const square = (value: number): number => Math.sign(value) * Math.abs(value) ** 0.35;
      const rise = [0, 0, 0.75, 1, 1, 1][i] ?? 1;
      const size = [0, 1, 1, 0.86, 0.4, 0][i] ?? 0;
      return [
        at(
          u0 + square(Math.cos(angle)) * a * size,
          v0 + (rise - 0.5) * 2 * b,
          w0 + square(Math.sin(angle)) * c * size,
        ),
        colour,
      ];
    },
    { wrap: true, shine: 1 },
  );

const wireMesh = (slots: readonly Vector[]): Mesh => {
  const steps = 8;
  const count = (slots.length - 1) * steps + 1;
  const slot = (i: number): Vector => slots[Math.max(0, Math.min(slots.length - 1, i))] ?? [0, 0, 0];
  const on = (i: number): Vector => {
    const k = Math.floor(i / steps);
    const t = i / steps - k;
    const [p, q, r, s] = [slot(k - 1), slot(k), slot(k + 1), slot(k + 2)];
    const axis = (n: 0 | 1 | 2): number =>
      0.5 *
      (2 * q[n] +
        (r[n] - p[n]) * t +
        (2 * p[n] - 5 * q[n] + 4 * r[n] - s[n]) * t * t +
        (3 * q[n] - p[n] - 3 * r[n] + s[n]) * t ** 3);
    return [axis(0), axis(1), axis(2)];
  };
  return sheet(
    count,
    8,
    (i, k) => {
      const [here, a, b] = [on(i), on(Math.max(0, i - 1)), on(Math.min(count - 1, i + 1))];
      const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
      const angle = (k / 8) * 2 * Math.PI;
      const out = Math.cos(angle) * 0.3;
      return [
        [
          here[0] - ((b[1] - a[1]) / length) * out,
          here[1] + ((b[0] - a[0]) / length) * out,
          here[2] + Math.sin(angle) * 0.3,
        ],
        [206, 212, 220],
      ];
    },
    { wrap: true, shine: 1 },
  );
};

const braces = (poses: readonly ToothPose[], seed: number, progress: number): Mesh[] => {
  const row = poses.filter(({ tooth }) => tooth % 10 <= 6).sort((a, b) => a.along - b.along);
  const tie = createRandom(seed + Math.round(progress * 100)).pick(LIGATURES);
  const slots: Vector[] = [];
  const brackets = row.flatMap((pose) => {
    const form = toothForm(pose.tooth, pose.width);
    const at = place(pose, form);
    const w = -form.crown * 0.5;
    const v = crownHalfDepth(form, w);
    slots.push(at(0, v + 1.25, w));
    return [
      box(at, [0, v + 0.3, w], [1.95, 0.55, 2.1], STEEL),
      box(at, [0, v + 0.95, w + 0.95], [1.5, 0.45, 0.42], tie),
      box(at, [0, v + 0.95, w - 0.95], [1.5, 0.45, 0.42], tie),
    ];
  });
  return [...brackets, wireMesh(slots)];
};

/** The mouth of a dentition as surfaces. `jaws` are those that a view shows; the middle is the palate or the tongue. */
export const mouthMeshes = (
  seed: number,
  progress: number,
  { jaws, middle }: { jaws: readonly ('upper' | 'lower')[]; middle: boolean },
): Mesh[] =>
  jaws.flatMap((jaw) => {
    const poses = dentition(seed, progress).filter((pose) => pose.jaw === jaw && pose.tooth % 10 <= 7);
    const arch = archOf(poses);
    const treated = progress > 0.05 && progress < 0.95;
    return [
      gumMesh(arch, jaw === 'upper' ? 1 : -1, seed),
      ...poses.map((pose) => crownMesh(pose, seed)),
      ...(middle ? [middleMesh(arch, jaw === 'upper')] : []),
      ...(treated ? braces(poses, seed, progress) : []),
    ];
  });
