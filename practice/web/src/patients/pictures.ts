import { session } from '../api/session.ts';
import type { StudyImage } from './study-image.ts';

/** Side of the square that the archive fits a preview into. */
const PREVIEW = 800;

type Kind = 'thumbnail' | 'preview' | 'display';

const address = (image: StudyImage, kind: Kind): string | null =>
  image.picture === null ? null : `/api/v1/pictures/${image.instanceId}/${image.picture.version}/${kind}`;

/** The properties of a `Picture` of an image, but for the words. */
export const pictureOf = (image: StudyImage, kind: Kind = 'thumbnail') => ({
  src: address(image, kind),
  reason: image.picture?.placeholderReason ?? null,
  recover: session.renew,
});

/** The sources of a `StagePicture`, growing: the preview, then every pixel. */
export const stageSources = (
  image: StudyImage,
): readonly { readonly src: string; readonly width: number }[] => {
  const { picture } = image;
  const [preview, display] = [address(image, 'preview'), address(image, 'display')];
  if (picture === null || preview === null || display === null) return [];
  const shrunk = Math.min(1, PREVIEW / Math.max(picture.width, picture.height));
  return shrunk === 1
    ? [{ src: display, width: picture.width }]
    : [
        { src: preview, width: Math.round(picture.width * shrunk) },
        { src: display, width: picture.width },
      ];
};
