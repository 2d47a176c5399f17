// Real: PostgreSQL 18 (embedded), its planner as the application role sees it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase, type TestTenant } from '../testing/index.ts';

let database: TestDatabase;
let tenant: TestTenant;
beforeAll(async () => {
  database = await createTestDatabase();
  tenant = await database.tenant('Plans');
  await database.owner(
    `insert into study (tenant_id, study_uid, location_id, match_state, pat_id, issuer, pat_name_folded, accession_no, study_date)
     select $1, '1.' || n, $2, 'auto', 'P' || n % 500, 'I', 'name ' || n % 700, 'A' || n, date '2020-01-01' + n % 2000
       from generate_series(1, 20000) n`,
    [tenant.tenantId, tenant.locationId],
  );
  await database.owner(
    `insert into study_modality (tenant_id, study_id, modality, study_date, series_count)
     select tenant_id, id, case when pat_id = 'P1' then 'PX' else 'IO' end, study_date, 1 from study`,
  );
  await database.owner(
    `with jane as (insert into patient (tenant_id, registration, name) values ($1, 'registered', 'Doe^Jane') returning id)
     insert into imaging_order (tenant_id, location_id, patient_id, accession_no, accession_issuer, requested_procedure_id,
         study_uid, description, start_date, start_time)
       select $1, $2, jane.id, 'A' || n, 'I', 'A' || n, '2.25.' || n, 'Panoramic', date '2020-01-01' + n % 2000, '10:00:00'
         from jane, generate_series(1, 20000) n`,
    [tenant.tenantId, tenant.locationId],
  );
  await database.owner('analyze');
});
afterAll(async () => await database.close());

interface Plan {
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Plan[];
}
const conditions = (plan: Plan): string[] => [
  ...(plan['Index Cond'] === undefined ? [] : [plan['Index Cond']]),
  ...(plan.Plans ?? []).flatMap(conditions),
];

test.each([
  ['PatientID', 'study where pat_id = $1', 'text', "'P1'", 'pat_id ='],
  ['AccessionNumber', 'study where accession_no = $1', 'text', "'A77'", 'accession_no ='],
  ['StudyInstanceUID', 'study where study_uid = $1', 'text', "'1.77'", 'study_uid ='],
  [
    'a list of StudyInstanceUIDs',
    'study where study_uid = any ($1)',
    'text[]',
    "'{1.77,1.78}'",
    'study_uid = ANY',
  ],
  [
    'StudyDate range',
    'study where study_date between $1 and $1 + 2',
    'date',
    "'2021-01-01'",
    'study_date >=',
  ],
  [
    'name prefix by range',
    "study where pat_name_folded >= $1 and pat_name_folded < $1 || U&'\\+10FFFF'",
    'text',
    "'name 33'",
    'pat_name_folded >=',
  ],
  [
    'beginning of a word of a name',
    "name_token where token >= $1 and token < $1 || U&'\\+10FFFF'",
    'text',
    "'33'",
    'token >=',
  ],
  [
    'beginning of an accession number',
    "study where accession_folded >= $1 and accession_folded < $1 || U&'\\+10FFFF'",
    'text',
    "'a77'",
    'accession_folded >=',
  ],
  [
    'beginning of a Patient ID',
    "study where pat_id_folded >= $1 and pat_id_folded < $1 || U&'\\+10FFFF'",
    'text',
    "'p33'",
    'pat_id_folded >=',
  ],
  [
    'page of the study list',
    'study where (on_date, on_time, id) < ($1, $2, $3) order by on_date desc, on_time desc, id desc limit 50',
    'date, text, uuid',
    "'2021-01-01', '10:00', '019a0000-0000-7000-8000-000000000000'",
    'ROW(on_date, on_time, id) <',
  ],
  [
    'keyset page',
    'study where (study_date, id) < ($1, $2) order by study_date desc, id desc limit 50',
    'date, uuid',
    "'2021-01-01', '019a0000-0000-7000-8000-000000000000'",
    'ROW(study_date, id) <',
  ],
  [
    'an order by its Study Instance UID',
    'imaging_order where study_uid = $1',
    'text',
    "'2.25.77'",
    'study_uid =',
  ],
  [
    'an order by its accession number as it was typed',
    'imaging_order where accession_key = accession_key($1)',
    'text',
    "'a-77'",
    'accession_key =',
  ],
  [
    'the worklist of a location',
    `imaging_order where location_id = $1 and state in ('scheduled', 'in_progress', 'partial') and (start_date, start_time, id) > ($2, $3, $4)
       order by start_date, start_time, id limit 50`,
    'uuid, date, text, uuid',
    "'019a0000-0000-7000-8000-000000000000', '2021-01-01', '10:00', '019a0000-0000-7000-8000-000000000000'",
    'location_id =',
  ],
  [
    'modality',
    "study_modality where modality = $1 and study_date >= '2020-01-01'",
    'text',
    "'PX'",
    'modality =',
  ],
] as const)(
  '%s is an index condition under row-level security, in a custom and in a generic plan',
  async (_, from, types, values, condition) => {
    for (const mode of ['force_custom_plan', 'force_generic_plan']) {
      const plan = await database.db.withTenant(tenant.tenantId, async (trx) => {
        await trx.raw(`set local plan_cache_mode = ${mode}`);
        await trx.raw(`prepare planned (${types}) as select * from ${from}`);
        const { rows } = await trx.raw<{ rows: { 'QUERY PLAN': { Plan: Plan }[] }[] }>(
          `explain (format json) execute planned (${values})`,
        );
        await trx.raw('deallocate planned');
        return rows[0]?.['QUERY PLAN'][0]?.Plan ?? {};
      });
      expect(conditions(plan).join(' | ')).toContain(condition);
    }
  },
);

test('the check can fail: LIKE and lower() are no index conditions', async () => {
  for (const where of ["pat_name_folded like 'name 33%'", "lower(accession_no) = 'a77'"]) {
    const plan = await database.db.withTenant(tenant.tenantId, async (trx) => {
      const { rows } = await trx.raw<{ rows: { 'QUERY PLAN': { Plan: Plan }[] }[] }>(
        `explain (format json) select * from study where ${where}`,
      );
      return rows[0]?.['QUERY PLAN'][0]?.Plan ?? {};
    });
    expect(conditions(plan).join(' | ')).not.toMatch(/pat_name_folded|accession_no/);
  }
});
