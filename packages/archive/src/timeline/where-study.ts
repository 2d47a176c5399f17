import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';

/** Where a study belongs in the app: its ids, and enough to name it. */
export interface StudyPlace {
  readonly studyId: string;
  readonly patientId: string | null;
  readonly patientName: string | null;
  readonly description: string | null;
  readonly studyDate: string | null;
  readonly dayOffset: number | null;
}

/**
 * A study by its Study Instance UID, for a viewer that knows nothing else of it. One that a person rejected is there
 * only for those who may decide about it.
 * @throws AppError `forbidden`, `not-found`.
 */
export const whereStudy = async (
  withTenant: WithTenant,
  principal: Principal,
  studyInstanceUid: string,
): Promise<StudyPlace> => {
  requirePermission(principal, 'imaging.study.read');
  const seesRejected = principal.permissions.has('imaging.reconcile.write');
  const { rows }: { rows: StudyPlace[] } = await withTenant(
    principal.tenantId,
    async (trx) =>
      await trx.raw(
        `select s.id as "studyId", s.patient_id as "patientId", s.pat_known_name as "patientName", s.description,
                s.study_date::text as "studyDate",
                s.study_date - (select min(f.study_date) from study f where f.patient_id = s.patient_id) as "dayOffset"
           from study s where s.study_uid = ? ${seesRejected ? '' : "and s.match_state <> 'rejected'"}`,
        [studyInstanceUid],
      ),
  );
  const [row] = rows;
  if (row === undefined) throw new AppError('not-found', 'There is no such study in your group.');
  return row;
};
