import type { ImageView } from '@archwire/contracts/image-view';

/** The standard photo set as orthodontists mount it, row by row: face, arches, bite. The middle one is often left out. */
export const PHOTO_SLOTS = [
  'face-right',
  'face-front',
  'face-front-smile',
  'occlusal-upper',
  'face-right-oblique',
  'occlusal-lower',
  'intraoral-right',
  'intraoral-front',
  'intraoral-left',
] as const satisfies readonly ImageView[];
export type PhotoSlot = (typeof PHOTO_SLOTS)[number];

/** The order in which they are mostly taken. */
export const SHOOTING_ORDER: readonly PhotoSlot[] = [
  'face-front',
  'face-front-smile',
  'face-right',
  'intraoral-front',
  'intraoral-right',
  'intraoral-left',
  'occlusal-upper',
  'occlusal-lower',
];

export const isPhotoSlot = (text: string): text is PhotoSlot => PHOTO_SLOTS.some((slot) => slot === text);
