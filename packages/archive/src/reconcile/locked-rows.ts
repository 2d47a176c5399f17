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
    .forUpdate()
    .first('id', 'study_uid', 'patient_id', 'match_state', 'quarantine_reason', 'pat_id', 'issuer');
  if (row === undefined) throw new AppError('not-found', 'There is no such study. Reload the list.');
  return row;
};

/** @throws AppError `not-found`; `conflict` when the patient was merged into another. */
export const lockActivePatient = async (trx: Knex.Transaction, patientId: string): Promise<PatientRow> => {
  const row = await trx<PatientRow>('patient')
    .where({ id: patientId })
    .forUpdate()
    .first('id', 'registration', 'status');
  if (row === undefined) throw new AppError('not-found', 'There is no such patient. Reload the list.');
  if (row.status === 'merged') {
    throw new AppError('conflict', 'This patient was merged into another. Choose that one.', {
      details: { patientId },
    });
  }
  return row;
};
