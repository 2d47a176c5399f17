import type { ImageKind } from '@archwire/contracts';

/** Who the images belong to, as far as is known. */
export type MatchState = 'auto' | 'matched' | 'suggested' | 'quarantined' | 'rejected';

/** What the study list is narrowed by; an empty list or text narrows nothing. */
export interface StudyFilter {
  readonly text: string;
  /** `YYYY-MM-DD`, both ends included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly modalities: readonly string[];
  readonly kinds: readonly ImageKind[];
  readonly locationIds: readonly string[];
  readonly deviceIds: readonly string[];
  /** Empty: all but the rejected. */
  readonly states: readonly MatchState[];
}

/** `study-date`: the day a study stands at, then its time. `received`: when its first image came. Newest first, both. */
export type StudySort = 'study-date' | 'received';
