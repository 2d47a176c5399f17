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

test('the same bytes again are a duplicate, in another series too; other bytes are a conflict that keeps both', async () => {
  const tenant = await database.tenant('Again');
  const first = testRow(tenant, { SOPInstanceUID: '2.1' }, { key: 'a' });
  const [stored] = await ingestBatch(database.db.knex, [first]);
  const results = await ingestBatch(database.db.knex, [
    first,
    testRow(
      tenant,
      { SOPInstanceUID: '2.1', SeriesInstanceUID: '2.9', StudyInstanceUID: '2.9.9' },
      { key: 'b' },
    ),
    testRow(tenant, { SOPInstanceUID: '2.1' }, { key: 'c', bytes: 'other' }),
    testRow(tenant, { SOPInstanceUID: '2.1' }, { key: 'd', bytes: 'other' }),
    testRow(tenant, { SOPInstanceUID: '2.2' }, { key: 'e' }),
    testRow(tenant, { SOPInstanceUID: '2.2' }, { key: 'f' }),
    testRow(tenant, { SOPInstanceUID: '2.2' }, { key: 'g', bytes: 'third' }),
  ]);
  expect(
    results.map(({ outcome, kept, seriesId }) => [outcome, kept, seriesId === stored?.seriesId]),
  ).toEqual([
    ['duplicate', true, true],
    ['duplicate', false, true],
    ['conflict', true, true],
    ['conflict', false, true],
    ['stored', true, true],
    ['duplicate', false, true],
    ['conflict', true, true],
  ]);
  expect(await studies(tenant)).toMatchObject([
    { study_uid: '1.2.1.1', series_count: 1, instance_count: 2, byte_count: 2000, revision: 2 },
  ]);
  const seen = await database.db.withTenant(tenant.tenantId, async (trx) => ({
    instances: await trx('instance').orderBy('sop_uid').select('sop_uid', 'key', 'conflicted'),
    conflicts: await trx('instance_conflict').orderBy('sop_uid').select('sop_uid', 'key', 'resolved_at'),
    series: await trx('series').select('series_uid', 'instance_count', 'unsettled_count', 'revision'),
    raised: await trx('outbox')
      .where({ topic: 'instance.conflict' })
      .orderByRaw("payload ->> 'instanceId'")
      .select('payload'),
  }));
  expect(seen).toEqual({
    instances: [
      { sop_uid: '2.1', key: 'a', conflicted: true },
      { sop_uid: '2.2', key: 'e', conflicted: true },
    ],
    conflicts: [
      { sop_uid: '2.1', key: 'c', resolved_at: null },
      { sop_uid: '2.2', key: 'g', resolved_at: null },
    ],
    series: [{ series_uid: '1.2.1.1.1', instance_count: 2, unsettled_count: 2, revision: 2 }],
    raised: [results[2], results[6]].map((result) => ({
      payload: {
        conflictId: expect.any(String) as unknown,
        instanceId: result?.instanceId,
        seriesId: result?.seriesId,
        studyId: result?.studyId,
      },
    })),
  });
});

test('one series UID under two studies stays two series, so that no image slips into another study', async () => {
  const tenant = await database.tenant('Shared series');
  await ingestBatch(database.db.knex, [
    testRow(tenant, { SOPInstanceUID: '3.1', SeriesInstanceUID: '3.9', StudyInstanceUID: '3.9.1' }),
    testRow(tenant, {
      SOPInstanceUID: '3.2',
      SeriesInstanceUID: '3.9',
      StudyInstanceUID: '3.9.2',
      PatientID: 'P2',
    }),
  ]);
  expect(await studies(tenant)).toMatchObject([
    { study_uid: '3.9.1', pat_id: 'P1', match_state: 'auto', series_count: 1, instance_count: 1 },
    { study_uid: '3.9.2', pat_id: 'P2', match_state: 'auto', series_count: 1, instance_count: 1 },
  ]);
});

