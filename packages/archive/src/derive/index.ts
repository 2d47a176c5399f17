export { createDeriver, type Deriver, type DeriverParts } from './create-deriver.ts';
export { findDisplay } from './find-display.ts';
export { findDerivative, type Derivative } from './find-derivative.ts';
export { rebuildDerivatives } from './rebuild-derivatives.ts';
export { removeDerivatives, type ObsoleteDerivatives } from './remove-derivatives.ts';
export { RECIPE, type DerivativeKind } from './recipe.ts';
