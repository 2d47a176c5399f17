import type { ReceivedCommand } from '../command-codec.ts';
import type { DimseStatus } from '../dimse-status.ts';

/** One request of the peer while its data set comes; `StoreOperation` is one. */
export interface ServedRequest {
  /** Takes over the bytes. `false`: wait for `drained()`. */
  write(bytes: Buffer): boolean;
  drained(): Promise<void>;
  /** The whole data set was given. Never rejects: every failure is a status. */
  finish(): Promise<{ readonly status: DimseStatus }>;
  /** The association ended before. */
  abort(): void;
}

/** Answers requests of the peer on an association that we opened: C-STORE of a C-GET, N-EVENT-REPORT. */
export type ServePeer = (command: ReceivedCommand, transferSyntaxUid: string) => ServedRequest;
