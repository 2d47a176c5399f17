import type { Knex } from 'knex';

export interface AuditFilter {
  readonly actorId?: string | undefined;
  readonly actorKind?: 'user' | 'api-key' | 'device' | 'system' | undefined;
  readonly action?: readonly string[] | undefined;
  readonly outcome?: 'success' | 'failure' | undefined;
  readonly patientId?: string | undefined;
  readonly studyUid?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface AuditRow {
  readonly seq: number;
  readonly at: Date;
  readonly actor_kind: string;
  readonly actor_id: string | null;
  readonly action: string;
  readonly entity: string | null;
  readonly entity_id: string | null;
  readonly patient_id: string | null;
  readonly study_uid: string | null;
  readonly outcome: string;
  readonly entry: string;
}

export interface AuditCursor {
  readonly at: Date;
  readonly seq: number;
}

const COLUMNS = [
  'seq',
  'at',
  'actor_kind',
  'actor_id',
  'action',
  'entity',
  'entity_id',
  'patient_id',
  'study_uid',
  'outcome',
  'entry',
] as const;

/** One page, newest first. Only the conditions that are asked for stand in the statement, so that each shape has its plan. */
export const readAuditPage = async (
  trx: Knex.Transaction,
  filter: AuditFilter,
  page: { readonly before: AuditCursor | null; readonly limit: number },
): Promise<AuditRow[]> => {
  const query = trx<AuditRow>('audit_log').orderBy('at', 'desc').orderBy('seq', 'desc').limit(page.limit);
  const { actorId, actorKind, action, outcome, patientId, studyUid, from, to } = filter;
  if (actorId !== undefined) void query.where({ actor_id: actorId });
  if (actorKind !== undefined) void query.where({ actor_kind: actorKind });
  if (action !== undefined) void query.whereRaw('action = any(?)', [[...action]]);
  if (outcome !== undefined) void query.where({ outcome });
  if (patientId !== undefined) void query.where({ patient_id: patientId });
  if (studyUid !== undefined) void query.where({ study_uid: studyUid });
  if (from !== undefined) void query.where('at', '>=', new Date(from));
  if (to !== undefined) void query.where('at', '<', new Date(to));
  if (page.before !== null) void query.whereRaw('(at, seq) < (?, ?)', [page.before.at, page.before.seq]);
  return await query.select(...COLUMNS);
};
