import { imageViews, type ImageView } from '@archwire/contracts';
import type { StudyImage } from './study-image.ts';

/** What tells most about a visit at a glance, first to last; a wide picture leads the collage. */
const FIRST: readonly ImageView[] = [
  'panoramic',
  'intraoral-front',
  'ceph-lateral',
  'occlusal-upper',
  'cbct',
  'intraoral-right',
  'face-front-smile',
  'intraoral-left',
  'occlusal-lower',
  'face-right',
  'bitewing',
];
const rank = new Map([...new Set([...FIRST, ...imageViews])].map((view, at) => [view, at]));
const LAST = imageViews.length;

const hasNoPicture = ({ frames, picture }: StudyImage): boolean =>
  frames === null || (picture !== null && picture.placeholderReason !== null);

/**
 * The pictures that stand for a study: one of each view in the order of what they tell, then more of the same; what has
 * no picture comes last, so that a report alone still shows that it is one.
 */
export const chooseThumbnails = (images: readonly StudyImage[], count: number): readonly StudyImage[] => {
  const seen = new Map<ImageView, number>();
  return images
    .map((image, at) => {
      const nth = seen.get(image.view) ?? 0;
      seen.set(image.view, nth + 1);
      return { image, at, nth, rank: rank.get(image.view) ?? LAST };
    })
    .toSorted(
      (a, b) =>
        Number(hasNoPicture(a.image)) - Number(hasNoPicture(b.image)) ||
        a.nth - b.nth ||
        a.rank - b.rank ||
        a.at - b.at,
    )
    .slice(0, count)
    .map(({ image }) => image);
};
