import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';

export interface PatientIdentity {
  readonly patientId: string;
  readonly registration: 'registered' | 'imaging-only';
  readonly recordNumber: string | null;
  readonly name: string | null;
  readonly birthDate: string | null;
  readonly sex: string | null;
  readonly identifiers: readonly { readonly issuer: string; readonly value: string }[];
  readonly studyCount: number;
  /** The patient that this one was merged into in the end: look there. */
  readonly mergedInto: string | null;
}

interface Row {
  readonly id: string;
  readonly registration: PatientIdentity['registration'];
  readonly mrn: string | null;
  readonly name: string | null;
  readonly birth_date: string | null;
  readonly sex: string | null;
  readonly identifiers: { issuer: string; value: string }[];
  readonly studies: number;
  readonly survivor: string | null;
}

/**
 * Who a patient is. One who was merged into another is still there, and says into whom.
 * @throws AppError `forbidden`, `not-found`.
 */
export const readPatient = async (
  withTenant: WithTenant,
  principal: Principal,
  patientId: string,
): Promise<PatientIdentity> => {
  requirePermission(principal, 'imaging.study.read');
  const { rows }: { rows: Row[] } = await withTenant(
    principal.tenantId,
    async (trx) =>
      await trx.raw(
        `with recursive line as (
           select p.id, p.merged_into, 0 as depth from patient p where p.id = ?
           union all
           select p.id, p.merged_into, line.depth + 1 from line join patient p on p.id = line.merged_into)
         select p.id, p.registration, p.mrn, p.name, p.birth_date::text as birth_date, p.sex,
                (select coalesce(jsonb_agg(jsonb_build_object('issuer', k.issuer, 'value', k.value) order by k.issuer, k.value), '[]')
                   from patient_identifier k where k.patient_id = p.id) as identifiers,
                (select count(*)::int from study s where s.patient_id = p.id) as studies,
                (select line.id from line where line.merged_into is null and line.depth > 0) as survivor
           from patient p where p.id = ?`,
        [patientId, patientId],
      ),
  );
  const [row] = rows;
  if (row === undefined) throw new AppError('not-found', 'There is no such patient in your group.');
  return {
    patientId: row.id,
    registration: row.registration,
    recordNumber: row.mrn,
    name: row.name,
    birthDate: row.birth_date,
    sex: row.sex,
    identifiers: row.identifiers,
    studyCount: row.studies,
    mergedInto: row.survivor,
  };
};
