export { imageView, type ShownView } from './image-view.ts';
export { indexedView } from './indexed-view.ts';
