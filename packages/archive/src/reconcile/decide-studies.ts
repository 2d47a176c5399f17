import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import { appendOutbox, type WithTenant } from '@archwire/database';
import type { Knex } from 'knex';

import { auditReconcile } from './audit-reconcile.ts';
import { lockActivePatient, lockStudies, type StudyRow } from './locked-rows.ts';
import { retryLocks } from './retry-locks.ts';

export interface AssignStudies {
  /** Several must have come with the same identity: a person looked at one of them. */
  readonly studyIds: readonly string[];
  readonly patientId: string;
  readonly reason: string;
  /** From now on images with these studies' (issuer, Patient ID) belong to the patient, unless somebody has that identifier already. */
  readonly rememberIdentifier: boolean;
}

/** What `undoDecision` takes back. */
export interface Decided {
  readonly decisionId: string;
}

const newBatch = async (trx: Knex.Transaction): Promise<string> => {
  const { rows }: { rows: { id: string }[] } = await trx.raw('select uuidv7() as id');
  return rows[0]?.id ?? '';
};

const assertAlike = (studies: readonly StudyRow[]): void => {
  const identities = new Set(
    studies.map(({ issuer, pat_id, pat_name_folded, birth_date }) =>
      JSON.stringify([issuer, pat_id, pat_name_folded, birth_date]),
    ),
  );
  if (identities.size > 1)
    throw new AppError(
      'invalid',
      'These studies came with different identities. Decide about each of them by itself.',
      { details: { reason: 'different-identities' } },
    );
};

const remember = async (trx: Knex.Transaction, study: StudyRow, patientId: string): Promise<boolean> => {
  if (study.pat_id === null) return false;
  const { rows }: { rows: unknown[] } = await trx.raw(
    `insert into patient_identifier (tenant_id, issuer, value, patient_id) values (app_tenant(), ?, ?, ?)
     on conflict do nothing returning 1`,
    [study.issuer, study.pat_id, patientId],
  );
  return rows.length > 0;
};

/** Images that a person confirmed begin their order, as those do that nobody had to confirm. */
const beginOrder = async (trx: Knex.Transaction, studyId: string): Promise<void> => {
  await trx.raw(
    `update imaging_order o
        set state = 'in_progress', started_at = coalesce(o.started_at, now()), updated_at = now()
       from study s
      where s.id = ? and o.tenant_id = s.tenant_id and o.id = s.order_id and o.state in ('planned', 'scheduled')`,
    [studyId],
  );
};

const decide = async (
  withTenant: WithTenant,
  principal: Principal,
  input: Pick<AssignStudies, 'studyIds' | 'reason'> & {
    readonly patientId: string | null;
    readonly rememberIdentifier: boolean;
  },
): Promise<Decided> => {
  requirePermission(principal, 'imaging.reconcile.write');
  return await retryLocks(withTenant)(principal.tenantId, async (trx) => {
    const studies = await lockStudies(trx, input.studyIds);
    assertAlike(studies);
    const patientId = input.patientId === null ? null : (await lockActivePatient(trx, input.patientId)).id;
    const decisionId = await newBatch(trx);
    const state = patientId === null ? 'rejected' : 'matched';
    for (const study of studies) {
      const before = {
        patientId: study.patient_id,
        matchState: study.match_state,
        quarantineReason: study.quarantine_reason,
        orderId: study.order_id,
      };
      await trx('study')
        .where({ id: study.id })
        .update({
          patient_id: patientId,
          match_state: state,
          quarantine_reason: null,
          // The order of somebody else is not theirs.
          order_id: trx.raw(
            '(select o.id from imaging_order o where o.id = study.order_id and o.patient_id = ?)',
            [patientId],
          ),
          revision: trx.raw('revision + 1'),
          updated_at: trx.fn.now(),
        });
      await beginOrder(trx, study.id);
      const remembered =
        input.rememberIdentifier && patientId !== null && (await remember(trx, study, patientId));
      await trx('study_decision').insert({
        tenant_id: principal.tenantId,
        batch_id: decisionId,
        study_id: study.id,
        decision: patientId === null ? 'rejected' : 'assigned',
        reason: input.reason,
        patient_id: patientId,
        before: JSON.stringify(before),
        remembered,
        decided_by: principal.id,
      });
      await appendOutbox(trx, 'study.reconciled', { studyId: study.id, patientId });
      await auditReconcile(trx, principal, {
        action: patientId === null ? 'imaging.study.reject' : 'imaging.study.assign',
        entity: 'study',
        entityId: study.id,
        ...(patientId === null ? {} : { patientId }),
        studyUid: study.study_uid,
        reason: input.reason,
        before,
        after: { patientId, matchState: state },
      });
    }
    return { decisionId };
  });
};

/**
 * A person says whose images these are: out of quarantine, or from one patient to another. The stored bytes stay as they are.
 * @throws AppError `forbidden`, `not-found`, `conflict` (a merged patient), `invalid` (studies of different identities).
 */
export const assignStudies = async (
  withTenant: WithTenant,
  principal: Principal,
  input: AssignStudies,
): Promise<Decided> => await decide(withTenant, principal, input);

/**
 * A person says that studies belong to nobody here (a test exposure, a phantom). Their bytes are kept; assigning brings them back.
 * @throws AppError `forbidden`, `not-found`, `invalid` (studies of different identities).
 */
export const rejectStudies = async (
  withTenant: WithTenant,
  principal: Principal,
  input: Pick<AssignStudies, 'studyIds' | 'reason'>,
): Promise<Decided> =>
  await decide(withTenant, principal, { ...input, patientId: null, rememberIdentifier: false });
