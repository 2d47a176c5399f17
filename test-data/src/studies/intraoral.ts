import { dentition, type ToothPose } from '../anatomy/dentition.ts';
import { commonModules, type SyntheticStudy } from '../dicom/modules.ts';
import { toothConcept, type Tooth } from '../dicom/teeth.ts';
import { writeObject } from '../dicom/write-object.ts';
import { createRandom } from '../drawing/random.ts';
import { byteBytes, rasteriseGray } from '../drawing/rasterise.ts';
import { toothSvg } from '../drawing/tooth-svg.ts';
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
const UNITS = 24;

const drawRow = (
  poses: readonly ToothPose[],
  neck: number,
  width: number,
  random: ReturnType<typeof createRandom>,
): string => {
  const middle = poses.reduce((sum, pose) => sum + pose.along, 0) / Math.max(1, poses.length);
  return poses
    .map((pose) => {
      const molar = pose.tooth % 10 >= 6;
      return toothSvg(
        {
          x: width / 2 + (pose.along - middle) * UNITS,
          y: neck - pose.z * UNITS * 0.5,
          width: pose.width * UNITS * 1.02,
          crown: molar ? 160 : 190,
          root: molar ? 330 : 360,
          direction: pose.jaw === 'upper' ? 1 : -1,
          rotation: pose.tip * 0.6,
          gray: 214 + random.between(0, 24),
          molar,
        },
        `t${pose.tooth}`,
      );
    })
    .join('');
};

export const intraoralSvg = (
  study: SyntheticStudy,
  exposure: IntraoralExposure,
  width: number,
  height: number,
): string => {
  const random = createRandom(study.seed + 17);
  const poses = dentition(study.seed, study.progress).filter((pose) => exposure.teeth.includes(pose.tooth));
  const upper = poses.filter((pose) => pose.jaw === 'upper');
  const lower = poses.filter((pose) => pose.jaw === 'lower');
  const bitewing = exposure.kind === 'bitewing';
  const rows =
    (upper.length > 0 ? drawRow(upper, bitewing ? height * 0.28 : height * 0.6, width, random) : '') +
    (lower.length > 0 ? drawRow(lower, bitewing ? height * 0.74 : height * 0.4, width, random) : '');
  const bone = bitewing
    ? `<rect width="${width}" height="${height * 0.2}" fill="#6b6f73"/><rect y="${height * 0.82}" width="${width}" height="${height * 0.18}" fill="#6b6f73"/>`
    : upper.length > 0
      ? `<rect width="${width}" height="${height * 0.5}" fill="#666a6e"/>`
      : `<rect y="${height * 0.5}" width="${width}" height="${height * 0.5}" fill="#666a6e"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"><defs><filter id="soft"><feGaussianBlur stdDeviation="24"/></filter><filter id="edge"><feGaussianBlur stdDeviation="2.4"/></filter></defs>
<rect width="${width}" height="${height}" fill="#232527"/><g filter="url(#soft)">${bone}</g><g filter="url(#edge)">${rows}</g></svg>`;
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
  const picture = await rasteriseGray(intraoralSvg(study, exposure, columns, rows), {
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
    byteBytes(picture.pixels),
  );
};
