import { landmarks, type Landmarks, type Point } from '../anatomy/cephalometry.ts';
import { sct } from '../dicom/code.ts';
import { commonModules, type SyntheticStudy } from '../dicom/modules.ts';
import { writeObject } from '../dicom/write-object.ts';
import { createRandom } from '../drawing/random.ts';
import { rasteriseGray, wordBytes } from '../drawing/rasterise.ts';
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

const path = (points: readonly Point[]): string =>
  points
    .map(cephPixel)
    .map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`)
    .join(' ');

const incisor = (tip: Point, apex: Point): string => {
  const [tx, ty] = cephPixel(tip);
  const [ax, ay] = cephPixel(apex);
  const nx = (-(ay - ty) / Math.hypot(ax - tx, ay - ty)) * 28;
  const ny = ((ax - tx) / Math.hypot(ax - tx, ay - ty)) * 28;
  const mx = tx + (ax - tx) * 0.38;
  const my = ty + (ay - ty) * 0.38;
  return `<path d="M${tx} ${ty} Q${mx + nx * 1.3} ${my + ny * 1.3} ${ax} ${ay} Q${mx - nx * 1.3} ${my - ny * 1.3} ${tx} ${ty}Z" fill="#eef0f2"/>`;
};

const molar = (at: Point, direction: 1 | -1): string => {
  const [x, y] = cephPixel(at);
  const up = -direction;
  return `<path d="M${x - 50} ${y} l100 0 l4 ${up * 60} q-14 ${up * 100} -24 ${up * 150} q-18 ${-up * 70} -30 ${-up * 90} q-12 ${up * 20} -30 ${up * 90} q-10 ${-up * 50} -24 ${-up * 150}Z" fill="#dfe2e5" fill-opacity=".8"/>`;
};

export const cephSvg = (l: Landmarks): string => {
  const [nx, ny] = cephPixel(l.N);
  const [sx, sy] = cephPixel(l.S);
  const profile: Point[] = [
    [74, -40],
    [76, -16],
    [72, -8],
    [82, 14],
    [92, 32],
    [88, 38],
    [80, 42],
    [81, 52],
    [l.U1tip[0] + 12, 64],
    [80, 72],
    [83, 80],
    [78, 88],
    [80, 100],
    [74, 112],
    [50, 120],
    [10, 118],
  ];
  const vertebrae = [0, 1, 2, 3].map((i) => {
    const [x, y] = cephPixel([-34 - i * 3, 62 + i * 17]);
    return `<rect x="${x - 74}" y="${y - 52}" width="148" height="104" rx="28" transform="rotate(-9 ${x} ${y})" fill="#a9adb1"/>`;
  });
  const [px, py] = cephPixel(l.Po);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${COLUMNS} ${ROWS}"><defs>
<filter id="b40" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="36"/></filter><filter id="b10"><feGaussianBlur stdDeviation="9"/></filter><filter id="b3"><feGaussianBlur stdDeviation="3"/></filter></defs>
<rect width="${COLUMNS}" height="${ROWS}" fill="#060708"/>
<g filter="url(#b40)"><ellipse cx="${sx + 60}" cy="${sy - 60}" rx="700" ry="560" fill="#505458"/><path d="${path(profile)} L${sx - 100} ${ROWS} L${sx - 500} ${ROWS} L${sx - 420} ${sy}Z" fill="#43474a"/></g>
<g filter="url(#b10)" fill="none" stroke-linecap="round" stroke-linejoin="round">
<path d="${path(profile)}" stroke="#6f7377" stroke-width="16"/>
<ellipse cx="${sx + 20}" cy="${sy - 90}" rx="640" ry="520" stroke="#cfd3d6" stroke-width="34" stroke-dasharray="2450 1400" stroke-dashoffset="-1560"/>
<path d="${path([l.N, [60, -8], [30, -6], [10, -6], [6, 6], [0, 8], [-6, 5], [-8, -4], l.Ba])}" stroke="#c4c8cb" stroke-width="22"/>
<path d="${path([l.N, [66, 2], [70, 20]])}" stroke="#b9bdc0" stroke-width="20"/>
<path d="${path([l.PNS, [40, 45], l.ANS, l.A, [68, 58]])}" stroke="#cdd1d4" stroke-width="24"/>
<path d="${path([l.Co, l.Ar, [-12, 60], l.Go, [10, 96], [34, 106], l.Me, l.Gn, l.Pog, l.B, [66, 78]])}" stroke="#c9cdd0" stroke-width="34"/>
<path d="${path([[20, 40], l.Or, [60, 8]])}" stroke="#999da1" stroke-width="18"/>
<circle cx="${px}" cy="${py}" r="34" stroke="#e6e9eb" stroke-width="12"/>${vertebrae.join('')}</g>
<g filter="url(#b3)">${molar(l.U6, 1)}${molar(l.L6, -1)}${incisor(l.U1tip, l.U1apex)}${incisor(l.L1tip, l.L1apex)}</g>
<g stroke="#fff" stroke-width="5"><path d="M${nx + 130} ${ny - 60} v360"/>${[0, 1, 2, 3].map((i) => `<path d="M${nx + 110} ${ny - 60 + (i * 10 * MAGNIFICATION) / SPACING} h40"/>`).join('')}</g></svg>`;
};

/** A lateral cephalogram drawn from `landmarks`: Digital X-Ray For Presentation, 12 bits, with its magnification named. */
export const ceph = async (study: SyntheticStudy): Promise<Buffer> => {
  const picture = await rasteriseGray(cephSvg(landmarks(study.seed, study.progress)), {
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
    wordBytes(picture.pixels),
  );
};
