import type { CommitmentReference } from '../commitment-request/commitment-requests.ts';

/** Failure Reason (0008,1197) of PS3.3 section C.14.1.1, as far as this archive gives them. */
export const FAILURE_REASON = {
  processingFailure: 0x0110,
  noSuchObjectInstance: 0x0112,
  classInstanceConflict: 0x0119,
  duplicateTransactionUid: 0x0131,
} as const;
export type FailureReason = (typeof FAILURE_REASON)[keyof typeof FAILURE_REASON];

export interface FailedReference extends CommitmentReference {
  readonly FailureReason: FailureReason;
}

/** Every reference of a request stands in one of the two, in the order of the request. */
export interface CommitmentOutcome {
  readonly committed: readonly CommitmentReference[];
  readonly failed: readonly FailedReference[];
}
