import { AppError } from '@archwire/contracts';
import { type RecordStudy, uidOf } from '@archwire/dicom';
import type { Transaction } from '../query/transaction.ts';

/** What an import for one patient was told when it began. */
export interface RecordTargetRow {
  readonly tenant_id: string;
  readonly patient_id: string;
  readonly record_study_id: string | null;
  /** `2026-03-01` */
  readonly study_date: string;
  readonly study_description: string | null;
  readonly location_id: string;
}

/** Why files may not become part of the record that was chosen. They say what to do, and hold nothing of the patient. */
const refused = (reason: 'record-moved' | 'patient-merged'): AppError =>
  new AppError(
    'invalid',
    reason === 'record-moved'
      ? 'The study belongs to another patient by now. Open the patient again and choose another visit.'
      : 'This patient was merged into another one. Open that one and add the files there.',
    { details: { reason } },
  );

interface StudyRow {
  readonly study_uid: string;
  readonly patient_id: string | null;
  readonly match_state: string;
  readonly pat_id: string | null;
  readonly issuer: string;
  readonly pat_name: string | null;
  readonly pat_birth_date: string | null;
  readonly pat_sex: string | null;
  readonly study_date: string | null;
  readonly study_time: string | null;
  readonly description: string | null;
  readonly accession_no: string | null;
  readonly study_dicom_id: string | null;
  readonly referring_name: string | null;
}

const STUDY = `select study_uid, patient_id, match_state, pat_id, issuer, pat_name, pat_birth_date::text as pat_birth_date,
  pat_sex, study_date::text as study_date, study_time, description, accession_no, study_dicom_id, referring_name from study`;

const day = (date: string | null): string => date?.replaceAll('-', '') ?? '';
const clock = (time: string | null): string => time?.replaceAll(':', '') ?? '';

/** What is added to a study says of the patient what the study said: another identity would put it into quarantine. */
const ofStudy = (row: StudyRow, target: RecordTargetRow): RecordStudy => {
  if (row.patient_id !== target.patient_id || !['auto', 'matched'].includes(row.match_state))
    throw refused('record-moved');
  return {
    PatientID: row.pat_id ?? '',
    IssuerOfPatientID: row.pat_id === null ? '' : row.issuer,
    PatientName: row.pat_name ?? '',
    PatientBirthDate: day(row.pat_birth_date),
    PatientSex: row.pat_sex ?? '',
    StudyInstanceUID: row.study_uid,
    StudyDate: day(row.study_date),
    StudyTime: clock(row.study_time),
    StudyDescription: row.description ?? '',
    AccessionNumber: row.accession_no ?? '',
    StudyID: row.study_dicom_id ?? '',
    ReferringPhysicianName: row.referring_name ?? '',
  };
};

interface PatientRow {
  readonly name: string | null;
  readonly birth_date: string | null;
  readonly sex: string | null;
  readonly status: string;
  readonly mrn: string | null;
}

/** The Patient ID of the location's issuer if there is one; a patient without any gets one. */
const patientIdOf = async (
  trx: Transaction,
  target: RecordTargetRow,
  mrn: string | null,
): Promise<{ readonly issuer: string; readonly value: string }> => {
  const find = async () => {
    const { rows }: { rows: { issuer: string; value: string }[] } = await trx.raw(
      `select k.issuer, k.value from patient_identifier k, location l
        where k.patient_id = ? and l.id = ? order by k.issuer = l.issuer desc, k.issuer, k.value limit 1`,
      [target.patient_id, target.location_id],
    );
    return rows[0];
  };
  const known = await find();
  if (known !== undefined) return known;
  await trx.raw(
    `insert into patient_identifier (tenant_id, issuer, value, patient_id)
       select l.tenant_id, l.issuer,
              case when :mrn::text is null
                     or exists (select from patient_identifier k where k.issuer = l.issuer and k.value = :mrn)
                   then :made else :mrn end, :patientId
         from location l where l.id = :locationId on conflict do nothing`,
    {
      locationId: target.location_id,
      patientId: target.patient_id,
      mrn,
      made: `A${target.patient_id.replaceAll('-', '').slice(-12).toUpperCase()}`,
    },
  );
  const made = await find();
  if (made === undefined) throw new AppError('conflict', 'The patient got a Patient ID just now. Try again.');
  return made;
};

/**
 * The patient and the study that files of an import for one patient become part of, as they are at this moment.
 * @throws AppError `invalid` (`record-moved`, `patient-merged`) rather than giving anything to another patient.
 */
export const readRecordStudy = async (trx: Transaction, target: RecordTargetRow): Promise<RecordStudy> => {
  const patient = await trx('patient')
    .where({ id: target.patient_id })
    .forKeyShare()
    .first<PatientRow | undefined>('name', trx.raw('birth_date::text as birth_date'), 'sex', 'status', 'mrn');
  if (patient === undefined || patient.status !== 'active') throw refused('patient-merged');
  if (target.record_study_id !== null) {
    const { rows }: { rows: StudyRow[] } = await trx.raw(`${STUDY} where id = ?`, [target.record_study_id]);
    const [row] = rows;
    if (row === undefined) throw refused('record-moved');
    return ofStudy(row, target);
  }
  const description = target.study_description ?? '';
  const StudyInstanceUID = uidOf(
    'record',
    target.tenant_id,
    target.patient_id,
    target.study_date,
    description,
  );
  const { rows }: { rows: StudyRow[] } = await trx.raw(`${STUDY} where study_uid = ?`, [StudyInstanceUID]);
  const [existing] = rows;
  if (existing !== undefined) return ofStudy(existing, target);
  const { issuer, value } = await patientIdOf(trx, target, patient.mrn);
  return {
    PatientID: value,
    IssuerOfPatientID: issuer,
    PatientName: patient.name ?? '',
    PatientBirthDate: day(patient.birth_date),
    PatientSex: patient.sex ?? '',
    StudyInstanceUID,
    StudyDate: day(target.study_date),
    StudyTime: '',
    StudyDescription: description,
    AccessionNumber: '',
    StudyID: '',
    ReferringPhysicianName: '',
  };
};
