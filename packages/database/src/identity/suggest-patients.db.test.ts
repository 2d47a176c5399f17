// Real: PostgreSQL 18 (embedded).
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ingestBatch } from '../ingest/ingest-batch.ts';
import { testRow } from '../ingest/test-row.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { suggestPatients } from './suggest-patients.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.close());

test('suggests whoever agrees in something, the most first, and nobody of another tenant', async () => {
  const tenant = await database.tenant('Suggest');
  const other = await database.tenant('Suggest other');
  const known = (patientId: string, name: string, birthDate: string) => (owner: typeof tenant) =>
    testRow(owner, {
      SOPInstanceUID: `1.${patientId}`,
      StudyInstanceUID: `2.${patientId}`,
      PatientID: patientId,
      PatientName: name,
      PatientBirthDate: birthDate,
    });
  const people = [
    known('1', 'Müller^Anna', '2010-05-17'),
    known('2', 'Muller^Ben', '2010-05-17'),
    known('3', 'Muller^Carl', '1980-01-01'),
    known('4', 'Mullerson^Dora', '1980-01-01'),
    known('5', 'Roe^Eve', '2010-05-17'),
    known('6', 'Roe^Eve', '1999-09-09'),
  ];
  await ingestBatch(
    database.db.knex,
    people.map((person) => person(tenant)),
  );
  await ingestBatch(
    database.db.knex,
    people.map((person) => person(other)),
  );
  const [quarantined] = await ingestBatch(database.db.knex, [
    testRow(tenant, {
      SOPInstanceUID: '9.1',
      StudyInstanceUID: '9.9',
      PatientID: null,
      PatientName: 'MULLER^ANNA',
      PatientBirthDate: '2010-05-17',
    }),
  ]);
  const suggestions = await database.db.withTenant(
    tenant.tenantId,
    async (trx) => await suggestPatients(trx, quarantined?.studyId ?? ''),
  );
  expect(suggestions.map(({ name, birthDate, reasons }) => [name, birthDate, ...reasons])).toEqual([
    ['Müller^Anna', '2010-05-17', 'name', 'birth-date'],
    ['Muller^Ben', '2010-05-17', 'family-name', 'birth-date'],
    ['Roe^Eve', '2010-05-17', 'birth-date'],
    ['Muller^Carl', '1980-01-01', 'family-name'],
  ]);
});

test('a name that disagrees with a known Patient ID suggests the owner of the ID first', async () => {
  const tenant = await database.tenant('Disagree');
  await ingestBatch(database.db.knex, [testRow(tenant, { SOPInstanceUID: '1.1', PatientID: 'P1' })]);
  const [quarantined] = await ingestBatch(database.db.knex, [
    testRow(tenant, {
      SOPInstanceUID: '1.2',
      StudyInstanceUID: '1.9',
      PatientID: 'P1',
      PatientName: 'Roe^Rick',
      PatientBirthDate: null,
    }),
  ]);
  const suggestions = await database.db.withTenant(
    tenant.tenantId,
    async (trx) => await suggestPatients(trx, quarantined?.studyId ?? ''),
  );
  expect(suggestions).toEqual([
    {
      patientId: expect.any(String) as unknown,
      registration: 'imaging-only',
      mrn: null,
      name: 'Doe^Jane',
      birthDate: '2010-05-17',
      sex: 'F',
      reasons: ['patient-id'],
    },
  ]);
});
