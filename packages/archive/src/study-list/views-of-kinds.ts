import { type ImageKind, imageViews, kindOfView } from '@archwire/contracts';

/** The views that are of these kinds. */
export const viewsOfKinds = (kinds: readonly ImageKind[]): readonly string[] =>
  imageViews.filter((view) => kinds.includes(kindOfView(view)));
