import type { Knex } from 'knex';

/** What happened, by whom, to what. Ids, UIDs and redacted fields only: the log is kept for years. */
export interface AuditEntry {
  readonly actorKind: 'user' | 'api-key' | 'device' | 'system';
  readonly actorId: string | null;
  /** `slice.resource.verb`, e.g. `imaging.study.read`. */
  readonly action: string;
  readonly outcome: 'success' | 'failure';
  readonly entity?: string;
  readonly entityId?: string;
  readonly patientId?: string;
  readonly studyUid?: string;
  readonly onBehalfOf?: string;
  readonly reason?: string;
  readonly address?: string | null;
  readonly userAgent?: string | null;
  readonly requestId?: string;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

/**
 * Appends to the tenant's hash chain in the caller's transaction: the entry exists exactly if the change does.
 * It takes the tenant's chain until commit, so call it last. Answers the sequence number.
 */
export const appendAudit = async (trx: Knex.Transaction, entry: AuditEntry): Promise<number> => {
  const { rows } = await trx.raw<{ rows: { seq: number }[] }>('select append_audit(?) as seq', [
    JSON.stringify(entry),
  ]);
  const [row] = rows;
  if (row === undefined) throw new Error('append_audit answers one row.');
  return row.seq;
};
