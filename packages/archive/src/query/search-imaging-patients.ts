import { conditionSql } from './condition-sql.ts';
import type { Condition } from './imaging-query.ts';
import type { SearchRow } from './search-imaging.ts';
import type { Transaction } from './transaction.ts';

/** Of the newest study, because a name that was corrected is corrected from some study on. */
const NEWEST: readonly (readonly [keyword: string, column: string])[] = [
  ['PatientName', 's.pat_known_name'],
  ['PatientBirthDate', 's.pat_known_birth_date::text'],
  ['PatientSex', 's.pat_known_sex'],
];
const selected = NEWEST.map(
  ([keyword, column]) =>
    `(array_agg(${column} order by s.study_date desc nulls last, s.id desc) filter (where ${column} is not null))[1] as "${keyword}"`,
).join(', ');

/**
 * Patients as their studies go out, by (Patient ID, issuer), with their counters; the PATIENT level of C-FIND. Studies
 * without a Patient ID have no unique key and are left out, and so are rejected ones. `conditions` are on attributes of
 * the patient.
 */
export const searchImagingPatients = async (
  trx: Transaction,
  conditions: readonly Condition[],
  limit: number,
): Promise<readonly SearchRow[]> => {
  const parts = conditions.map(conditionSql);
  const where = [
    "s.match_state <> 'rejected'",
    's.pat_known_id is not null',
    ...parts.map(({ sql }) => `(${sql})`),
  ];
  const { rows }: { rows: SearchRow[] } = await trx.raw(
    `select s.pat_known_id as "PatientID", s.pat_known_issuer as "IssuerOfPatientID", ${selected},
            count(*)::int as "NumberOfPatientRelatedStudies",
            sum(s.series_count)::int as "NumberOfPatientRelatedSeries",
            sum(s.instance_count)::int as "NumberOfPatientRelatedInstances"
       from study s where ${where.join(' and ')}
      group by s.pat_known_id, s.pat_known_issuer order by s.pat_known_id, s.pat_known_issuer limit ?`,
    [
      ...parts.flatMap(({ bindings }) =>
        bindings.map((binding) => (typeof binding === 'object' ? [...binding] : binding)),
      ),
      limit,
    ],
  );
  return rows;
};
