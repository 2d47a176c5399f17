import { landmarks, type Landmarks, type Point } from '../anatomy/cephalometry.ts';
import { toothForm } from '../anatomy/tooth-form.ts';
import { sct } from '../dicom/code.ts';
import { commonModules, type SyntheticStudy } from '../dicom/modules.ts';
import type { Tooth } from '../dicom/teeth.ts';
import { writeObject } from '../dicom/write-object.ts';
import { addLayers, createFilm, develop, drawLayer, type Film } from '../drawing/film.ts';
import { createRandom } from '../drawing/random.ts';
import { wordBytes } from '../drawing/rasterise.ts';
import { addMetal, addTooth } from '../drawing/tooth-density.ts';
import { radiographModules } from './radiograph-modules.ts';

/** Geometry of the cephalostat: source to midsagittal plane 1524 mm, to the detector 1611 mm. */
const SOURCE_TO_PATIENT = 1524;
const SOURCE_TO_DETECTOR = 1611;
const MAGNIFICATION = SOURCE_TO_DETECTOR / SOURCE_TO_PATIENT;
const SPACING = 0.125;
const ROWS = 1840;
const COLUMNS = 1760;
/** Where sella falls on the detector, in mm from the upper left corner. */
const SELLA: Point = [96, 88];

/** Column and row (pixels) at which a point of the midsagittal plane is seen. */
export const cephPixel = ([x, y]: Point): Point => [
  (SELLA[0] + x * MAGNIFICATION) / SPACING,
  (SELLA[1] + y * MAGNIFICATION) / SPACING,
];

/** The film has half the resolution of the detector. */
const HALF = 2;
const MM = MAGNIFICATION / SPACING / HALF;

const PROFILE = (l: Landmarks): readonly Point[] => [
  [62, -92],
  [72, -66],
  [77, -40],
  [78, -22],
  [73, -10],
  [80, 8],
  [89, 24],
  [93, 32],
  [89, 38],
  [80, 43],
  [81, 51],
  [l.U1tip[0] + 9, 61],
  [l.U1tip[0] + 10, 66],
  [l.U1tip[0] + 5, 70],
  [l.L1tip[0] + 10, 75],
  [l.L1tip[0] + 9, 81],
  [l.B[0] + 12, 88],
  [l.Pog[0] + 12, 97],
  [l.Pog[0] + 11, 106],
  [l.Me[0] + 6, 118],
  [34, 124],
  [6, 122],
  [-8, 150],
];

/** A smooth line through points of the midsagittal plane. */
const curve = (points: readonly Point[], closed = false): string => {
  const pixels = points.map(cephPixel);
  const at = (i: number): Point =>
    pixels[closed ? (i + pixels.length) % pixels.length : Math.max(0, Math.min(pixels.length - 1, i))] ?? [
      0, 0,
    ];
  const parts = [`M${at(0)[0].toFixed(1)} ${at(0)[1].toFixed(1)}`];
  for (let i = 0; i < pixels.length - (closed ? 0 : 1); i += 1) {
    const [p, q, r, s] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    parts.push(
      `C${(q[0] + (r[0] - p[0]) / 6).toFixed(1)} ${(q[1] + (r[1] - p[1]) / 6).toFixed(1)} ${(r[0] - (s[0] - q[0]) / 6).toFixed(1)} ${(r[1] - (s[1] - q[1]) / 6).toFixed(1)} ${r[0].toFixed(1)} ${r[1].toFixed(1)}`,
    );
  }
  return parts.join(' ') + (closed ? 'Z' : '');
};

