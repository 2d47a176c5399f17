/**
 * What an image shows, as far as orthodontists compare like with like: every view with its kind. Two images of one view
 * at two visits are a pair; a kind is what a person calls the picture.
 */
export const IMAGE_VIEWS = {
  panoramic: 'panoramic',
  'ceph-lateral': 'cephalogram',
  'ceph-frontal': 'cephalogram',
  'face-front': 'photo',
  'face-front-smile': 'photo',
  'face-right': 'photo',
  'face-left': 'photo',
  'face-right-oblique': 'photo',
  'face-left-oblique': 'photo',
  smile: 'photo',
  'intraoral-front': 'photo',
  'intraoral-right': 'photo',
  'intraoral-left': 'photo',
  'occlusal-upper': 'photo',
  'occlusal-lower': 'photo',
  photo: 'photo',
  bitewing: 'bitewing',
  periapical: 'periapical',
  radiograph: 'radiograph',
  cbct: 'cbct',
  'scan-upper': 'scan',
  'scan-lower': 'scan',
  scan: 'scan',
  report: 'report',
  document: 'document',
  other: 'other',
} as const;

export type ImageView = keyof typeof IMAGE_VIEWS;
export type ImageKind = (typeof IMAGE_VIEWS)[ImageView];

/** Every view, in the order in which people look through records: overview first, then face, mouth, single teeth, volumes. */
export const imageViews: readonly ImageView[] = Object.keys(IMAGE_VIEWS).filter(isImageView);

/** For a word that comes from a database or a wire: an older program may not know what a newer one wrote. */
export function isImageView(text: string): text is ImageView {
  return Object.hasOwn(IMAGE_VIEWS, text);
}

export const kindOfView = (view: ImageView): ImageKind => IMAGE_VIEWS[view];
