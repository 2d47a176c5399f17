import { dentition, type ToothPose } from '../anatomy/dentition.ts';
import { toothForm } from '../anatomy/tooth-form.ts';
import { commonModules, type SyntheticStudy } from '../dicom/modules.ts';
import { toothConcept, type Tooth } from '../dicom/teeth.ts';
import { writeObject } from '../dicom/write-object.ts';
import { addLayers, createFilm, develop, type Film } from '../drawing/film.ts';
import { createRandom } from '../drawing/random.ts';
import { byteBytes } from '../drawing/rasterise.ts';
import { addTooth } from '../drawing/tooth-density.ts';
import { JAW_REGION, radiographModules } from './radiograph-modules.ts';

/** One exposure of a size 2 sensor: which teeth it shows, and how it is held. */
export interface IntraoralExposure {
  readonly kind: 'periapical' | 'bitewing';
  readonly teeth: readonly Tooth[];
}

/** A small full-mouth survey: molars and incisors, and a bitewing on each side. */
export const INTRAORAL_SURVEY: readonly IntraoralExposure[] = [
  { kind: 'periapical', teeth: [17, 16, 15] },
  { kind: 'periapical', teeth: [12, 11, 21, 22] },
  { kind: 'periapical', teeth: [25, 26, 27] },
  { kind: 'periapical', teeth: [47, 46, 45] },
  { kind: 'periapical', teeth: [42, 41, 31, 32] },
  { kind: 'periapical', teeth: [35, 36, 37] },
  { kind: 'bitewing', teeth: [17, 16, 15, 14, 47, 46, 45, 44] },
  { kind: 'bitewing', teeth: [24, 25, 26, 27, 34, 35, 36, 37] },
];

/** Rows × columns of a size 2 sensor at 0.033 mm per pixel, for a vertical and a horizontal placement. */
const SENSOR = { long: 1240, short: 920 } as const;
/** Film pixels of 1 mm: half the resolution of the sensor. */
const MM = 0.5 / 0.033;

/** Where bone is: full behind each crest, thinning out over it. */
const boneLayer = ({ columns, rows }: Film, crests: readonly { y: number; up: boolean }[]): Float32Array => {
  const layer = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      let bone = 0;
      for (const { y, up } of crests) {
        const crest = y + Math.sin(column / 47) * 4;
        bone = Math.max(bone, Math.min(1, Math.max(0, ((up ? crest - row : row - crest) + 8) / 22)));
      }
      layer[row * columns + column] = bone;
    }
  }
  return layer;
};

const drawRow = (film: Film, poses: readonly ToothPose[], edge: number): void => {
  const middle = poses.reduce((sum, pose) => sum + pose.along, 0) / Math.max(1, poses.length);
  for (const pose of poses) {
    const form = toothForm(pose.tooth, pose.width);
    const direction = pose.jaw === 'upper' ? 1 : -1;
    addTooth(film, form, {
      x: film.columns / 2 + (pose.along - middle) * MM * 1.05,
      y: edge - direction * form.crown * MM * 1.08 - pose.z * MM * 0.5,
      scale: MM * 1.08,
      direction,
      rotation: pose.tip * 0.6,
      distal: pose.along > 0 ? 1 : -1,
    });
  }
};

/** The film of one exposure. Neighbours of the coded teeth are seen in part at its edges, as on any sensor. */
export const intraoralFilm = (
  study: SyntheticStudy,
  { kind, teeth }: IntraoralExposure,
  columns: number,
  rows: number,
): Film => {
  const film = createFilm(columns / 2, rows / 2);
  const poses = dentition(study.seed, study.progress).filter((pose) => teeth.includes(pose.tooth));
  const upper = poses.filter((pose) => pose.jaw === 'upper');
  const lower = poses.filter((pose) => pose.jaw === 'lower');
  const h = film.rows;
  const bitewing = kind === 'bitewing';
  const edges = { upper: h * (bitewing ? 0.5 : 0.93) - 3, lower: h * (bitewing ? 0.5 : 0.07) + 3 };
  const crown = (poses[0] === undefined ? 8 : toothForm(poses[0].tooth, 8).crown) + 1.7;
  const crests = [
    ...(upper.length > 0 ? [{ y: edges.upper - crown * MM * 1.08, up: true }] : []),
    ...(lower.length > 0 ? [{ y: edges.lower + crown * MM * 1.08, up: false }] : []),
  ];
  const bone = boneLayer(film, crests);
  film.density.fill(0.07);
  addLayers(film, bone, 0.36, {
    bone,
    mesh: 0.05,
    scale: 0.55,
    seed: (study.seed + teeth.length * 31) % 400,
  });
  drawRow(film, upper, edges.upper);
  drawRow(film, lower, edges.lower);
  return film;
};

/** A periapical or bitewing: Digital Intra-Oral X-Ray For Presentation, 8 bits, every tooth it shows coded (CID 4018). */
export const intraoral = async (
  study: SyntheticStudy,
  exposure: IntraoralExposure,
  InstanceNumber: number,
): Promise<Buffer> => {
  const upright = exposure.kind === 'periapical' && exposure.teeth.length > 3;
  const columns = upright ? SENSOR.short : SENSOR.long;
  const rows = upright ? SENSOR.long : SENSOR.short;
  const quadrants = new Set(exposure.teeth.map((tooth) => (Math.floor(tooth / 10) % 4 < 2 ? 'R' : 'L')));
  const laterality = quadrants.size === 2 ? 'B' : quadrants.has('R') ? 'R' : 'L';
  const random = createRandom(study.seed + 100 + InstanceNumber);
  const pixels = await develop(intraoralFilm(study, exposure, columns, rows), {
    rows,
    columns,
    bits: 8,
    grain: 2.6,
    random,
  });
  return writeObject(
    {
      ...commonModules(study, {
        SOPClassUID: '1.2.840.10008.5.1.4.1.1.1.3',
        Modality: 'IO',
        series: 'intraoral',
        SeriesNumber: 2,
        SeriesDescription: 'Intraoral survey',
        InstanceNumber,
        StationName: 'SENSOR-1',
        model: 'Synthetic Sensor 2',
      }),
      ...radiographModules({
        rows,
        columns,
        bitsStored: 8,
        spacing: 0.033,
        laterality,
        orientation: laterality === 'L' ? ['P', 'F'] : ['A', 'F'],
        regions: [JAW_REGION],
      }),
      PositionerType: 'NONE',
      PrimaryAnatomicStructureSequence: exposure.teeth.map(toothConcept),
      ViewPosition: '',
      ImageComments: exposure.kind === 'bitewing' ? 'Bitewing' : 'Periapical',
    },
    byteBytes(pixels),
  );
};
