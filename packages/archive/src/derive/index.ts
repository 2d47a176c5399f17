export { createDeriver, type Deriver, type DeriverParts } from './create-deriver.ts';
export { findDerivative, type Derivative } from './find-derivative.ts';
export { rebuildDerivatives } from './rebuild-derivatives.ts';
export { removeDerivatives, type ObsoleteDerivatives } from './remove-derivatives.ts';
export type { DerivativeKind } from './recipe.ts';
