import type { Knex } from 'knex';

/** Why a patient may be the one; never enough to match without a person. */
export type SuggestionReason = 'same-identifier' | 'same-name' | 'same-birth-date';

export interface PatientSuggestion {
  readonly patientId: string;
  readonly registration: 'registered' | 'imaging-only';
  readonly name: string | null;
  readonly birthDate: string | null;
  readonly sex: string | null;
  readonly reasons: readonly SuggestionReason[];
}

interface SuggestionRow {
  readonly id: string;
  readonly registration: PatientSuggestion['registration'];
  readonly name: string | null;
  readonly birth_date: string | null;
  readonly sex: string | null;
  readonly same_identifier: boolean;
  readonly same_name: boolean;
  readonly same_birth_date: boolean;
}

const LIMIT = 10;
const MAX_CANDIDATES = 200;

/** Active patients with the study's Patient ID (under any issuer of the group), its name, or its birth date and family name. */
export const suggestPatients = async (
  trx: Knex.Transaction,
  studyId: string,
): Promise<PatientSuggestion[]> => {
  // Each branch finds its candidates by one index; row-level security keeps cleverer operators from using theirs.
  const { rows }: { rows: SuggestionRow[] } = await trx.raw(
    `with s as (select pat_id, pat_name_folded as folded, split_part(pat_name_folded, '^', 1) as family, pat_birth_date as birth
                  from study where id = ?),
          found as (
            select k.patient_id as id from s, (select distinct issuer from location) l, patient_identifier k
             where k.issuer = l.issuer and k.value = s.pat_id
            union (select p.id from s, patient p where p.name_folded = s.folded limit ?)
            union (select p.id from s, patient p
                    where p.birth_date = s.birth and split_part(p.name_folded, '^', 1) = s.family limit ?))
     select p.id, p.registration, p.name, p.birth_date::text as birth_date, p.sex,
            exists (select 1 from patient_identifier k where k.patient_id = p.id and k.value = s.pat_id) as same_identifier,
            coalesce(p.name_folded = s.folded, false) as same_name,
            coalesce(p.birth_date = s.birth, false) as same_birth_date
       from s, found f join patient p on p.id = f.id
      where p.status = 'active'
      order by (exists (select 1 from patient_identifier k where k.patient_id = p.id and k.value = s.pat_id))::int
               + coalesce(p.name_folded = s.folded, false)::int + coalesce(p.birth_date = s.birth, false)::int desc,
               (p.registration = 'registered') desc, p.id
      limit ?`,
    [studyId, MAX_CANDIDATES, MAX_CANDIDATES, LIMIT],
  );
  return rows.map((row) => ({
    patientId: row.id,
    registration: row.registration,
    name: row.name,
    birthDate: row.birth_date,
    sex: row.sex,
    reasons: [
      ...(row.same_identifier ? (['same-identifier'] as const) : []),
      ...(row.same_name ? (['same-name'] as const) : []),
      ...(row.same_birth_date ? (['same-birth-date'] as const) : []),
    ],
  }));
};
