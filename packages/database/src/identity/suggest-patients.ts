import type { Knex } from 'knex';

export interface PatientSuggestion {
  readonly patientId: string;
  readonly registration: 'registered' | 'imaging-only';
  readonly mrn: string | null;
  readonly name: string | null;
  readonly birthDate: string | null;
  readonly sex: string | null;
  /** What agrees with the study, strongest first. None of it is proof: a person decides. */
  readonly reasons: readonly ('order' | 'patient-id' | 'name' | 'family-name' | 'birth-date')[];
}

interface Row {
  readonly id: string;
  readonly registration: 'registered' | 'imaging-only';
  readonly mrn: string | null;
  readonly name: string | null;
  readonly birth_date: string | null;
  readonly sex: string | null;
  readonly order_agrees: boolean;
  readonly patient_id_agrees: boolean;
  readonly name_agrees: boolean;
  readonly family_agrees: boolean;
  readonly birth_date_agrees: boolean;
}

/** So many of each kind are looked at: a name that half of the patients share suggests nothing. */
const CANDIDATES = 50;

/**
 * Whom a quarantined study may belong to: the patient of the order that it names, patients with its Patient ID under any issuer, its folded name, its family name, or its birth
 * date; at most `limit`, the ones that agree in most first. An unknown study has no suggestions.
 */
export const suggestPatients = async (
  trx: Knex.Transaction,
  studyId: string,
  limit = 10,
): Promise<PatientSuggestion[]> => {
  const { rows } = await trx.raw<{ rows: Row[] }>(
    `with wanted as (
       select st.pat_id, st.order_id, st.pat_name_folded as folded, st.pat_birth_date as birth_date,
              split_part(split_part(st.pat_name_folded, '=', 1), '^', 1) as family
         from study st where st.id = :studyId),
     candidates as (
       select o.patient_id as id from wanted w join imaging_order o on o.id = w.order_id
       union
       select k.patient_id as id from wanted w join patient_identifier k on k.value = w.pat_id
       union
       (select p.id from wanted w join patient p on p.birth_date = w.birth_date limit :candidates)
       union
       (select p.id from wanted w
          join patient p on p.name_folded >= w.family and p.name_folded < w.family || U&'\\+10FFFF'
         where w.family <> '' limit :candidates)),
     judged as (
       select p.id, p.registration, p.mrn, p.name, p.birth_date, p.sex,
              exists (select 1 from imaging_order o where o.id = w.order_id and o.patient_id = p.id) as order_agrees,
              exists (select 1 from patient_identifier k
                       where k.patient_id = p.id and k.value = w.pat_id) as patient_id_agrees,
              coalesce(p.name_folded = w.folded, false) as name_agrees,
              coalesce(name_families(p.name_folded) && name_families(w.folded), false) as family_agrees,
              coalesce(p.birth_date = w.birth_date, false) as birth_date_agrees
         from candidates c join patient p on p.id = c.id cross join wanted w
        where p.status = 'active')
     select * from judged
      where order_agrees or patient_id_agrees or name_agrees or family_agrees or birth_date_agrees
      order by order_agrees::int * 16 + patient_id_agrees::int * 4 + name_agrees::int * 3 + family_agrees::int * 2 + birth_date_agrees::int * 3 desc, id
      limit :limit`,
    { studyId, candidates: CANDIDATES, limit },
  );
  return rows.map((row) => ({
    patientId: row.id,
    registration: row.registration,
    mrn: row.mrn,
    name: row.name,
    birthDate: row.birth_date,
    sex: row.sex,
    reasons: [
      ...(row.order_agrees ? (['order'] as const) : []),
      ...(row.patient_id_agrees ? (['patient-id'] as const) : []),
      ...(row.name_agrees ? (['name'] as const) : row.family_agrees ? (['family-name'] as const) : []),
      ...(row.birth_date_agrees ? (['birth-date'] as const) : []),
    ],
  }));
};
