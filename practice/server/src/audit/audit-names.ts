import type { Knex } from 'knex';
import type { AuditRow } from './audit-query.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What ids and UIDs of a page are called now. Who is gone has no name any more. */
export interface AuditNames {
  of(id: string | null): string | null;
  patientOf(row: Pick<AuditRow, 'patient_id' | 'study_uid'>): string | null;
}

const THINGS = `
  select id::text as id, display_name as name from app_user where id = any(:ids)
  union all select id::text, name from api_key where id = any(:ids)
  union all select id::text, name from device where id = any(:ids)
  union all select id::text, name from view_rule where id = any(:ids)
  union all select id::text, name from location where id = any(:ids)
  union all select id::text, name from tenant where id = any(:ids)`;
const PATIENTS = `
  union all select id::text, name from patient where id = any(:ids)
  union all select study_uid, pat_name from study where study_uid = any(:uids)`;

/** In one statement. Names of patients only when asked for: whoever may read the log need not be allowed to see patients. */
export const readAuditNames = async (
  trx: Knex.Transaction,
  rows: readonly AuditRow[],
  options: { readonly patients: boolean },
): Promise<AuditNames> => {
  const ids = new Set<string>();
  const uids = new Set<string>();
  for (const row of rows) {
    for (const id of [row.actor_id, row.entity_id, row.patient_id]) {
      if (id !== null && UUID.test(id)) ids.add(id);
    }
    if (row.study_uid !== null) uids.add(row.study_uid);
  }
  const { rows: found } = await trx.raw<{ rows: { id: string; name: string | null }[] }>(
    options.patients ? THINGS + PATIENTS : THINGS,
    options.patients ? { ids: [...ids], uids: [...uids] } : { ids: [...ids] },
  );
  const names = new Map(found.map(({ id, name }) => [id, name]));
  const of = (id: string | null): string | null => (id === null ? null : (names.get(id) ?? null));
  return {
    of,
    patientOf: ({ patient_id, study_uid }) => (options.patients ? (of(patient_id) ?? of(study_uid)) : null),
  };
};
