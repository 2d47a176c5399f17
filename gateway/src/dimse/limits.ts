/** What one peer may take from the others. Times are milliseconds, sizes bytes. */
export interface DimseLimits {
  /** Offered in A-ASSOCIATE-AC and enforced on P-DATA-TF. */
  readonly maxPduLength: number;
  /** Any other PDU. The largest honest one is an A-ASSOCIATE-RQ with 128 contexts. */
  readonly maxControlPduLength: number;
  readonly maxCommandLength: number;
  /** Data set of a message that is not stored. */
  readonly maxIdentifierLength: number;
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  readonly maxAssociationsPerAe: number;
  /** From the connection to a whole A-ASSOCIATE-RQ (the ARTIM timer of PS3.8 section 9.1.5). */
  readonly requestTimeoutMs: number;
  readonly admissionTimeoutMs: number;
  /** A peer that owes us the rest of a message, or does not take our answer. */
  readonly stallTimeoutMs: number;
  /** An association on which nothing is outstanding. */
  readonly idleTimeoutMs: number;
  /** For the peer to close after our last PDU. */
  readonly closeTimeoutMs: number;
  /** For associations to come to their end when the listener stops. */
  readonly stopTimeoutMs: number;
}

export const DEFAULT_LIMITS: DimseLimits = {
  maxPduLength: 131_072,
  maxControlPduLength: 1_048_576,
  maxCommandLength: 65_536,
  maxIdentifierLength: 16_777_216,
  maxConnections: 400,
  maxConnectionsPerAddress: 200,
  maxAssociationsPerAe: 100,
  requestTimeoutMs: 30_000,
  admissionTimeoutMs: 10_000,
  stallTimeoutMs: 60_000,
  idleTimeoutMs: 600_000,
  closeTimeoutMs: 5_000,
  stopTimeoutMs: 10_000,
};
