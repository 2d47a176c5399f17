export type { CodedConcept } from './coded-concept.ts';
export { imageView, type ShownView } from './image-view.ts';
export { classView, indexedView } from './indexed-view.ts';
export { ORTHO_CODES, type OrthoCode } from './ortho-codes.ts';
export { ORTHO_VIEWS, type OrthoView, type OrthoViewKey } from './ortho-views.ts';
