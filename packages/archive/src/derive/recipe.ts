/** Version of how derivatives are made, below 1000. Raise it when the pictures change: rows of an older recipe are made again. */
export const RECIPE = 2;

export const DERIVATIVE_KINDS = ['thumbnail', 'preview', 'display'] as const;
export type DerivativeKind = (typeof DERIVATIVE_KINDS)[number];
