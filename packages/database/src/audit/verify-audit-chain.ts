import type { Knex } from 'knex';

export interface AuditChainReport {
  /** First entry still kept (older months may have been dropped) and last one; `null` when the log is empty. */
  readonly firstSeq: number | null;
  readonly lastSeq: number | null;
  /** Hex of the hash to keep outside: it fixes everything up to `lastSeq`. */
  readonly headHash: string | null;
  /** The first entry that is not as it was written, and why; `null` when all are. */
  readonly broken: {
    readonly seq: number;
    readonly reason: 'missing' | 'altered' | 'unlinked' | 'head';
  } | null;
}

interface Row {
  readonly first_seq: number | null;
  readonly last_seq: number | null;
  readonly head_hash: string | null;
  readonly broken_seq: number | null;
  readonly reason: 'missing' | 'altered' | 'unlinked' | 'head' | null;
}

/**
 * Recomputes the tenant's whole chain. `altered`: an entry's text or a column beside it changed; `unlinked`: it does not
 * follow the one before; `missing`: a gap; `head`: entries at the end are gone. Proves nothing against somebody who can
 * recompute it: keep `headHash` outside.
 */
export const verifyAuditChain = async (trx: Knex.Transaction): Promise<AuditChainReport> => {
  const { rows } = await trx.raw<{ rows: Row[] }>(`
    with chain as (
      select seq, hash, prev_hash, lag(seq) over w as last_seq, lag(hash) over w as last_hash,
             sha256(prev_hash || convert_to(audit_text(tenant_id, seq, at, entry), 'UTF8')) as expected,
             (actor_kind, actor_id, action, entity, entity_id, patient_id, study_uid, outcome)
               is not distinct from
             (entry::jsonb ->> 'actorKind', entry::jsonb ->> 'actorId', entry::jsonb ->> 'action', entry::jsonb ->> 'entity',
              entry::jsonb ->> 'entityId', entry::jsonb ->> 'patientId', entry::jsonb ->> 'studyUid', entry::jsonb ->> 'outcome')
               as columns_true
        from audit_log window w as (order by seq)),
    faults as (
      select seq, case when hash <> expected or not columns_true then 'altered'
                       when last_seq is not null and seq <> last_seq + 1 then 'missing'
                       when last_hash is not null and prev_hash <> last_hash then 'unlinked' end as reason
        from chain
      union all
      select head.seq, 'head' from audit_head head
       where not exists (select 1 from chain where chain.seq = head.seq and chain.hash = head.hash)),
    worst as (select seq, reason from faults where reason is not null order by seq limit 1)
    select (select min(seq) from chain) as first_seq, (select max(seq) from chain) as last_seq,
           (select encode(hash, 'hex') from audit_head) as head_hash,
           (select seq from worst) as broken_seq, (select reason from worst) as reason
  `);
  const row = rows[0];
  return {
    firstSeq: row?.first_seq ?? null,
    lastSeq: row?.last_seq ?? null,
    headHash: row?.head_hash ?? null,
    broken:
      row === undefined || row.broken_seq === null || row.reason === null
        ? null
        : { seq: row.broken_seq, reason: row.reason },
  };
};
