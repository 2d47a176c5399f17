import { dentition } from '../anatomy/dentition.ts';
import { toothForm } from '../anatomy/tooth-form.ts';
import { commonModules, type SyntheticStudy } from '../dicom/modules.ts';
import { writeObject } from '../dicom/write-object.ts';
import { addLayers, createFilm, develop, drawLayer, type Film } from '../drawing/film.ts';
import { createRandom } from '../drawing/random.ts';
import { wordBytes } from '../drawing/rasterise.ts';
import { addMetal, addTooth } from '../drawing/tooth-density.ts';
import { JAW_REGION, radiographModules } from './radiograph-modules.ts';

/** The film is drawn on a grid of 960 × 500 units, here in pixels of half the detector's resolution. */
const FILM = { columns: 1446, rows: 752 } as const;
const UNIT = FILM.columns / 960;
/** Units per mm along the arch; a panoramic unit magnifies. */
const MM = 4.05;

const both = (draw: (mirror: string) => string): string =>
  draw('') + draw('transform="translate(960 0) scale(-1 1)"');

const MANDIBLE =
  'M480 452 C330 452 205 425 128 348 C92 310 70 240 62 168 C58 130 58 104 74 92 C92 82 106 96 108 122 C122 168 152 168 174 122 C186 112 196 128 196 150 C190 220 196 262 214 296 C300 318 400 334 480 336Z';
const MAXILLA =
  'M480 252 C380 250 280 236 206 214 C196 180 206 150 228 132 C300 112 400 104 480 104 C560 104 660 112 732 132 C754 150 764 180 754 214 C680 236 580 250 480 252Z';

