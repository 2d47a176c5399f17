import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import { appendOutbox, type WithTenant } from '@archwire/database';
import type { Knex } from 'knex';
import { z } from 'zod';

import { auditReconcile } from './audit-reconcile.ts';
import { lockActivePatient } from './locked-rows.ts';
import { retryLocks } from './retry-locks.ts';

const Moved = z.object({
  studyIds: z.array(z.uuid()),
  /** Those of `studyIds` that no person had matched before the merge did. */
  autoStudyIds: z.array(z.uuid()).default([]),
  identifiers: z.array(z.object({ issuer: z.string(), value: z.string() })),
  orderIds: z.array(z.uuid()).default([]),
});

interface MergeRow {
  readonly id: string;
  readonly survivor_id: string;
  readonly merged_id: string;
  readonly moved: unknown;
  readonly undone_at: Date | null;
}

const lockStudiesOf = async (
  trx: Knex.Transaction,
  patientId: string,
  options: { readonly wait: boolean },
): Promise<{ readonly id: string; readonly match_state: string }[]> => {
  const query = trx('study').where({ patient_id: patientId }).orderBy('study_uid').forNoKeyUpdate();
  return await (options.wait ? query : query.noWait()).select('id', 'match_state');
};

/** In one order whoever is merged into whom, so that two merges wait for one another and never in a circle. */
const lockBoth = async (trx: Knex.Transaction, survivorId: string, mergedId: string): Promise<void> => {
  for (const id of [survivorId, mergedId].toSorted()) {
    // The studies of one who goes must not become more meanwhile.
    const patient = await lockActivePatient(trx, id, { alone: id === mergedId });
    if (id === mergedId && patient.registration !== 'imaging-only') {
      throw new AppError(
        'conflict',
        'Only a patient known from images alone can be merged into another here.',
        {
          details: { patientId: id },
        },
      );
    }
  }
};

/**
 * Merges a patient who is known from images only into another, who gets the studies and identifiers. What moved is logged,
 * so that `undoMerge` can take it back. Returns the id of the merge.
 * @throws AppError `forbidden`, `not-found`, `conflict`, `invalid`.
 */
export const mergePatients = async (
  withTenant: WithTenant,
  principal: Principal,
  input: { readonly survivorId: string; readonly mergedId: string; readonly reason: string },
): Promise<{ readonly mergeId: string }> => {
  requirePermission(principal, 'imaging.reconcile.write');
  const { survivorId, mergedId } = input;
  if (survivorId === mergedId)
    throw new AppError('invalid', 'A patient cannot be merged into themselves. Choose another.');
  return await retryLocks(withTenant)(principal.tenantId, async (trx) => {
    // Studies before patients, as ingest does; and once more for what came before the patient was ours alone:
    // to wait then for one whom ingest holds would be a circle, so that is a reason to begin again.
    await lockStudiesOf(trx, mergedId, { wait: true });
    await lockBoth(trx, survivorId, mergedId);
    const studies = await lockStudiesOf(trx, mergedId, { wait: false });
    // `matched`: a person decided, so that later images under the other name do not undo it.
    await trx('study')
      .where({ patient_id: mergedId })
      .update({
        patient_id: survivorId,
        match_state: 'matched',
        revision: trx.raw('revision + 1'),
        updated_at: trx.fn.now(),
      });
    const identifiers: { issuer: string; value: string }[] = await trx('patient_identifier')
      .where({ patient_id: mergedId })
      .update({ patient_id: survivorId })
      .returning(['issuer', 'value']);
    const orders: { id: string }[] = await trx('imaging_order')
      .where({ patient_id: mergedId })
      .update({ patient_id: survivorId })
      .returning('id');
    await trx('patient')
      .where({ id: mergedId })
      .update({ status: 'merged', merged_into: survivorId, updated_at: trx.fn.now() });
    const moved: z.infer<typeof Moved> = {
      studyIds: studies.map(({ id }) => id),
      autoStudyIds: studies.filter(({ match_state }) => match_state === 'auto').map(({ id }) => id),
      identifiers,
      orderIds: orders.map(({ id }) => id),
    };
    const { rows }: { rows: { id: string }[] } = await trx.raw(
      `insert into patient_merge (tenant_id, survivor_id, merged_id, moved, merged_by)
         values (app_tenant(), ?, ?, ?, ?) returning id`,
      [survivorId, mergedId, JSON.stringify(moved), principal.id],
    );
    const [merge] = rows;
    if (merge === undefined) throw new AppError('internal', 'The merge was not recorded.');
    await appendOutbox(trx, 'patient.merged', { survivorId, mergedId, mergeId: merge.id });
    await auditReconcile(trx, principal, {
      action: 'imaging.patient.merge',
      entity: 'patient',
      entityId: mergedId,
      patientId: survivorId,
      reason: input.reason,
      after: { survivorId, mergeId: merge.id, studyIds: moved.studyIds },
    });
    return { mergeId: merge.id };
  });
};

