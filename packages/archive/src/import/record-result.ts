import type { Principal } from '@archwire/contracts';
import { appendAudit, type WithTenant } from '@archwire/database';
import type { Transaction } from '../query/transaction.ts';
import { type FileProgress, progressOf } from './import-file-row.ts';
import type { ImportReason } from './import-reason.ts';

/** What became of one file, as it is written down. */
export interface RecordedResult {
  readonly outcome: NonNullable<FileProgress['outcome']>;
  readonly reason: ImportReason | null;
  readonly sopInstanceUid: string | null;
  readonly retryable?: boolean;
}

/** A file that lies in a container: its row is made when it has been read. */
export interface EntryOfContainer {
  readonly parentId: string;
  readonly index: number;
  readonly path: string;
  readonly pathFolded: string;
  readonly size: number;
  readonly depth: number;
}

type Actor = Pick<Principal, 'kind' | 'id'> & Partial<Pick<Principal, 'address' | 'userAgent' | 'requestId'>>;

interface Row {
  readonly id: string;
  readonly state: FileProgress['state'];
  readonly received: number;
  readonly outcome: FileProgress['outcome'];
  readonly reason: string | null;
  readonly study_id: string | null;
  readonly study_uid: string | null;
  readonly is_new: boolean;
}

/**
 * The study as the index has it now says whether the image waits in quarantine. A file that was given up as missing and
 * came after all is no longer missing.
 */
const WRITE = (target: string): string => `
  with found as materialized (
    select s.id, s.study_uid, s.match_state, s.quarantine_reason
      from instance i join series e on e.id = i.series_id join study s on s.id = e.study_id where i.sop_uid = :uid
  ), result as materialized (
    select case when o.outcome = 'stored' and (select match_state from found) in ('quarantined', 'suggested', 'rejected')
                then 'quarantined' else o.outcome end as outcome,
           case when o.outcome = 'stored' then coalesce((select quarantine_reason from found), o.reason) else o.reason end as reason,
           (select id from found) as study_id
      from (select cast(:outcome as text) as outcome, cast(:reason as text) as reason) o
  ), written as (${target}
  ), study_of as (
    insert into import_study (tenant_id, import_id, study_id)
      select app_tenant(), cast(:importId as uuid), study_id from written where study_id is not null
    on conflict do nothing returning study_id
  ), adjusted as (
    insert into picture_adjustment (tenant_id, instance_id, adjustment, changed_by)
      select app_tenant(), i.id, f.shows -> 'adjustment', s.created_by
        from written w join import_file f on f.id = w.id join import_session s on s.id = f.import_id
        join instance i on i.sop_uid = :uid
       where jsonb_typeof(f.shows -> 'adjustment') = 'object'
    on conflict (tenant_id, instance_id) do update
      set adjustment = excluded.adjustment, revision = picture_adjustment.revision + 1, changed_by = excluded.changed_by,
          changed_at = now()
    where picture_adjustment.adjustment <> excluded.adjustment
    returning instance_id
  ), told as (
    insert into outbox (tenant_id, topic, payload)
      select app_tenant(), 'instances.stored', jsonb_build_object(
               'studyId', e.study_id, 'seriesId', e.id, 'instanceIds', jsonb_build_array(i.id::text))
        from adjusted a join instance i on i.id = a.instance_id join series e on e.id = i.series_id
  ), awake as (
    update import_session set active_at = now() where id = :importId and active_at < now() - interval '5 seconds'
  )
  select w.id, w.state, w.received, w.outcome, w.reason, w.study_id, (select study_uid from found) as study_uid,
         exists (select 1 from study_of) as is_new
    from written w`;

const WRITE_FILE = WRITE(`
    update import_file f set state = 'done', outcome = r.outcome, reason = r.reason, study_id = r.study_id,
           retryable = :retryable, received = f.size, updated_at = now()
      from result r where f.id = :fileId and f.import_id = :importId and (f.state <> 'done' or f.outcome = 'missing')
    returning f.id, f.state, f.received, f.outcome, f.reason, f.study_id`);

const WRITE_ENTRY = WRITE(`
    insert into import_file (tenant_id, import_id, parent_id, key, path, path_folded, size, received, depth, state, outcome,
                             reason, study_id)
      select app_tenant(), cast(:importId as uuid), cast(:parentId as uuid), :key, :path, :pathFolded, cast(:size as bigint),
             cast(:size as bigint), cast(:depth as int), 'done', r.outcome, r.reason, r.study_id
        from result r
    on conflict (tenant_id, import_id, key) do update set state = 'done', outcome = excluded.outcome,
      reason = excluded.reason, study_id = excluded.study_id, updated_at = now()
    returning id, state, received, outcome, reason, study_id`);

/** The first image of a study that an import brings is what the audit log tells. */
const auditStudy = async (trx: Transaction, actor: Actor, importId: string, row: Row): Promise<void> => {
  if (!row.is_new || row.study_uid === null) return;
  await appendAudit(trx, {
    actorKind: actor.kind,
    actorId: actor.id,
    action: 'imaging.study.stored',
    outcome: 'success',
    entity: 'import',
    entityId: importId,
    studyUid: row.study_uid,
    ...(actor.requestId === undefined
      ? {}
      : {
          address: actor.address ?? null,
          userAgent: actor.userAgent?.slice(0, 300) ?? null,
          requestId: actor.requestId,
        }),
  });
};

const write = async (
  withTenant: WithTenant,
  tenantId: string,
  actor: Actor,
  importId: string,
  sql: string,
  values: Readonly<Record<string, unknown>>,
): Promise<FileProgress | undefined> =>
  await withTenant(tenantId, async (trx) => {
    const { rows }: { rows: Row[] } = await trx.raw(sql, { ...values, importId });
    const [row] = rows;
    if (row === undefined) return undefined;
    await auditStudy(trx, actor, importId, row);
    return progressOf(row);
  });

const valuesOf = ({ outcome, reason, sopInstanceUid, retryable = false }: RecordedResult) => ({
  outcome,
  reason,
  uid: sopInstanceUid,
  retryable,
});

/** Writes down what became of a file that was named before; `undefined` when somebody did already. */
export const recordFile = async (
  withTenant: WithTenant,
  tenantId: string,
  actor: Actor,
  at: { readonly importId: string; readonly fileId: string },
  result: RecordedResult,
): Promise<FileProgress | undefined> =>
  await write(withTenant, tenantId, actor, at.importId, WRITE_FILE, {
    ...valuesOf(result),
    fileId: at.fileId,
  });

/** Writes down what became of a file inside a container. Safe to repeat. */
export const recordEntry = async (
  withTenant: WithTenant,
  tenantId: string,
  actor: Actor,
  importId: string,
  entry: EntryOfContainer,
  result: RecordedResult,
): Promise<void> => {
  await write(withTenant, tenantId, actor, importId, WRITE_ENTRY, {
    ...valuesOf(result),
    parentId: entry.parentId,
    key: `${entry.parentId}-${entry.index}`,
    path: entry.path,
    pathFolded: entry.pathFolded,
    size: entry.size,
    depth: entry.depth,
  });
};