const mandible = (l: Landmarks): readonly Point[] => [
  [l.Co[0] - 4, l.Co[1]],
  [l.Co[0] + 2, l.Co[1] - 4],
  [l.Co[0] + 7, l.Co[1] + 3],
  [4, 40],
  [14, 30],
  [22, 33],
  [25, 50],
  [28, 72],
  [44, 84],
  [62, 80],
  [l.B[0] + 1, l.B[1] - 3],
  l.B,
  l.Pog,
  l.Gn,
  l.Me,
  [30, 106],
  [8, 96],
  [l.Go[0] + 2, l.Go[1] + 6],
  l.Go,
  [-12, 62],
  l.Ar,
];
const VAULT: readonly Point[] = [
  [68, -10],
  [74, -34],
  [66, -66],
  [36, -92],
  [-8, -100],
  [-56, -90],
  [-88, -56],
  [-94, -14],
  [-78, 24],
  [-50, 42],
  [-26, 44],
];

const svg = (body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${COLUMNS / 4}" height="${ROWS / 4}" viewBox="0 0 ${COLUMNS} ${ROWS}"><defs>
${[4, 8, 16, 34].map((r) => `<filter id="b${r}" filterUnits="userSpaceOnUse" x="0" y="0" width="${COLUMNS}" height="${ROWS}"><feGaussianBlur stdDeviation="${r}"/></filter>`).join('')}</defs><rect width="${COLUMNS}" height="${ROWS}" fill="#000"/>${body}</svg>`;

const vertebra = (i: number): string => {
  const [x, y] = cephPixel([-36 - i * 2.5, 60 + i * 16.5]);
  return `<g transform="translate(${x} ${y}) rotate(-8)"><path d="M-62 -42 Q0 -30 62 -46 Q56 0 64 44 Q0 34 -62 48 Q-54 0 -62 -42Z" fill="#9a9a9a"/><path d="M-70 -10 Q-150 0 -210 34 Q-150 44 -72 26Z" fill="#6e6e6e"/></g>`;
};

/** Soft tissue, bone lines and air, without the teeth. */
const headSvg = (l: Landmarks): string => {
  const skin = curve(PROFILE(l));
  const [bx, by] = cephPixel([-120, 150]);
  const [tx, ty] = cephPixel([-120, -120]);
  const vault = curve(VAULT);
  const jaw = curve(mandible(l), true);
  return svg(`<g filter="url(#b8)"><path d="${skin} L${bx} ${by} L${tx} ${ty}Z" fill="#2c2c2c"/></g>
<g filter="url(#b34)"><path d="${vault}" fill="#4c4c4c"/><path d="${curve(
    [
      [-60, 40],
      [40, 40],
      [60, 60],
      [58, 100],
      [0, 90],
      [-20, 150],
      [-64, 150],
    ],
    true,
  )}" fill="#3e3e3e"/><path d="${curve(
    [
      [-24, 6],
      [0, 10],
      [10, 30],
      [-14, 44],
      [-34, 32],
    ],
    true,
  )}" fill="#a8a8a8"/></g>
<g filter="url(#b16)"><path d="${curve([l.N, [60, 14], [56, 34], l.ANS, l.A, [66, 58], [44, 66], [20, 60], l.PNS, [22, 26], [30, 4]], true)}" fill="#444"/><path d="${jaw}" fill="#5a5a5a"/>
<path d="${curve([
    [12, 36],
    [6, 60],
    [2, 84],
    [-6, 104],
    [-12, 140],
  ])}" fill="none" stroke="#000" stroke-opacity=".6" stroke-width="76"/>
<path d="${curve(
    [
      [58, -4],
      [64, -16],
      [66, -28],
      [58, -20],
    ],
    true,
  )}" fill="#000" fill-opacity=".55"/><path d="${curve(
    [
      [4, 8],
      [20, 4],
      [24, 18],
      [8, 22],
    ],
    true,
  )}" fill="#000" fill-opacity=".45"/><path d="${curve(
    [
      [26, 14],
      [48, 24],
      [44, 40],
      [22, 40],
    ],
    true,
  )}" fill="#000" fill-opacity=".4"/>
<path d="${curve([
    [80, 44],
    [84, 60],
    [80, 76],
    [76, 92],
  ])}" fill="none" stroke="#3a3a3a" stroke-width="60"/></g>
