import { foldName } from '@archwire/database';
import type { TestDatabase, TestTenant } from '@archwire/database/testing';
import type { DicomJson } from '@archwire/dicom';

const itemOf = (dataSet: DicomJson, tag: string): DicomJson => {
  const [item] = dataSet[tag]?.Value ?? [];
  return typeof item === 'object' && item !== null
    ? Object.fromEntries(Object.entries(item).filter(([, value]) => typeof value === 'object'))
    : {};
};
const textOf = (dataSet: DicomJson, tag: string): string | null => {
  const [value] = dataSet[tag]?.Value ?? [];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object') return String(value);
  const groups: unknown[] = Object.values(value);
  return groups.filter((group) => typeof group === 'string').join('=');
};
/** Dates that there never were, such as 31 April, cannot be kept. */
const dateOf = (dataSet: DicomJson, tag: string): string | null => {
  const [, year = '', month = '', day = ''] =
    /^(\d{4})(\d{2})(\d{2})$/.exec(textOf(dataSet, tag) ?? '') ?? [];
  const iso = `${year}-${month}-${day}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : null;
};

/** Puts a worklist item, as a worklist server has it in a file, into our tables: patient, order and step. */
export const loadWorklistItem = async (
  database: Pick<TestDatabase, 'owner'>,
  tenant: TestTenant,
  dataSet: DicomJson,
): Promise<void> => {
  const step = itemOf(dataSet, '00400100');
  const time = textOf(step, '00400003') ?? '000000';
  const patientName = textOf(dataSet, '00100010');
  const performing = textOf(step, '00400006');
  await database.owner(
    `with known as (
       select patient_id as id from patient_identifier where tenant_id = $1 and issuer = $2 and value = $3),
     made as (
       insert into patient (tenant_id, registration, name, name_folded, birth_date, sex)
         select $1, 'registered', $4, $5, $6, $7 where not exists (select from known) returning id),
     who as (select id from known union all select id from made),
     named as (
       insert into patient_identifier (tenant_id, issuer, value, patient_id) select $1, $2, $3, id from made),
     ordered as (
       insert into imaging_order (tenant_id, location_id, patient_id, accession_no, accession_issuer,
           requested_procedure_id, study_uid, description, priority, requesting_name, medical_alerts, allergies,
           start_date, start_time, state)
         select $1, $8, id, $9, $2, $10, $11, $12, $13, $14, $15, $16, $17, $18, 'scheduled' from who returning id)
     insert into imaging_order_step (tenant_id, order_id, step_no, step_id, modality, station_aes, station_name, place,
         performing_name, performing_name_folded, description)
       select $1, id, 1, $19, $20, $21, $22, $23, $24, $25, $26 from ordered`,
    [
      tenant.tenantId,
      tenant.issuer,
      textOf(dataSet, '00100020'),
      patientName,
      foldName(patientName),
      dateOf(dataSet, '00100030'),
      textOf(dataSet, '00100040'),
      tenant.locationId,
      textOf(dataSet, '00080050'),
      textOf(dataSet, '00401001'),
      textOf(dataSet, '0020000D'),
      textOf(dataSet, '00321060'),
      textOf(dataSet, '00401003'),
      textOf(dataSet, '00321032'),
      textOf(dataSet, '00102000'),
      textOf(dataSet, '00102110'),
      dateOf(step, '00400002'),
      `${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4, 6) || '00'}`,
      textOf(step, '00400009'),
      textOf(step, '00080060'),
      step['00400001']?.Value ?? [],
      textOf(step, '00400010'),
      textOf(step, '00400011'),
      performing,
      foldName(performing),
      textOf(step, '00400007'),
    ],
  );
};
