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
  'intraoral-front-open': 'photo',
  'intraoral-right': 'photo',
  'intraoral-left': 'photo',
  'overjet-right': 'photo',
  'overjet-left': 'photo',
  'occlusal-upper': 'photo',
  'occlusal-lower': 'photo',
  photo: 'photo',
  'bitewing-molar': 'bitewing',
  'bitewing-premolar': 'bitewing',
  bitewing: 'bitewing',
  periapical: 'periapical',
  'occlusal-radiograph-upper': 'occlusal',
  'occlusal-radiograph-lower': 'occlusal',
  'occlusal-radiograph': 'occlusal',
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

/** Every kind, in the order of the views. */
export const imageKinds: readonly ImageKind[] = [...new Set(imageViews.map(kindOfView))];

/**
 * How it is known what an image shows: `codes` it carries; `class`, its modality and SOP class alone; `words` of its
 * series or study; a `rule` of the group for its device; a `person`.
 */
export const VIEW_ORIGINS = ['codes', 'class', 'words', 'rule', 'person'] as const;
export type ViewOrigin = (typeof VIEW_ORIGINS)[number];

/** Image Laterality (0020,0062) as far as it is a side: right, left, both. */
export const IMAGE_LATERALITIES = ['R', 'L', 'B'] as const;
export type ImageLaterality = (typeof IMAGE_LATERALITIES)[number];

const quadrants: readonly (readonly [first: string, count: number])[] = [
  ['1', 8],
  ['2', 8],
  ['3', 8],
  ['4', 8],
  ['5', 5],
  ['6', 5],
  ['7', 5],
  ['8', 5],
];
/** Every tooth by its ISO 3950 number: permanent teeth, then deciduous teeth, each by quadrant from the midline. */
export const TEETH: readonly string[] = quadrants.flatMap(([quadrant, count]) =>
  Array.from({ length: count }, (_, at) => `${quadrant}${at + 1}`),
);
