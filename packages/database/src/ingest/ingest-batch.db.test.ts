// Real: PostgreSQL 18 (embedded).
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase, type TestTenant } from '../testing/index.ts';
import { ingestBatch } from './ingest-batch.ts';
import { testRow } from './test-row.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.close());

const studies = async (tenant: TestTenant): Promise<unknown[]> =>
  await database.db.withTenant(
    tenant.tenantId,
    async (trx) =>
      await trx('study')
        .leftJoin('patient', 'patient.id', 'study.patient_id')
        .orderBy('study_uid')
        .select(
          'study_uid',
          'match_state',
          'quarantine_reason',
          'pat_id',
          'issuer',
          'patient.name as linked_to',
          'series_count',
          'instance_count',
          'byte_count',
          'revision',
        ),
  );

const outbox = async (tenant: TestTenant): Promise<unknown[]> =>
  await database.db.withTenant(
    tenant.tenantId,
    async (trx) => await trx('outbox').orderBy('id').select('topic', 'payload'),
  );

test('a first batch makes patient, study, series and instances, and announces each series', async () => {
  const tenant = await database.tenant('First');
  const rows = [
    testRow(tenant, { SOPInstanceUID: '1.1', SeriesInstanceUID: '1.9.1' }),
    testRow(tenant, { SOPInstanceUID: '1.2', SeriesInstanceUID: '1.9.1', InstanceNumber: 2 }),
    testRow(tenant, { SOPInstanceUID: '1.3', SeriesInstanceUID: '1.9.2', Modality: 'SR' }),
  ];
  const results = await ingestBatch(database.db.knex, rows);
  expect(results.map(({ outcome, kept }) => ({ outcome, kept }))).toEqual([
    { outcome: 'stored', kept: true },
    { outcome: 'stored', kept: true },
    { outcome: 'stored', kept: true },
  ]);
  expect(await studies(tenant)).toEqual([
    {
      study_uid: '1.2.1.1',
      match_state: 'auto',
      quarantine_reason: null,
      pat_id: 'P1',
      issuer: tenant.issuer,
      linked_to: 'Doe^Jane',
      series_count: 2,
      instance_count: 3,
      byte_count: 3000,
      revision: 1,
    },
  ]);
  expect(new Set(await outbox(tenant))).toEqual(
    new Set([
      {
        topic: 'instances.stored',
        payload: {
          studyId: results[0]?.studyId,
          seriesId: results[0]?.seriesId,
          instanceIds: [results[0]?.instanceId, results[1]?.instanceId],
        },
      },
      {
        topic: 'instances.stored',
        payload: {
          studyId: results[0]?.studyId,
          seriesId: results[2]?.seriesId,
          instanceIds: [results[2]?.instanceId],
        },
      },
    ]),
  );
  const modalities = await database.db.withTenant(
    tenant.tenantId,
    async (trx) =>
      await trx('study_modality').orderBy('modality').select('modality', 'study_date', 'series_count'),
  );
  expect(modalities).toEqual([
    { modality: 'CT', study_date: '2026-01-05', series_count: 1 },
    { modality: 'SR', study_date: '2026-01-05', series_count: 1 },
  ]);
});