<g filter="url(#b8)" fill="none" stroke-linecap="round"><path d="${vault}" stroke="#a6a6a6" stroke-width="40"/>${[0, 1, 2, 3, 4].map(vertebra).join('')}
<path d="${curve([l.Co, l.Ar, [-12, 62], l.Go, [l.Go[0] + 2, l.Go[1] + 6], [8, 96], [30, 106], l.Me, l.Gn, l.Pog, l.B])}" stroke="#b4b4b4" stroke-width="26"/>
<path d="${curve([l.PNS, [40, l.ANS[1] + 1], l.ANS, l.A])}" stroke="#c0c0c0" stroke-width="17"/><path d="${curve([l.PNS, [28, 52], [44, 56], [60, 58]])}" stroke="#8c8c8c" stroke-width="12"/>
<path d="${curve([l.N, [70, 4], [74, 18]])}" stroke="#b0b0b0" stroke-width="20"/></g>
<g filter="url(#b4)" fill="none" stroke-linecap="round"><path d="${vault}" stroke="#dadada" stroke-width="9"/><path d="${curve(VAULT.map(([x, y]): Point => [x * 0.955, y * 0.955]))}" stroke="#9c9c9c" stroke-width="8"/>
<path d="${curve([l.N, [58, -9], [40, -8], [24, -7], [12, -6], [8, -7], [6, 3], [0, 6], [-5, 4], [-7, -4], [-12, 8], [-18, 26], l.Ba])}" stroke="#cfcfcf" stroke-width="13"/>
<path d="${curve([[34, -6], [46, 8], l.Or, [62, 14], [66, 0]])}" stroke="#9a9a9a" stroke-width="10"/><path d="${curve(
    [
      [16, 14],
      [13, 28],
      [15, 42],
      [19, 30],
      [18, 16],
    ],
    true,
  )}" stroke="#8a8a8a" stroke-width="7"/>
<path d="${curve(mandible(l).slice(2, 12))}" stroke="#9c9c9c" stroke-width="9"/><path d="${curve([
    [4, 56],
    [14, 80],
    [34, 94],
    [50, 96],
  ])}" stroke="#000" stroke-opacity=".4" stroke-width="15"/>
<path d="${skin}" stroke="#565656" stroke-width="10"/><path d="${curve([
    [18, 112],
    [8, 108],
    [-6, 102],
  ])}" stroke="#8c8c8c" stroke-width="15"/></g>`);
};

const boneSvg = (l: Landmarks): string =>
  svg(
    `<g filter="url(#b16)" fill="#fff"><path d="${curve(mandible(l), true)}"/><path d="${curve([l.ANS, l.A, [66, 60], [40, 68], [20, 60], l.PNS], true)}"/><path d="${curve(VAULT)}" fill="#888"/></g>`,
  );

/** Each row of teeth in profile, second molar to central incisor; the incisors stand where the landmarks say. */
const drawTeeth = (film: Film, l: Landmarks): void => {
  const incisors = [
    { tip: l.U1tip, apex: l.U1apex, tooth: 11, molar: l.U6, direction: 1 },
    { tip: l.L1tip, apex: l.L1apex, tooth: 41, molar: l.L6, direction: -1 },
  ] as const;
  for (const { tip, apex, tooth, molar, direction } of incisors) {
    const [tx, ty] = cephPixel(tip);
    const [ax, ay] = cephPixel(apex);
    const length = Math.hypot(ax - tx, ay - ty) / HALF / MM;
    const mean = toothForm(tooth, 7.4);
    const crown = length * 0.42;
    const front = tip[0] - 5;
    const back: readonly (readonly [Tooth, number])[] =
      direction === 1
        ? [
            [17, 9],
            [16, 10],
            [15, 6.8],
            [14, 7],
            [13, 7.6],
          ]
        : [
            [47, 9.6],
            [46, 10.6],
            [45, 7],
            [44, 7],
            [43, 6.8],
          ];
    const start = molar[0] - 14;
    const total = back.reduce((sum, [, width]) => sum + width, 0);
    let x = start;
    for (const [each, width] of back) {
      const step = (width / total) * (front - start);
      const form = { ...toothForm(each, step * 1.04), crown: 7.2 };
      const [px, py] = cephPixel([x + step / 2, molar[1] - direction * 7 + (x - start) * 0.03]);
      // The other side of the head lies a little behind: a second, fainter row.
      addTooth(film, form, { x: px / HALF, y: py / HALF, scale: MM, direction, rotation: 0, distal: -1 });
      x += step;
    }
    // Both sides of the head lie over each other, so the rays cross more than one incisor.
    const form = { ...mean, crown, root: length - crown, half: 3.3, depth: 9.5 };
    addTooth(film, form, {
      x: (tx + (ax - tx) * 0.42) / HALF,
      y: (ty + (ay - ty) * 0.42) / HALF,
      scale: MM,
      direction,
      rotation: ((Math.atan2(direction * (ay - ty), direction * (ax - tx)) * 180) / Math.PI + 90) * 1,
      distal: -1,
    });
  }
};

