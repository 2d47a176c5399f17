import type { ProposedContext } from '../associate-request.ts';

/** One context for each service whose data sets have no pixels, in the syntaxes that every peer must take one of. */
export const queryContexts = (abstractSyntaxes: readonly string[]): readonly ProposedContext[] =>
  abstractSyntaxes.map((abstractSyntax, at) => ({
    id: at * 2 + 1,
    abstractSyntax,
    transferSyntaxes: ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2'],
  }));