test.each([
  ['the same patient again', {}, 'auto', null],
  ['accents and case are the same name', { PatientName: 'DÖE^jane' }, 'auto', null],
  ['the given name may differ', { PatientName: 'Doe^J' }, 'auto', null],
  [
    'a missing name or birth date disagrees with nothing',
    { PatientName: null, PatientBirthDate: null },
    'auto',
    null,
  ],
  ['another family name', { PatientName: 'Roe^Jane' }, 'quarantined', 'name-differs'],
  ['another birth date', { PatientBirthDate: '2010-05-18' }, 'quarantined', 'birth-date-differs'],
  ['no Patient ID', { PatientID: null }, 'quarantined', 'missing-patient-id'],
  ['a blank Patient ID', { PatientID: '  ' }, 'quarantined', 'missing-patient-id'],
] as const)('a second study of a known identifier: %s', async (_, header, state, reason) => {
  const tenant = await database.tenant('Known');
  await ingestBatch(database.db.knex, [
    testRow(tenant, { SOPInstanceUID: '4.1', StudyInstanceUID: '4.9.1' }),
  ]);
  await ingestBatch(database.db.knex, [
    testRow(tenant, { SOPInstanceUID: '4.2', StudyInstanceUID: '4.9.2', ...header }),
  ]);
  expect(await studies(tenant)).toMatchObject([
    { study_uid: '4.9.1', match_state: 'auto', quarantine_reason: null, linked_to: 'Doe^Jane' },
    {
      study_uid: '4.9.2',
      match_state: state,
      quarantine_reason: reason,
      linked_to: state === 'auto' ? 'Doe^Jane' : null,
    },
  ]);
  const patients = await database.db.withTenant(
    tenant.tenantId,
    async (trx) => await trx('patient').pluck('name'),
  );
  expect(patients).toEqual(['Doe^Jane']);
});

test('the same Patient ID of another issuer is another person', async () => {
  const tenant = await database.tenant('Issuers');
  await ingestBatch(database.db.knex, [
    testRow(tenant, { SOPInstanceUID: '5.1', StudyInstanceUID: '5.9.1' }),
    testRow(tenant, {
      SOPInstanceUID: '5.2',
      StudyInstanceUID: '5.9.2',
      IssuerOfPatientID: 'OTHER',
      PatientName: 'Roe^Rick',
    }),
  ]);
  expect(await studies(tenant)).toMatchObject([
    { issuer: tenant.issuer, linked_to: 'Doe^Jane', match_state: 'auto' },
    { issuer: 'OTHER', linked_to: 'Roe^Rick', match_state: 'auto' },
  ]);
});

test('a study that receives another Patient ID is taken from its patient and quarantined', async () => {
  const tenant = await database.tenant('Mixed');
  await ingestBatch(database.db.knex, [testRow(tenant, { SOPInstanceUID: '6.1' })]);
  await ingestBatch(database.db.knex, [
    testRow(tenant, { SOPInstanceUID: '6.2', PatientID: 'P2', PatientName: 'Roe^Rick' }),
  ]);
  await ingestBatch(database.db.knex, [
    testRow(tenant, { SOPInstanceUID: '6.3', StudyInstanceUID: '6.9' }),
    testRow(tenant, { SOPInstanceUID: '6.4', StudyInstanceUID: '6.9', PatientID: 'P3' }),
  ]);
  expect(await studies(tenant)).toMatchObject([
    {
      study_uid: '1.2.1.1',
      match_state: 'quarantined',
      quarantine_reason: 'patient-id-differs',
      linked_to: null,
      pat_id: 'P1',
    },
    {
      study_uid: '6.9',
      match_state: 'quarantined',
      quarantine_reason: 'patient-id-differs',
      linked_to: null,
    },
  ]);
  const identifiers = await database.db.withTenant(
    tenant.tenantId,
    async (trx) => await trx('patient_identifier').pluck('value'),
  );
  expect(identifiers).toEqual(['P1']);
});