/**
 * Takes a merge back: what it moved and nobody has moved since returns. Studies that came later under a returned
 * identifier stay with the survivor and are assigned by hand.
 * @throws AppError `forbidden`, `not-found`, `conflict` when it was undone already or the survivor was merged on.
 */
export const undoMerge = async (
  withTenant: WithTenant,
  principal: Principal,
  input: { readonly mergeId: string; readonly reason: string },
): Promise<void> => {
  requirePermission(principal, 'imaging.reconcile.write');
  await retryLocks(withTenant)(principal.tenantId, async (trx) => {
    const merge = await trx<MergeRow>('patient_merge').where({ id: input.mergeId }).forUpdate().first();
    if (merge === undefined) throw new AppError('not-found', 'There is no such merge. Reload the list.');
    if (merge.undone_at !== null) throw new AppError('conflict', 'This merge was undone already.');
    const { survivor_id: survivorId, merged_id: mergedId } = merge;
    const moved = Moved.parse(merge.moved);
    await trx('study').whereIn('id', moved.studyIds).orderBy('study_uid').forNoKeyUpdate().select('id');
    for (const id of [survivorId, mergedId].toSorted())
      await trx('patient').where({ id }).forNoKeyUpdate().select('id');
    const survivor = await trx('patient').where({ id: survivorId }).first('merged_into');
    if (survivor?.merged_into !== null) {
      throw new AppError(
        'conflict',
        'The patient who got these studies was merged into another since. Undo that merge first.',
        { details: { patientId: survivorId } },
      );
    }
    await trx('patient')
      .where({ id: mergedId })
      .update({ status: 'active', merged_into: null, updated_at: trx.fn.now() });
    await trx('study')
      .whereIn('id', moved.autoStudyIds)
      .where({ patient_id: survivorId, match_state: 'matched' })
      .update({ match_state: 'auto' });
    await trx('study')
      .whereIn('id', moved.studyIds)
      .where({ patient_id: survivorId })
      .update({ patient_id: mergedId, revision: trx.raw('revision + 1'), updated_at: trx.fn.now() });
    await trx('imaging_order')
      .whereIn('id', moved.orderIds)
      .where({ patient_id: survivorId })
      .update({ patient_id: mergedId });
    for (const { issuer, value } of moved.identifiers) {
      await trx('patient_identifier')
        .where({ issuer, value, patient_id: survivorId })
        .update({ patient_id: mergedId });
    }
    await trx('patient_merge')
      .where({ id: merge.id })
      .update({ undone_at: trx.fn.now(), undone_by: principal.id });
    await appendOutbox(trx, 'patient.unmerged', { survivorId, mergedId, mergeId: merge.id });
    await auditReconcile(trx, principal, {
      action: 'imaging.patient.unmerge',
      entity: 'patient',
      entityId: mergedId,
      patientId: survivorId,
      reason: input.reason,
      before: { survivorId, mergeId: merge.id },
    });
  });
};
