import { type Principal, requirePermission } from '@archwire/contracts';
import { appendOutbox, type WithTenant } from '@archwire/database';

import { auditReconcile } from './audit-reconcile.ts';
import { lockActivePatient, lockStudy } from './locked-rows.ts';
import { retryLocks } from './retry-locks.ts';

export interface AssignStudy {
  readonly studyId: string;
  readonly patientId: string;
  readonly reason: string;
  /** From now on images with this study's (issuer, Patient ID) belong to the patient, unless somebody has that identifier already. */
  readonly rememberIdentifier: boolean;
}

/**
 * A person says whose images these are: out of quarantine, or from one patient to another. The stored bytes stay as they are.
 * @throws AppError `forbidden`, `not-found`, `conflict` (a merged patient).
 */
export const assignStudy = async (
  withTenant: WithTenant,
  principal: Principal,
  input: AssignStudy,
): Promise<void> => {
  requirePermission(principal, 'imaging.reconcile.write');
  await retryLocks(withTenant)(principal.tenantId, async (trx) => {
    const study = await lockStudy(trx, input.studyId);
    const patient = await lockActivePatient(trx, input.patientId);
    await trx('study')
      .where({ id: study.id })
      .update({
        patient_id: patient.id,
        match_state: 'matched',
        quarantine_reason: null,
        revision: trx.raw('revision + 1'),
        updated_at: trx.fn.now(),
      });
    if (input.rememberIdentifier && study.pat_id !== null) {
      await trx.raw(
        `insert into patient_identifier (tenant_id, issuer, value, patient_id) values (app_tenant(), ?, ?, ?) on conflict do nothing`,
        [study.issuer, study.pat_id, patient.id],
      );
    }
    await appendOutbox(trx, 'study.reconciled', { studyId: study.id, patientId: patient.id });
    await auditReconcile(trx, principal, {
      action: 'imaging.study.assign',
      entity: 'study',
      entityId: study.id,
      patientId: patient.id,
      studyUid: study.study_uid,
      reason: input.reason,
      before: {
        patientId: study.patient_id,
        matchState: study.match_state,
        quarantineReason: study.quarantine_reason,
      },
      after: { patientId: patient.id, matchState: 'matched' },
    });
  });
};
