import type { Matcher } from './matcher.ts';
import type { QueryAttribute, QueryLevel } from './query-attributes.ts';

export interface Condition {
  readonly attribute: QueryAttribute;
  readonly matcher: Matcher;
}

/** A query of the imaging index, whichever protocol it came by. */
export interface ImagingQuery {
  readonly level: QueryLevel;
  readonly conditions: readonly Condition[];
  readonly limit: number;
  readonly offset: number;
}
