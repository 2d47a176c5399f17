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

interface Source {
  readonly src: string;
  readonly width: number;
  readonly height: number;
}

/** The small one first, unless the whole is as small. */
const growing = (small: string, whole: Source): readonly Source[] => {
  const { width, height } = whole;
  const shrunk = PREVIEW / Math.max(width, height);
  if (shrunk >= 1) return [whole];
  return [{ src: small, width: Math.round(width * shrunk), height: Math.round(height * shrunk) }, whole];
};

/** The sources of a `StagePicture`, growing: the preview, then every pixel. */
export const stageSources = (image: StudyImage): readonly Source[] => {
  const { picture } = image;
  const [preview, display] = [address(image, 'preview'), address(image, 'display')];
  if (picture === null || preview === null || display === null) return [];
  const { width, height } = picture;
  const whole = { src: display, width, height };
  return growing(preview, whole);
};

/** The same of one frame of an image of many, rendered when it is asked for; `address` is the instance's by DICOMweb. */
export const frameSources = (address: string, { picture }: StudyImage, frame: number): readonly Source[] => {
  if (picture === null) return [];
  const { width, height } = picture;
  const rendered = `${address}/frames/${frame}/rendered?accept=image/jpeg`;
  return growing(`${rendered}&viewport=${PREVIEW},${PREVIEW}`, { src: rendered, width, height });
};
