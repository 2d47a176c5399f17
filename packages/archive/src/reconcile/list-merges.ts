import { type Principal, requirePermission } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';

import { auditReconcile } from './audit-reconcile.ts';

export interface PatientMerge {
  readonly mergeId: string;
  readonly survivorId: string;
  readonly mergedId: string;
  readonly survivorName: string | null;
  readonly mergedName: string | null;
  readonly studyCount: number;
  /** Id of the user or API key. */
  readonly mergedBy: string | null;
  /** Name of the user; `null` for an API key. */
  readonly mergedByName: string | null;
  readonly mergedAt: string;
  readonly survivorBirthDate: string | null;
  readonly mergedBirthDate: string | null;
}

interface Row {
  readonly id: string;
  readonly survivor_id: string;
  readonly merged_id: string;
  readonly survivor_name: string | null;
  readonly merged_name: string | null;
  readonly study_count: number;
  readonly merged_by: string | null;
  readonly merged_by_name: string | null;
  readonly merged_at: string;
  readonly survivor_birth: string | null;
  readonly merged_birth: string | null;
}

const LIMIT = 200;

/** Merges of patients that can be undone, newest first, at most 200. The audit log says who looked. @throws AppError `forbidden`. */
export const listMerges = async (withTenant: WithTenant, principal: Principal): Promise<PatientMerge[]> => {
  requirePermission(principal, 'imaging.reconcile.write');
  return await withTenant(principal.tenantId, async (trx) => {
    const { rows }: { rows: Row[] } = await trx.raw(
      `select m.id, m.survivor_id, m.merged_id, s.name as survivor_name, p.name as merged_name,
              jsonb_array_length(m.moved -> 'studyIds') as study_count, m.merged_by,
              u.display_name as merged_by_name, s.birth_date::text as survivor_birth, p.birth_date::text as merged_birth,
              to_char(m.merged_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as merged_at
         from patient_merge m
         join patient s on s.tenant_id = m.tenant_id and s.id = m.survivor_id
         join patient p on p.tenant_id = m.tenant_id and p.id = m.merged_id
         left join app_user u on u.tenant_id = m.tenant_id and u.id::text = m.merged_by
        where m.undone_at is null
        order by m.merged_at desc, m.id desc limit ${LIMIT}`,
    );
    await auditReconcile(trx, principal, {
      action: 'imaging.merge.listed',
      after: { mergeIds: rows.map(({ id }) => id) },
    });
    return rows.map((row) => ({
      mergeId: row.id,
      survivorId: row.survivor_id,
      mergedId: row.merged_id,
      survivorName: row.survivor_name,
      mergedName: row.merged_name,
      studyCount: row.study_count,
      mergedBy: row.merged_by,
      mergedByName: row.merged_by_name,
      mergedAt: row.merged_at,
      survivorBirthDate: row.survivor_birth,
      mergedBirthDate: row.merged_birth,
    }));
  });
};
