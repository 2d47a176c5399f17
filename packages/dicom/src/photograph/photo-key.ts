import type { ImageView } from '@archwire/contracts';
import type { OrthoViewKey } from '../dental/ortho-views.ts';

/**
 * The ADA-1100 key that a photograph is coded by when a person says no more than its view: the usual variant, teeth together
 * and lips relaxed. The order is the one of a record: face, then mouth.
 */
const KEYS: ReadonlyMap<ImageView, OrthoViewKey> = new Map([
  ['face-right', 'EV01'],
  ['face-front', 'EV15'],
  ['face-front-smile', 'EV19'],
  ['face-right-oblique', 'EV12'],
  ['face-left', 'EV22'],
  ['face-left-oblique', 'EV33'],
  ['smile', 'EV38'],
  ['occlusal-upper', 'IV25'],
  ['occlusal-lower', 'IV27'],
  ['intraoral-right', 'IV01'],
  ['intraoral-front', 'IV07'],
  ['intraoral-left', 'IV18'],
]);
/** As the mirror showed them: a person turns them over on the screen, the stored picture stays. */
const IN_MIRROR: ReadonlyMap<ImageView, OrthoViewKey> = new Map([
  ['occlusal-upper', 'IV24'],
  ['occlusal-lower', 'IV26'],
  ['intraoral-right', 'IV02'],
  ['intraoral-left', 'IV19'],
]);

/** `undefined` for a photograph of nothing in particular. `isMirrored`: the stored pixels are as a mirror showed them. */
export const photoKey = (view: ImageView, isMirrored: boolean): OrthoViewKey | undefined =>
  (isMirrored ? IN_MIRROR.get(view) : undefined) ?? KEYS.get(view);

/** Where among the photographs of a record a view stands, from 1. */
export const photoNumber = (view: ImageView): number => {
  const at = [...KEYS.keys()].indexOf(view);
  return at === -1 ? KEYS.size + 1 : at + 1;
};
