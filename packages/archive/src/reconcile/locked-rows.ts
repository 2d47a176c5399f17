import { AppError } from '@archwire/contracts';
import type { Knex } from 'knex';

export interface StudyRow {
  readonly id: string;
  readonly study_uid: string;
  readonly patient_id: string | null;
  readonly match_state: 'auto' | 'matched' | 'quarantined' | 'rejected';
  readonly quarantine_reason: string | null;
  readonly pat_id: string | null;
  readonly issuer: string;
}

export interface PatientRow {
  readonly id: string;
  readonly registration: 'registered' | 'imaging-only';
  readonly status: 'active' | 'merged';
}

/** @throws AppError `not-found` */
export const lockStudy = async (trx: Knex.Transaction, studyId: string): Promise<StudyRow> => {
  const row = await trx<StudyRow>('study')
    .where({ id: studyId })
    .forNoKeyUpdate()
    .first('id', 'study_uid', 'patient_id', 'match_state', 'quarantine_reason', 'pat_id', 'issuer');
  if (row === undefined) throw new AppError('not-found', 'There is no such study. Reload the list.');
  return row;
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
