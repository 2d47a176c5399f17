/** Through which door an instance came, and whose it is. Written into the journal beside the bytes, so that a replay knows it. */
export interface IngestSource {
  readonly tenantId: string;
  readonly locationId: string;
  readonly deviceId: string | null;
  readonly via: 'dimse' | 'stow' | 'import';
  readonly callingAe: string | null;
  readonly calledAe: string | null;
  readonly address: string | null;
  /** Issuer of Patient ID of the device or location, for data sets that name none. */
  readonly issuer: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
}

/** What became of one instance in the index. */
export type IngestOutcome = 'stored' | 'duplicate' | 'conflict';
