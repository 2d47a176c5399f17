import type { QuarantinedStudy } from './quarantined-study.ts';

/** Where a picture of an image lies, for ever; `null` while it is not made. */
export const pictureAddress = (
  image: Pick<QuarantinedStudy['images'][number], 'instanceId' | 'picture'>,
  kind: 'thumbnail' | 'preview' | 'display',
): string | null =>
  image.picture === null ? null : `/api/v1/pictures/${image.instanceId}/${image.picture.version}/${kind}`;
