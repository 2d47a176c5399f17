/** Where reading and sorting everything that may match ends, and walking the list from its top begins. */
export interface SearchLimits {
  /** So many studies are read and sorted at once; who matches more is found soon by walking. */
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
  candidates: 4000,
  names: 2000,
  walk: 10_000,
  countWalk: 100_000,
  count: 10_000,
};
