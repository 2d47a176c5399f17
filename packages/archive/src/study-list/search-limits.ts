/** Where reading and sorting everything that may match ends, and walking the list from its top begins. */
export interface SearchLimits {
  /** So many studies are read, judged and sorted at once. */
  readonly rows: number;
  /** So many entries of indexes are sorted for a text, without a look at their rows; who matches more is found soon by walking. */
  readonly candidates: number;
  readonly names: number;
  /** So many studies are looked at for one page. */
  readonly walk: number;
  /** So many are looked at in order to count, and so many counted: nobody reads a longer list to its end. */
  readonly countWalk: number;
  readonly count: number;
}

/** Chosen by measurement over a million studies: `npm run bench -- studies`. */
export const SEARCH_LIMITS: SearchLimits = {
  rows: 4000,
  candidates: 20_000,
  names: 2000,
  walk: 10_000,
  countWalk: 100_000,
  count: 10_000,
};
