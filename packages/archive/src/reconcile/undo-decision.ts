import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import { appendOutbox, type WithTenant } from '@archwire/database';
import type { Knex } from 'knex';
import { z } from 'zod';

import { auditReconcile } from './audit-reconcile.ts';
import { lockStudies, type StudyRow } from './locked-rows.ts';
import { retryLocks } from './retry-locks.ts';

const Before = z.object({
  patientId: z.uuid().nullable(),
  matchState: z.enum(['auto', 'matched', 'suggested', 'quarantined', 'rejected']),
  quarantineReason: z.string().nullable(),
  orderId: z.uuid().nullable().default(null),
});

interface DecisionRow {
  readonly id: string;
  readonly study_id: string;
  readonly patient_id: string | null;
  readonly before: unknown;
  readonly remembered: boolean;
  readonly undone_at: Date | null;
  readonly is_last: boolean;
}

const changedSince = (): AppError =>
  new AppError(
    'conflict',
    'Something changed since: more images came, or somebody decided anew. Look at the study again.',
    { details: { reason: 'changed-since' } },
  );

const assertStands = async (
  trx: Knex.Transaction,
  study: StudyRow,
  decision: DecisionRow,
  patientBefore: string | null,
): Promise<void> => {
  const state = decision.patient_id === null ? 'rejected' : 'matched';
  if (!decision.is_last || study.match_state !== state || study.patient_id !== decision.patient_id)
    throw changedSince();
  if (patientBefore === null) return;
  const patient = await trx<{ id: string; status: string }>('patient')
    .where({ id: patientBefore })
    .first('status');
  // A patient who was merged away meanwhile gets no studies back.
  if (patient?.status !== 'active') throw changedSince();
};

/**
 * Takes back an assignment or a rejection, of all studies that were decided about together, also what was remembered of
 * their identifier.
 * @throws AppError `forbidden`, `not-found`; `conflict` when it was taken back already or something changed since.
 */
export const undoDecision = async (
  withTenant: WithTenant,
  principal: Principal,
  decisionId: string,
): Promise<void> => {
  requirePermission(principal, 'imaging.reconcile.write');
  await retryLocks(withTenant)(principal.tenantId, async (trx) => {
    const decided = await trx<{ batch_id: string; study_id: string }>('study_decision')
      .where({ batch_id: decisionId })
      .select('study_id');
    if (decided.length === 0) throw new AppError('not-found', 'There is no such decision. Reload the list.');
    const studies = await lockStudies(
      trx,
      decided.map(({ study_id }) => study_id),
    );
    const { rows }: { rows: DecisionRow[] } = await trx.raw(
      `select d.id, d.study_id, d.patient_id, d.before, d.remembered, d.undone_at,
              not exists (select 1 from study_decision l where l.study_id = d.study_id and l.id > d.id) as is_last
         from study_decision d where d.batch_id = ?`,
      [decisionId],
    );
    if (rows.some(({ undone_at }) => undone_at !== null))
      throw new AppError('conflict', 'This was taken back already.');
    for (const study of studies) {
      const decision = rows.find(({ study_id }) => study_id === study.id);
      if (decision === undefined) continue;
      const before = Before.parse(decision.before);
      await assertStands(trx, study, decision, before.patientId);
      await trx('study')
        .where({ id: study.id })
        .update({
          patient_id: before.patientId,
          match_state: before.matchState,
          quarantine_reason: before.quarantineReason,
          order_id: before.orderId,
          revision: trx.raw('revision + 1'),
          updated_at: trx.fn.now(),
        });
      if (decision.remembered && decision.patient_id !== null)
        await trx('patient_identifier')
          .where({ issuer: study.issuer, value: study.pat_id, patient_id: decision.patient_id })
          .delete();
      await trx('study_decision').where({ id: decision.id }).update({ undone_at: trx.fn.now() });
      await appendOutbox(trx, 'study.reconciled', { studyId: study.id, patientId: before.patientId });
      await auditReconcile(trx, principal, {
        action: 'imaging.decision.undo',
        entity: 'study',
        entityId: study.id,
        ...(decision.patient_id === null ? {} : { patientId: decision.patient_id }),
        studyUid: study.study_uid,
        before: { patientId: study.patient_id, matchState: study.match_state },
        after: before,
      });
    }
  });
};