test('a person decided: later images of the same Patient ID change neither link nor state', async () => {
  const tenant = await database.tenant('Decided');
  await ingestBatch(database.db.knex, [
    testRow(tenant, { SOPInstanceUID: '7.1', PatientID: 'P9', PatientName: 'Wrong^Name' }),
  ]);
  await database.db.withTenant(tenant.tenantId, async (trx) => {
    const [patient] = await trx('patient')
      .insert({
        tenant_id: tenant.tenantId,
        registration: 'registered',
        name: 'Right^Name',
        name_folded: 'right^name',
      })
      .returning('id');
    await trx('study').update({ patient_id: patient.id, match_state: 'matched' });
  });
  await ingestBatch(database.db.knex, [
    testRow(tenant, { SOPInstanceUID: '7.2', PatientID: 'P9', PatientName: 'Wrong^Name', InstanceNumber: 2 }),
  ]);
  expect(await studies(tenant)).toMatchObject([
    { match_state: 'matched', linked_to: 'Right^Name', instance_count: 2, revision: 2 },
  ]);
});

test('later instances fill what the first left empty', async () => {
  const tenant = await database.tenant('Late');
  await ingestBatch(database.db.knex, [
    testRow(tenant, {
      SOPInstanceUID: '8.1',
      StudyDate: null,
      AccessionNumber: null,
      PatientBirthDate: null,
    }),
  ]);
  await ingestBatch(database.db.knex, [
    testRow(tenant, {
      SOPInstanceUID: '8.2',
      AccessionNumber: 'A1',
      StudyDescription: 'Ceph',
      SeriesInstanceUID: '8.9',
      Modality: 'DX',
    }),
  ]);
  const seen = await database.db.withTenant(tenant.tenantId, async (trx) => ({
    study: await trx('study').select(
      'study_date',
      'accession_no',
      'description',
      'pat_birth_date',
      'series_count',
    ),
    modality: await trx('study_modality').orderBy('modality').select('modality', 'study_date'),
    patient: await trx('patient').select('birth_date'),
  }));
  expect(seen).toEqual({
    study: [
      {
        study_date: '2026-01-05',
        accession_no: 'A1',
        description: 'Ceph',
        pat_birth_date: '2010-05-17',
        series_count: 2,
      },
    ],
    modality: [
      { modality: 'CT', study_date: '2026-01-05' },
      { modality: 'DX', study_date: '2026-01-05' },
    ],
    patient: [{ birth_date: '2010-05-17' }],
  });
});

test('header values that PostgreSQL cannot store do not stop the batch', async () => {
  const tenant = await database.tenant('Hostile');
  const results = await ingestBatch(database.db.knex, [
    testRow(tenant, {
      SOPInstanceUID: '9.1',
      PatientID: `\0${String.fromCharCode(0xd800)}${'Ж'.repeat(5000)}`,
      PatientName: `A\0${'b'.repeat(100_000)}^C`,
      PatientBirthDate: '2023-02-31',
      StudyDate: '0000-01-01',
      AccessionNumber: 'x'.repeat(10_000),
      Modality: 'CT?'.repeat(100),
      SeriesNumber: 1e12,
      BitsAllocated: 70_000,
      InstanceNumber: 1.5,
    }),
  ]);
  expect(results.map(({ outcome }) => outcome)).toEqual(['stored']);
});

test('a batch of several tenants answers in its own order, and none sees the other', async () => {
  const a = await database.tenant('Several A');
  const b = await database.tenant('Several B');
  const results = await ingestBatch(database.db.knex, [
    testRow(a, { SOPInstanceUID: '10.1' }),
    testRow(b, { SOPInstanceUID: '10.1' }),
    testRow(a, { SOPInstanceUID: '10.1' }),
  ]);
  expect(results.map(({ outcome }) => outcome)).toEqual(['stored', 'stored', 'duplicate']);
  expect(results[0]?.studyId).not.toBe(results[1]?.studyId);
  expect(await studies(a)).toMatchObject([{ instance_count: 1 }]);
  expect(await studies(b)).toMatchObject([{ instance_count: 1 }]);
});

test('called inside the transaction of another tenant it refuses', async () => {
  const a = await database.tenant('Inside A');
  const b = await database.tenant('Inside B');
  await expect(
    database.db.withTenant(
      a.tenantId,
      async (trx) => await ingestBatch(trx, [testRow(b, { SOPInstanceUID: '11.1' })]),
    ),
  ).rejects.toMatchObject({ code: '42501' });
});
