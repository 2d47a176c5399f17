import { type ImageView, imageViews, kindOfView } from '@archwire/contracts/image-view';
import { type Option, useViewName } from '@archwire/ui';

/** Every view in the person's language, to be chosen from. */
export const useViewOptions = (): readonly Option<ImageView>[] => {
  const viewName = useViewName();
  return imageViews.map((view) => ({ id: view, label: viewName({ view }) }));
};

const TEETH_KINDS: ReadonlySet<string> = new Set([
  'periapical',
  'bitewing',
  'occlusal',
  'photo',
  'radiograph',
]);

/** Whether one says which teeth such a picture shows. */
export const showsTeeth = (view: ImageView): boolean => TEETH_KINDS.has(kindOfView(view));
