import { type Principal, requirePermission } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';

import { type PatientSuggestion, suggestPatients } from './suggest-patients.ts';

export interface QuarantinedStudy {
  readonly studyId: string;
  readonly studyInstanceUid: string;
  readonly reason: string;
  readonly patientId: string | null;
  readonly patientName: string | null;
  readonly birthDate: string | null;
  readonly sex: string | null;
  readonly studyDate: string | null;
  readonly description: string | null;
  readonly instanceCount: number;
  readonly firstAt: string;
  readonly suggestions: readonly PatientSuggestion[];
}

interface Row {
  readonly id: string;
  readonly study_uid: string;
  readonly quarantine_reason: string;
  readonly pat_id: string | null;
  readonly pat_name: string | null;
  readonly birth_date: string | null;
  readonly pat_sex: string | null;
  readonly study_date: string | null;
  readonly description: string | null;
  readonly instance_count: number;
  readonly first_at: string;
}

const PAGE = 25;

/**
 * Studies that wait for a person to say whose they are, newest first, each with patients it may belong to.
 * `before` is `firstAt` and `studyId` of the last one seen.
 * @throws AppError `forbidden`.
 */
export const listQuarantine = async (
  withTenant: WithTenant,
  principal: Principal,
  before: { readonly firstAt: string; readonly studyId: string } | null = null,
): Promise<QuarantinedStudy[]> => {
  requirePermission(principal, 'imaging.reconcile.write');
  return await withTenant(principal.tenantId, async (trx) => {
    const { rows }: { rows: Row[] } = await trx.raw(
      `select id, study_uid, quarantine_reason, pat_id, pat_name, pat_birth_date::text as birth_date, pat_sex,
              study_date::text as study_date, description, instance_count,
              to_char(first_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as first_at
         from study
        where match_state = 'quarantined' ${before === null ? '' : 'and (first_at, id) < (?::timestamptz, ?::uuid)'}
        order by first_at desc, id desc limit ${PAGE}`,
      before === null ? [] : [before.firstAt, before.studyId],
    );
    const studies: QuarantinedStudy[] = [];
    for (const row of rows) {
      studies.push({
        studyId: row.id,
        studyInstanceUid: row.study_uid,
        reason: row.quarantine_reason,
        patientId: row.pat_id,
        patientName: row.pat_name,
        birthDate: row.birth_date,
        sex: row.pat_sex,
        studyDate: row.study_date,
        description: row.description,
        instanceCount: row.instance_count,
        firstAt: row.first_at,
        suggestions: await suggestPatients(trx, row.id),
      });
    }
    return studies;
  });
};