/** The film of a head in a cephalostat, drawn from its landmarks. */
export const cephFilm = async (l: Landmarks, seed: number): Promise<Film> => {
  const film = createFilm(COLUMNS / HALF, ROWS / HALF);
  const [head, bone] = await Promise.all([drawLayer(headSvg(l), film), drawLayer(boneSvg(l), film)]);
  addLayers(film, head, 0.72, { bone, mesh: 0.024, scale: 0.8, seed: seed % 300 });
  drawTeeth(film, l);
  const [px, py] = cephPixel(l.Po);
  for (let angle = 0; angle < 360; angle += 6) {
    const turn = (angle * Math.PI) / 180;
    const at = { x: px / HALF + Math.cos(turn) * 17, y: py / HALF + Math.sin(turn) * 17 };
    addMetal(film, at, { length: 3, width: 5, rotation: angle, amount: 1.5 });
  }
  const [nx, ny] = cephPixel([l.N[0] + 20, l.N[1] - 6]);
  addMetal(film, { x: nx / HALF, y: ny / HALF + 95 }, { length: 3, width: 190, amount: 1.5 });
  for (let i = 0; i <= 4; i += 1)
    addMetal(
      film,
      { x: nx / HALF - 6, y: ny / HALF + i * 10 * MM + 2 },
      { length: 14, width: 3, amount: 1.5 },
    );
  return film;
};

/** A lateral cephalogram drawn from `landmarks`: Digital X-Ray For Presentation, 12 bits, with its magnification named. */
export const ceph = async (study: SyntheticStudy): Promise<Buffer> => {
  const pixels = await develop(await cephFilm(landmarks(study.seed, study.progress), study.seed), {
    rows: ROWS,
    columns: COLUMNS,
    bits: 12,
    grain: 3,
    random: createRandom(study.seed + 2),
  });
  return writeObject(
    {
      ...commonModules(study, {
        SOPClassUID: '1.2.840.10008.5.1.4.1.1.1.1',
        Modality: 'DX',
        series: 'ceph',
        SeriesNumber: 3,
        SeriesDescription: 'Lateral ceph',
        InstanceNumber: 1,
        StationName: 'CEPH-1',
        model: 'Synthetic Ceph',
      }),
      ...radiographModules({
        rows: ROWS,
        columns: COLUMNS,
        bitsStored: 12,
        spacing: SPACING,
        laterality: 'U',
        orientation: ['A', 'F'],
        regions: [sct('89546000', 'Skull')],
      }),
      PositionerType: 'CEPHALOSTAT',
      DistanceSourceToDetector: String(SOURCE_TO_DETECTOR),
      DistanceSourceToPatient: String(SOURCE_TO_PATIENT),
      EstimatedRadiographicMagnificationFactor: MAGNIFICATION.toFixed(5),
    },
    wordBytes(pixels),
  );
};
