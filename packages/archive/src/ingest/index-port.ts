import type { IngestOutcome, IngestSource, InstanceHeader, InstanceLocation } from '@archwire/contracts';

/** One instance for the index. */
export interface IndexRow {
  readonly source: IngestSource;
  readonly header: InstanceHeader;
  readonly location: InstanceLocation;
  readonly sha256: string;
}

/** What the index made of it. */
export interface IndexAnswer {
  readonly outcome: IngestOutcome;
  readonly seriesId: string;
  /** Whether any row of the index refers to exactly this range. If not, nobody will ever read it. */
  readonly isHeld: boolean;
}

/** Puts rows of one tenant into the index in one transaction and answers in their order. SOP Instance UIDs differ within a call. */
export type IndexRows = (tenantId: string, rows: readonly IndexRow[]) => Promise<readonly IndexAnswer[]>;
