import { type Principal, requirePermission } from '@archwire/contracts';
import { appendOutbox, type WithTenant } from '@archwire/database';

import { auditReconcile } from './audit-reconcile.ts';
import { lockStudy } from './locked-rows.ts';
import { retryLocks } from './retry-locks.ts';

/**
 * A person says that a study belongs to nobody here (a test exposure, a phantom). Its bytes are kept; assigning it brings it back.
 * @throws AppError `forbidden`, `not-found`.
 */
export const rejectStudy = async (
  withTenant: WithTenant,
  principal: Principal,
  input: { readonly studyId: string; readonly reason: string },
): Promise<void> => {
  requirePermission(principal, 'imaging.reconcile.write');
  await retryLocks(withTenant)(principal.tenantId, async (trx) => {
    const study = await lockStudy(trx, input.studyId);
    await trx('study')
      .where({ id: study.id })
      .update({
        patient_id: null,
        match_state: 'rejected',
        quarantine_reason: null,
        revision: trx.raw('revision + 1'),
        updated_at: trx.fn.now(),
      });
    await appendOutbox(trx, 'study.reconciled', { studyId: study.id, patientId: null });
    await auditReconcile(trx, principal, {
      action: 'imaging.study.reject',
      entity: 'study',
      entityId: study.id,
      studyUid: study.study_uid,
      reason: input.reason,
      before: {
        patientId: study.patient_id,
        matchState: study.match_state,
        quarantineReason: study.quarantine_reason,
      },
      after: { patientId: null, matchState: 'rejected' },
    });
  });
};
