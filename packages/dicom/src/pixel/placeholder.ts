import sharp from 'sharp';
import { derivePictures, type DerivedImages } from './derive-images.ts';
import { centredPath } from './stroke-font.ts';

/** Why a picture stands where an image should be; stored with it, never patient data. */
export type PlaceholderReason = 'no-picture' | 'unsupported' | 'too-large' | 'damaged' | 'timeout';

export interface Placeholder {
  readonly reason: PlaceholderReason;
  /** What the object is, for those that never had a picture: `REPORT`, `DOCUMENT`, … Capital letters, `3`, hyphen, space. */
  readonly label?: string;
}

const SIDE = 800;
const WORDS: Readonly<Record<PlaceholderReason, readonly [string, string]>> = {
  'no-picture': ['NO PICTURE', ''],
  unsupported: ['CANNOT BE SHOWN', 'FORMAT NOT SUPPORTED'],
  'too-large': ['CANNOT BE SHOWN', 'TOO LARGE'],
  damaged: ['CANNOT BE SHOWN', 'DAMAGED OR INCOMPLETE'],
  timeout: ['CANNOT BE SHOWN', 'TOOK TOO LONG'],
};
const SHEET = 'M290 170H450L510 230V470H290ZM450 170V230H510M330 300H470M330 350H470M330 400H430';
const BROKEN = 'M240 200H560V450H240ZM240 400L340 310L410 370L460 330L560 410M220 480L580 170';

/** Thumbnail, preview and display image of a drawn sheet that says in words why there is no image. */
export async function derivePlaceholder({ reason, label }: Placeholder): Promise<DerivedImages> {
  const [title, detail] = WORDS[reason];
  const icon = reason === 'no-picture' ? SHEET : BROKEN;
  const lines =
    centredPath(label ?? title, SIDE / 2, 540, 7) +
    centredPath(label === undefined ? detail : '', SIDE / 2, 630, 5);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}"><rect width="100%" height="100%" fill="#1b2127"/><g fill="none" stroke="#b8c4cf" stroke-linecap="round" stroke-linejoin="round"><path d="${icon}" stroke-width="10"/><path d="${lines}" stroke-width="6"/></g></svg>`;
  const { data, info } = await sharp(Buffer.from(svg))
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const gray = info.channels === 1 ? data : data.filter((_, i) => i % info.channels === 0);
  return derivePictures({ width: info.width, height: info.height, channels: 1, data: gray }, 1);
}
