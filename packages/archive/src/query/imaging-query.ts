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
  /** Days and times are matched each on their own: C-FIND where combined matching was not negotiated (PS3.4 C.2.2.2.5). */
  readonly separateDateTime?: boolean;
}
