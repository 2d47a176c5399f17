import type { IngestOutcome, IngestSource, InstanceHeader, InstanceLocation } from '@archwire/contracts';

/** One received instance, durable already, on its way into the index. */
export interface IngestRow {
  readonly header: InstanceHeader;
  readonly source: IngestSource;
  readonly location: InstanceLocation;
  /** SHA-256 of the whole Part 10 file, 32 bytes. */
  readonly sha256: Buffer;
}

/** What became of one row. The ids are those of the instance in the index, which an earlier arrival may have made. */
export interface IngestResult {
  readonly outcome: IngestOutcome;
  readonly instanceId: string;
  readonly seriesId: string;
  readonly studyId: string;
  /** True when the index points at this row's location: its bytes must stay. False: nobody will ever read them. */
  readonly kept: boolean;
}
