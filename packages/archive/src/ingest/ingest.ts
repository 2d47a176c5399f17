import type { IngestOutcome, IngestSource, InstanceHeader, InstanceLocation } from '@archwire/contracts';

/** What a C-STORE command and its presentation context say about the data set that follows. */
export interface StoreCommand {
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
  /** As negotiated; the bytes that follow are a data set in this syntax, without group 2. */
  readonly TransferSyntaxUID: string;
}

/** Proof that the bytes are durable: from here on a crash loses nothing. */
export interface Receipt {
  readonly header: InstanceHeader;
  /** Where the bytes lie right now; settling moves them later, so read locations from the index. */
  readonly location: InstanceLocation;
  readonly byteLength: number;
  /**
   * Resolves once the instance is in the index (normally within 100 ms; later while PostgreSQL is away).
   * Never a reason to withhold a C-STORE Success; STOW waits for it. Rejects only when this process stops first
   * or the index refuses the row for good (AppError `unavailable` or `internal`); the bytes are kept in either case.
   */
  readonly indexed: Promise<IngestOutcome>;
}

/** Takes one object's bytes. Call `write` in order, then `finish` or `abort` exactly once. */
export interface ObjectSink {
  /**
   * Takes over the chunk: the caller must not reuse its memory. `false` asks the caller to stop reading until `drained()`.
   * Never throws: a failure is kept and thrown by `finish()`.
   */
  write(chunk: Buffer): boolean;
  /** Resolves when it is time to write again; also when the sink has failed, so that the caller reaches `finish()`. */
  drained(): Promise<void>;
  /**
   * Resolves only when the bytes are durable and enough to index again.
   * @throws AppError `invalid` (`details.reason` is `uid-mismatch`, or what `readInstanceHead` says: `not-dicom`, `truncated`, `bad-uid`…),
   * `storage-full`, `integrity`, `unavailable`. After a throw nothing is kept and `abort` is not needed.
   */
  finish(): Promise<Receipt>;
  /** Drops what came so far. Safe at any time before `finish` and more than once. */
  abort(): Promise<void>;
}

/** The one door for image bytes. */
export interface Ingest {
  /** A data set as it comes over DIMSE, without preamble and group 2, which are written here from the command. */
  begin(source: IngestSource, command: StoreCommand): ObjectSink;
  /** A Part 10 file (PS3.10) as STOW-RS and imports bring it: kept byte for byte. */
  beginPart10(source: IngestSource): ObjectSink;
}
