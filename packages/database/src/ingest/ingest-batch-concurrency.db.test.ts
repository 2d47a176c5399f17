// Real: PostgreSQL 18 (embedded), eight connections at once.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { ingestBatch } from './ingest-batch.ts';
import type { IngestRow } from './ingest-row.ts';
import { testRow } from './test-row.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.close());

const instance = fc.record({
  study: fc.integer({ min: 1, max: 4 }),
  series: fc.integer({ min: 1, max: 3 }),
  sop: fc.integer({ min: 1, max: 40 }),
  bytes: fc.constantFrom('a', 'a', 'a', 'b'),
  patient: fc.constantFrom('P1', 'P1', 'P1', 'P2', null),
});

const recount = `
  select st.study_uid, st.series_count, st.instance_count, st.byte_count,
         (select count(*) from series se where se.study_id = st.id)::int as series,
         (select count(*) from series se join instance i on i.series_id = se.id where se.study_id = st.id)::int as instances,
         (select sum(i.length) from series se join instance i on i.series_id = se.id where se.study_id = st.id)::bigint as bytes,
         (select count(distinct e) from outbox o cross join lateral jsonb_array_elements_text(o.payload -> 'instanceIds') e
           where o.topic = 'instances.stored' and o.payload ->> 'studyId' = st.id::text)::int as announced,
         (select coalesce(sum(m.series_count), 0) from study_modality m where m.study_id = st.id)::int as by_modality,
         (select bool_and(se.instance_count = (select count(*) from instance i where i.series_id = se.id)
                      and se.unsettled_count = se.instance_count and se.revision >= 1)
            from series se where se.study_id = st.id) as series_true
    from study st order by st.study_uid`;

test('shuffled overlapping batches of eight clients never deadlock, and every counter equals a recount', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(instance, { minLength: 1, maxLength: 25 }), { minLength: 8, maxLength: 24 }),
      async (batches) => {
        const tenant = await database.tenant('Property');
        const queue: IngestRow[][] = batches.map((batch) =>
          batch.map(({ study, series, sop, bytes, patient }) =>
            testRow(
              tenant,
              {
                StudyInstanceUID: `1.${study}`,
                SeriesInstanceUID: `1.${study}.${series}`,
                SOPInstanceUID: `9.${sop}`,
                PatientID: patient,
              },
              { bytes: `${sop}${bytes}` },
            ),
          ),
        );
        const sent = queue.flat();
        const outcomes: { outcome: string; sop: string }[] = [];
        await Promise.all(
          Array.from({ length: 8 }, async () => {
            for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
              const results = await ingestBatch(database.db.knex, batch);
              for (const [index, result] of results.entries()) {
                outcomes.push({ outcome: result.outcome, sop: batch[index]?.header.SOPInstanceUID ?? '' });
              }
            }
          }),
        );

        const rows = await database.db.withTenant(tenant.tenantId, async (trx) => {
          const { rows: counted } = await trx.raw<{ rows: Record<string, unknown>[] }>(recount);
          return counted;
        });
        for (const row of rows) {
          expect(row).toEqual({
            ...row,
            series: row['series_count'],
            instances: row['instance_count'],
            bytes: row['byte_count'],
            announced: row['instance_count'],
            by_modality: row['series_count'],
            series_true: true,
          });
        }
        const stored = outcomes.filter(({ outcome }) => outcome === 'stored').map(({ sop }) => sop);
        expect(stored.toSorted()).toEqual(
          [...new Set(sent.map(({ header }) => header.SOPInstanceUID))].toSorted(),
        );
        expect(rows.reduce((sum, row) => sum + Number(row['instance_count']), 0)).toBe(stored.length);
        const conflicts = await database.db.withTenant(
          tenant.tenantId,
          async (trx) => await trx('instance_conflict').pluck('sop_uid'),
        );
        const versions = Map.groupBy(sent, ({ header }) => header.SOPInstanceUID);
        const expected = [...versions].filter(
          ([, all]) => new Set(all.map(({ sha256 }) => sha256.toString('hex'))).size > 1,
        );
        expect(new Set(conflicts)).toEqual(new Set(expected.map(([sop]) => sop)));
      },
    ),
    { numRuns: 12 },
  );
  // A session reports its deadlocks when it ends.
  await database.db.knex.destroy();
  const [statistics] = await database.owner<{ deadlocks: number }>(
    'select deadlocks::int from pg_stat_database where datname = current_database()',
  );
  expect(statistics).toEqual({ deadlocks: 0 });
});
