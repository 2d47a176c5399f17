import { dentition } from '../anatomy/dentition.ts';
import { commonModules, type SyntheticStudy } from '../dicom/modules.ts';
import { writeObject } from '../dicom/write-object.ts';
import { createRandom } from '../drawing/random.ts';
import { rasteriseGray, wordBytes } from '../drawing/rasterise.ts';
import { toothSvg } from '../drawing/tooth-svg.ts';
import { JAW_REGION, radiographModules } from './radiograph-modules.ts';

/** Drawing units per mm of the panoramic drawing; it is 960 × 500 units. */
const UNITS = 3.6;

/** The panoramic drawing of a dentition: patient's right at the viewer's left. */
export const panoramicSvg = (seed: number, progress: number): string => {
  const random = createRandom(seed);
  const w = 960;
  const h = 500;
  const poses = dentition(seed, progress);
  const teeth = poses
    .map((pose, index) => {
      const upper = pose.jaw === 'upper';
      const t = pose.along / 65;
      const smile = 34 * (1 - t * t);
      const neck = upper ? h * 0.47 - 20 + smile : h * 0.47 + 70 + smile;
      const molar = pose.tooth % 10 >= 6;
      const canine = pose.tooth % 10 === 3;
      return toothSvg(
        {
          x: w / 2 + pose.along * UNITS * 1.12,
          y: neck - pose.z * UNITS * 1.4,
          width: pose.width * UNITS * (molar ? 1.12 : 1.08),
          crown: molar ? 32 : 38,
          root: molar ? 66 : canine ? 98 : 78,
          direction: upper ? 1 : -1,
          rotation: pose.tip * 0.9 + (upper ? -t * 7 : t * 6),
          gray: 216 + random.between(0, 22),
          molar,
        },
        `t${index}`,
      );
    })
    .join('');
  const brackets =
    progress > 0.05 && progress < 0.95
      ? (['upper', 'lower'] as const)
          .map((jaw) => {
            const points = poses
              .filter((pose) => pose.jaw === jaw && pose.tooth % 10 <= 6)
              .map((pose) => {
                const t = pose.along / 65;
                const y = h * 0.47 + 34 * (1 - t * t) + (jaw === 'upper' ? -4 : 54) - pose.z * UNITS * 1.4;
                return [w / 2 + pose.along * UNITS * 1.12, y] as const;
              });
            const wire = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join(' ');
            return `<path d="${wire}" stroke="#fff" stroke-width="2" fill="none"/>${points.map(([x, y]) => `<rect x="${x - 5}" y="${y - 5}" width="10" height="10" fill="#fff"/>`).join('')}`;
          })
          .join('')
      : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}"><defs>
<filter id="b26" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="26"/></filter><filter id="b9"><feGaussianBlur stdDeviation="9"/></filter><filter id="b2"><feGaussianBlur stdDeviation="1.4"/></filter></defs>
<rect width="${w}" height="${h}" fill="#08090a"/>
<g filter="url(#b26)"><ellipse cx="${w / 2}" cy="${h * 0.52}" rx="${w * 0.46}" ry="${h * 0.44}" fill="#3b3d40"/><rect x="${w * 0.47}" width="${w * 0.06}" height="${h}" fill="#55585c"/></g>
<g filter="url(#b9)" fill="none"><path d="M${w * 0.07} ${h * 0.18} Q${w * 0.09} ${h * 0.7} ${w * 0.3} ${h * 0.84} Q${w * 0.5} ${h * 0.95} ${w * 0.7} ${h * 0.84} Q${w * 0.91} ${h * 0.7} ${w * 0.93} ${h * 0.18}" stroke="#7d8186" stroke-width="46"/>
<path d="M${w * 0.06} ${h * 0.16} Q${w * 0.08} ${h * 0.76} ${w * 0.3} ${h * 0.9} Q${w * 0.5} ${h} ${w * 0.7} ${h * 0.9} Q${w * 0.92} ${h * 0.76} ${w * 0.94} ${h * 0.16}" stroke="#9a9ea3" stroke-width="7"/>
<path d="M${w * 0.2} ${h * 0.24} Q${w * 0.5} ${h * 0.15} ${w * 0.8} ${h * 0.24}" stroke="#6d7175" stroke-width="14"/>
<ellipse cx="${w * 0.33}" cy="${h * 0.17}" rx="${w * 0.1}" ry="${h * 0.12}" stroke="#75797d" stroke-width="6"/><ellipse cx="${w * 0.67}" cy="${h * 0.17}" rx="${w * 0.1}" ry="${h * 0.12}" stroke="#75797d" stroke-width="6"/></g>
<g filter="url(#b2)">${teeth}</g>${brackets}
<path d="M26 ${h - 26} v-24 h9 a7 7 0 0 1 0 14 h-9 m8 0 l8 10" stroke="#dfe3e6" stroke-width="4" fill="none"/></svg>`;
};

/** Rows × columns of the panoramic image: 4.35 megapixels of 12 bits. */
export const PANORAMIC_SIZE = { rows: 1504, columns: 2892 } as const;

/** A panoramic radiograph: Digital X-Ray For Presentation, modality PX, 12 bits. */
export const panoramic = async (
  study: SyntheticStudy,
  size: { rows: number; columns: number } = PANORAMIC_SIZE,
): Promise<Buffer> => {
  const picture = await rasteriseGray(panoramicSvg(study.seed, study.progress), {
    ...size,
    bits: 12,
    grain: 3.2,
    random: createRandom(study.seed + 1),
  });
  return writeObject(
    {
      ...commonModules(study, {
        SOPClassUID: '1.2.840.10008.5.1.4.1.1.1.1',
        Modality: 'PX',
        series: 'panoramic',
        SeriesNumber: 1,
        SeriesDescription: 'Panoramic',
        InstanceNumber: 1,
        StationName: 'PANO-1',
        model: 'Synthetic Pan 3D',
      }),
      ...radiographModules({
        ...size,
        bitsStored: 12,
        spacing: 0.1,
        laterality: 'B',
        orientation: ['L', 'F'],
        regions: [JAW_REGION],
      }),
    },
    wordBytes(picture.pixels),
  );
};
