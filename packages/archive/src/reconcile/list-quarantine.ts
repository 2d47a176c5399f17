import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import { type PatientSuggestion, suggestPatients, type WithTenant } from '@archwire/database';

import { auditReconcile } from './audit-reconcile.ts';

export interface QuarantinedStudy {
  readonly studyId: string;
  readonly studyInstanceUid: string;
  /** `null` for a study that a person rejected. */
  readonly reason: string | null;
  /** Identity as the images came with it. */
  readonly patientId: string | null;
  readonly issuer: string;
  readonly patientName: string | null;
  readonly birthDate: string | null;
  readonly sex: string | null;
  readonly studyDate: string | null;
  readonly description: string | null;
  readonly instanceCount: number;
  readonly firstAt: string;
  readonly suggestions: readonly PatientSuggestion[];
}

export interface QuarantinePage {
  readonly studies: readonly QuarantinedStudy[];
  /** `before` of the next page; `null` on the last. */
  readonly next: string | null;
}

interface Row {
  readonly id: string;
  readonly study_uid: string;
  readonly quarantine_reason: string | null;
  readonly pat_id: string | null;
  readonly issuer: string;
  readonly pat_name: string | null;
  readonly birth_date: string | null;
  readonly pat_sex: string | null;
  readonly study_date: string | null;
  readonly description: string | null;
  readonly instance_count: number;
  readonly first_at: string;
}

const PAGE = 25;

/** The state is written out, so that a partial index serves. */
const STATES = { quarantined: `match_state = 'quarantined'`, rejected: `match_state = 'rejected'` } as const;

const present = (row: Row, suggestions: readonly PatientSuggestion[]): QuarantinedStudy => ({
  studyId: row.id,
  studyInstanceUid: row.study_uid,
  reason: row.quarantine_reason,
  patientId: row.pat_id,
  issuer: row.issuer,
  patientName: row.pat_name,
  birthDate: row.birth_date,
  sex: row.pat_sex,
  studyDate: row.study_date,
  description: row.description,
  instanceCount: row.instance_count,
  firstAt: row.first_at,
  suggestions,
});

/**
 * Studies that wait for a person to say whose they are, or that a person rejected, newest first, each with patients it
 * may belong to. `before` is `next` of the page before. The audit log says who looked.
 * @throws AppError `forbidden`; `not-found` when `before` is no study.
 */
export const listQuarantine = async (
  withTenant: WithTenant,
  principal: Principal,
  options: { readonly state?: keyof typeof STATES; readonly before?: string } = {},
): Promise<QuarantinePage> => {
  requirePermission(principal, 'imaging.reconcile.write');
  const { state = 'quarantined', before } = options;
  return await withTenant(principal.tenantId, async (trx) => {
    if (before !== undefined && (await trx('study').where({ id: before }).first('id')) === undefined)
      throw new AppError('not-found', 'The list goes on from a study that is not there. Reload the list.');
    const { rows }: { rows: Row[] } = await trx.raw(
      `select id, study_uid, quarantine_reason, pat_id, issuer, pat_name, pat_birth_date::text as birth_date, pat_sex,
              study_date::text as study_date, description, instance_count,
              to_char(first_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as first_at
         from study
        where ${STATES[state]}
              ${before === undefined ? '' : 'and (first_at, id) < (select b.first_at, b.id from study b where b.id = ?)'}
        order by study.first_at desc, id desc limit ${PAGE + 1}`,
      before === undefined ? [] : [before],
    );
    const studies: QuarantinedStudy[] = [];
    for (const row of rows.slice(0, PAGE)) studies.push(present(row, await suggestPatients(trx, row.id)));
    await auditReconcile(trx, principal, {
      action: 'imaging.quarantine.listed',
      after: { state, studyIds: studies.map(({ studyId }) => studyId) },
    });
    return { studies, next: rows.length > PAGE ? (studies.at(-1)?.studyId ?? null) : null };
  });
};
