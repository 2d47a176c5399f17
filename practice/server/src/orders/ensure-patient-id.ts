import { AppError } from '@archwire/contracts';
import type { Knex } from 'knex';

/**
 * Equipment must be told a Patient ID (type 1), and images must be recognized by it when they return: a patient without one
 * of the location's issuer gets the record number, or a number made from the order.
 * @throws AppError `not-found` for an unknown patient, `conflict` for one who was merged into another.
 */
export const ensurePatientId = async (
  trx: Knex.Transaction,
  patientId: string,
  locationId: string,
  accessionNo: string,
): Promise<void> => {
  const patient = await trx<{ id: string; status: string; mrn: string | null }>('patient')
    .where({ id: patientId })
    .forKeyShare()
    .first('status', 'mrn');
  if (patient === undefined)
    throw new AppError('not-found', 'There is no such patient. Search again.', { details: { patientId } });
  if (patient.status !== 'active')
    throw new AppError('conflict', 'This patient was merged into another. Order for that one.', {
      details: { reason: 'patient-merged', patientId },
    });
  // A record number that another patient's images came with already is no proof of identity any more.
  await trx.raw(
    `with wanted as (
       select l.tenant_id, l.issuer from location l
        where l.id = :locationId
          and not exists (select from patient_identifier k where k.patient_id = :patientId and k.issuer = l.issuer))
     insert into patient_identifier (tenant_id, issuer, value, patient_id)
       select w.tenant_id, w.issuer,
              case when :mrn::text is null
                     or exists (select from patient_identifier k where k.issuer = w.issuer and k.value = :mrn)
                   then :made else :mrn end, :patientId
         from wanted w on conflict do nothing`,
    { locationId, patientId, mrn: patient.mrn, made: `P${accessionNo}` },
  );
};
