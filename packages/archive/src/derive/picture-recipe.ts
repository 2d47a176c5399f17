/** Recipes, with the generation in their thousands, stay below this, so that the numbers can be told from their sum. */
const ADJUSTMENTS = 1_000_000;

/**
 * SQL of how a picture was made, as one number for its version: the recipe, and the revision of how a person wants it
 * shown. `alias` is a row of `derivative`.
 */
export const pictureRecipe = (alias: string): string =>
  `(${alias}.recipe + ${ADJUSTMENTS} * ${alias}.adjustment)`;