const svg = (body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="720" height="375" viewBox="0 0 960 500"><defs>
${[2, 4, 7, 14, 30].map((r) => `<filter id="b${r}" x="-40%" y="-40%" width="180%" height="180%"><feGaussianBlur stdDeviation="${r}"/></filter>`).join('')}</defs><rect width="960" height="500" fill="#000"/>${body}</svg>`;

/** Soft tissue, bone and air as a panoramic shows them, without the teeth. */
const headSvg = (): string =>
  svg(`<g filter="url(#b30)"><ellipse cx="480" cy="255" rx="452" ry="236" fill="#3a3a3a"/><ellipse cx="480" cy="330" rx="330" ry="150" fill="#565656"/></g>
<g filter="url(#b14)">${both((m) => `<g ${m}><rect x="-12" y="120" width="46" height="420" fill="#8a8a8a"/>${[0, 1, 2, 3, 4].map((i) => `<rect x="-8" y="${150 + i * 72}" width="52" height="52" rx="14" fill="#b4b4b4"/>`).join('')}</g>`)}
<rect x="440" y="-20" width="80" height="540" fill="#6e6e6e" fill-opacity=".5"/></g>
<path d="${MANDIBLE}" filter="url(#b7)" fill="#7e7e7e"/><path d="${MANDIBLE}" transform="translate(960 0) scale(-1 1)" filter="url(#b7)" fill="#7e7e7e"/>
<path d="${MAXILLA}" filter="url(#b7)" fill="#707070"/>
${both(
  (
    m,
  ) => `<g ${m} fill="none"><path d="M62 168 C70 240 92 310 128 348 C205 425 330 452 484 453" stroke="#c2c2c2" stroke-width="11" filter="url(#b4)"/><path d="M480 336 C400 334 300 318 214 296 C196 262 190 220 196 150" stroke="#9d9d9d" stroke-width="4" filter="url(#b2)"/><path d="M74 92 C92 82 106 96 108 122 C122 168 152 168 174 122" stroke="#b0b0b0" stroke-width="5" filter="url(#b2)"/>
<path d="M150 205 C160 300 240 372 338 384" stroke="#000" stroke-opacity=".42" stroke-width="11" filter="url(#b2)"/><path d="M143 206 C153 304 236 379 338 391 M157 204 C167 296 244 365 336 377" stroke="#b8b8b8" stroke-opacity=".55" stroke-width="2" filter="url(#b2)"/><ellipse cx="345" cy="383" rx="8" ry="6" fill="#000" fill-opacity=".45" filter="url(#b2)"/>
<path d="M58 88 C100 74 160 92 236 106" stroke="#858585" stroke-width="15" filter="url(#b4)"/><path d="M206 84 C226 120 236 150 250 178 C258 190 266 176 268 158" stroke="#9a9a9a" stroke-width="7" filter="url(#b4)"/>
<path d="M214 74 C190 20 300 -16 372 36 C392 58 366 84 330 86" stroke="#8e8e8e" stroke-width="7" filter="url(#b4)"/>
<path d="M236 118 C262 96 380 96 424 116 C440 140 424 172 396 182 C356 176 330 196 296 184 C262 176 240 150 236 118Z" fill="#000" fill-opacity=".5" filter="url(#b4)"/><path d="M238 120 C244 156 266 178 296 185 C330 197 356 177 396 183 C424 174 438 140 424 118" stroke="#bdbdbd" stroke-width="3" filter="url(#b2)"/>
<path d="M92 120 C86 210 112 262 146 300" stroke="#000" stroke-opacity=".38" stroke-width="26" filter="url(#b14)"/><path d="M252 480 C290 468 330 474 350 484" stroke="#a8a8a8" stroke-width="12" filter="url(#b4)"/></g>`,
)}
<path d="M444 60 C436 96 428 124 436 146 C452 160 508 160 524 146 C532 124 524 96 516 60Z" fill="#000" fill-opacity=".55" filter="url(#b4)"/><path d="M480 40 C478 80 482 120 480 156" stroke="#b5b5b5" stroke-width="7" fill="none" filter="url(#b4)"/>
<ellipse cx="458" cy="116" rx="11" ry="22" fill="#8d8d8d" filter="url(#b4)"/><ellipse cx="502" cy="116" rx="11" ry="22" fill="#8d8d8d" filter="url(#b4)"/>
<path d="M196 148 C300 164 400 168 480 168 C560 168 660 164 764 148" stroke="#bcbcbc" stroke-width="6" fill="none" filter="url(#b4)"/>
<path d="M190 196 C300 176 400 190 480 196 C560 190 660 176 770 196" stroke="#000" stroke-opacity=".3" stroke-width="16" fill="none" filter="url(#b7)"/>
<path d="M186 262 C300 292 400 300 480 302 C560 300 660 292 774 262" stroke="#000" stroke-opacity=".4" stroke-width="30" fill="none" filter="url(#b7)"/>`);

const boneSvg = (): string =>
  svg(
    `<g filter="url(#b7)" fill="#fff"><path d="${MANDIBLE}"/><path d="${MANDIBLE}" transform="translate(960 0) scale(-1 1)"/><path d="${MAXILLA}"/></g>`,
  );

/** Shadows of the teeth of a dentition, and of brackets and wire during treatment: patient's right at the viewer's left. */
const drawTeeth = (film: Film, seed: number, progress: number): void => {
  const poses = dentition(seed, progress);
  const seen = poses.map((pose) => {
    const upper = pose.jaw === 'upper';
    const t = pose.along / 65;
    const smile = 34 * (1 - t * t);
    return {
      pose,
      upper,
      t,
      x: (480 + pose.along * MM * 1.02) * UNIT,
      y: ((upper ? 222 : 307) + smile - pose.z * MM * 1.1) * UNIT,
    };
  });
  for (const { pose, upper, t, x, y } of seen) {
    addTooth(film, toothForm(pose.tooth, pose.width), {
      x,
      y,
      scale: MM * UNIT * 1.1,
      direction: upper ? 1 : -1,
      rotation: pose.tip * 0.9 + (upper ? -t * 8 : t * 9),
      distal: pose.along > 0 ? 1 : -1,
    });
  }
  if (progress <= 0.05 || progress >= 0.95) return;
  for (const jaw of ['upper', 'lower'] as const) {
    const row = seen.filter(({ pose }) => pose.jaw === jaw && pose.tooth % 10 <= 6);
    const slots = row.map(({ x, y }) => ({ x, y: y + (jaw === 'upper' ? 20 : -18) * UNIT }));
    slots.forEach((slot, index) => {
      addMetal(film, slot, { length: 10.5 * UNIT, width: 11 * UNIT, amount: 1.9 });
      const next = slots[index + 1];
      if (next === undefined) return;
      addMetal(
        film,
        { x: (slot.x + next.x) / 2, y: (slot.y + next.y) / 2 },
        {
          length: Math.hypot(next.x - slot.x, next.y - slot.y),
          width: 2.4 * UNIT,
          rotation: (Math.atan2(next.y - slot.y, next.x - slot.x) * 180) / Math.PI,
          amount: 2.4,
        },
      );
    });
  }
};

let layers: Promise<[head: Float32Array, bone: Float32Array]> | undefined;

/** The film of a dentition: patient's right at the viewer's left, the R of the marker too. */
export const panoramicFilm = async (seed: number, progress: number): Promise<Film> => {
  const film = createFilm(FILM.columns, FILM.rows);
  // The head is the same for everybody; drawing it is most of the work.
  layers ??= Promise.all([drawLayer(headSvg(), film), drawLayer(boneSvg(), film)]);
  const [head, bone] = await layers;
  addLayers(film, head, 0.8, { bone, mesh: 0.028, scale: 0.9, seed: seed % 300 });
  drawTeeth(film, seed, progress);
  for (const [x, y, length, rotation] of [
    [30, 452, 26, 90],
    [37, 440, 14, 0],
    [37, 451, 14, 0],
    [44, 445.5, 12, 90],
    [40, 459, 17, 55],
  ] as const)
    addMetal(film, { x: x * UNIT, y: y * UNIT }, { length: length * UNIT, width: 4 * UNIT, rotation });
  return film;
};

/** Rows × columns of the panoramic image: 4.35 megapixels of 12 bits. */
export const PANORAMIC_SIZE = { rows: 1504, columns: 2892 } as const;

/** A panoramic radiograph: Digital X-Ray For Presentation, modality PX, 12 bits. */
export const panoramic = async (
  study: SyntheticStudy,
  size: { rows: number; columns: number } = PANORAMIC_SIZE,
): Promise<Buffer> => {
  const pixels = await develop(await panoramicFilm(study.seed, study.progress), {
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
    wordBytes(pixels),
  );
};
