import { AppError } from '@archwire/contracts';
import type { Knex } from 'knex';

export interface StudyRow {
  readonly id: string;
  readonly study_uid: string;
  readonly patient_id: string | null;
  readonly order_id: string | null;
  readonly match_state: 'auto' | 'matched' | 'suggested' | 'quarantined' | 'rejected';
  readonly quarantine_reason: string | null;
  readonly pat_id: string | null;
  readonly issuer: string;
  readonly pat_name_folded: string | null;
  readonly birth_date: string | null;
}

export interface PatientRow {
  readonly id: string;
  readonly registration: 'registered' | 'imaging-only';
  readonly status: 'active' | 'merged';
}

/** In one order whoever asks, so that nobody waits in a circle. @throws AppError `not-found` when one of them is not there. */
export const lockStudies = async (
  trx: Knex.Transaction,
  studyIds: readonly string[],
): Promise<readonly StudyRow[]> => {
  const ids = [...new Set(studyIds)];
  const { rows }: { rows: StudyRow[] } = await trx.raw(
    `select id, study_uid, patient_id, order_id, match_state, quarantine_reason, pat_id, issuer, pat_name_folded,
            pat_birth_date::text as birth_date
       from study where id = any(?::uuid[]) order by study_uid for no key update`,
    [ids],
  );
  if (rows.length < ids.length) throw new AppError('not-found', 'There is no such study. Reload the list.');
  return rows;
};

/**
 * Waits for whoever merges or assigns to this patient; images go on arriving for them unless `alone`.
 * @throws AppError `not-found`; `conflict` when the patient was merged into another.
 */
export const lockActivePatient = async (
  trx: Knex.Transaction,
  patientId: string,
  options: { readonly alone?: boolean } = {},
): Promise<PatientRow> => {
  const query = trx<PatientRow>('patient').where({ id: patientId });
  const row = await (options.alone === true ? query.forUpdate() : query.forNoKeyUpdate()).first(
    'id',
    'registration',
    'status',
  );
  if (row === undefined) throw new AppError('not-found', 'There is no such patient. Reload the list.');
  if (row.status === 'merged') {
    throw new AppError('conflict', 'This patient was merged into another. Choose that one.', {
      details: { patientId },
    });
  }
  return row;
};
