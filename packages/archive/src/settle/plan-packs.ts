/** A range of the journal that belongs to a series and waits to be settled. */
export interface UnsettledRange {
  readonly kind: 'instance' | 'conflict';
  readonly id: string;
  readonly sha256: string;
  readonly key: string;
  readonly offset: number;
  readonly length: number;
}

/** One object to be made: a file of its own, handed over whole, or ranges laid end to end. */
export type Pack =
  | { readonly kind: 'file'; readonly ranges: readonly [UnsettledRange] }
  | { readonly kind: 'joined'; readonly ranges: readonly UnsettledRange[] };

/** Lays small ranges together in the order given, up to `limit` bytes a pack; a large file stays alone. */
export const planPacks = (ranges: readonly UnsettledRange[], limit: number): Pack[] => {
  const packs: Pack[] = [];
  let joined: UnsettledRange[] = [];
  let bytes = 0;
  const close = (): void => {
    if (joined.length > 0) packs.push({ kind: 'joined', ranges: joined });
    joined = [];
    bytes = 0;
  };
  for (const range of ranges) {
    // Behind the name of the node.
    if (/(?:^|\/)large\//.test(range.key)) {
      packs.push({ kind: 'file', ranges: [range] });
      continue;
    }
    if (bytes + range.length > limit) close();
    joined.push(range);
    bytes += range.length;
  }
  close();
  return packs;
};
