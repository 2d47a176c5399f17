// Real: PostgreSQL 18 (embedded), the ingest function, admission by registered devices. Stand-in: the listener, which indexes what it is sent.
import { AppError, type Permission, PERMISSIONS, type Principal } from '@archwire/contracts';
import { ingestBatch } from '@archwire/database';
import { createTestDatabase, type TestDatabase, testRow, type TestTenant } from '@archwire/database/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createAdmission } from '../devices/admission.ts';
import { createSetupService, type TestImageTarget } from './setup-service.ts';
import { TEST_PATIENT } from './test-patient.ts';

let database: TestDatabase;
let tenant: TestTenant;
let sent: TestImageTarget[];

const principal = (permissions: readonly Permission[] = PERMISSIONS): Principal => ({
  tenantId: tenant.tenantId,
  kind: 'user',
  id: '33333333-3333-7333-8333-333333333333',
  locationId: null,
  permissions: new Set(permissions),
  address: '127.0.0.1',
  userAgent: 'test',
  requestId: 'r1',
});
const receive = async (target: TestImageTarget): Promise<void> => {
  sent.push(target);
  await ingestBatch(database.db.knex, [
    testRow(tenant, {
      SOPInstanceUID: target.sopInstanceUid,
      SeriesInstanceUID: target.seriesInstanceUid,
      StudyInstanceUID: target.studyInstanceUid,
      ...TEST_PATIENT,
    }),
  ]);
};
const setup = (hasListener = true) =>
  createSetupService({
    database: database.db,
    admission: createAdmission({ database: database.db, aeTitle: 'ARCHWIRE' }),
    aeTitle: 'ARCHWIRE',
    loop: hasListener ? { address: '127.0.0.1', send: receive } : null,
  });
const reasonOf = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return [error.kind, error.details['reason'] ?? null];
    throw error;
  }
  return 'no error';
};
const done = async (): Promise<string[]> =>
  (await setup().read(principal())).steps.filter((step) => step.done).map(({ step }) => step);

beforeAll(async () => {
  database = await createTestDatabase();
  // The first tenant is the one that this machine itself sends to.
  tenant = await database.tenant('First');
});
afterAll(async () => await database.close());
beforeEach(() => {
  sent = [];
});

it('takes a group from nothing to a test image that arrived, and forgets its patient again', async () => {
  expect(await setup().read(principal())).toMatchObject({ finished: false, fresh: true });
  await setup().confirm(principal(), 'group');
  await setup().confirm(principal(), 'group');
  expect(await done()).toEqual(['group']);
  const target = await setup().sendTestImage(principal(), null);
  expect(sent).toMatchObject([{ callingAe: 'ARCHWIRE-TEST', calledAe: 'ARCHWIRE' }]);
  expect(await done()).toEqual(['group', 'test-image']);
  expect(await setup().testImage(principal(), target.sopInstanceUid)).toMatchObject({
    indexed: true,
    thumbnail: false,
  });
  await setup().removeTestImage(principal());
  expect(
    await database.owner(
      `select (select count(*)::int from patient where tenant_id = $1) as patients,
              (select array_agg(match_state) from study where tenant_id = $1) as states`,
      [tenant.tenantId],
    ),
  ).toEqual([{ patients: 0, states: ['rejected'] }]);
  await setup().removeTestImage(principal());
  await setup().finish(principal());
  await setup().finish(principal());
  expect(await setup().read(principal())).toMatchObject({ finished: true, fresh: false });
  const actions = await database.owner<{ action: string }>(
    "select action from audit_log where tenant_id = $1 and action like 'setup.%' order by seq",
    [tenant.tenantId],
  );
  expect(actions.map(({ action }) => action)).toEqual(['setup.test-image.send', 'setup.finish']);
});

it('says nothing of images that are no test', async () => {
  await ingestBatch(database.db.knex, [testRow(tenant, { SOPInstanceUID: '1.2.77', PatientID: 'REAL' })]);
  expect(await setup().testImage(principal(), '1.2.77')).toEqual({
    indexed: false,
    thumbnail: false,
    placeholderReason: null,
    studyId: null,
  });
});

it('refuses what cannot work: no listener, no such device, another group’s door, no permission', async () => {
  expect(await reasonOf(setup(false).sendTestImage(principal(), null))).toEqual(['unavailable', 'dimse-off']);
  const unknown = '0198a5a2-0000-7000-8000-0000000000aa';
  expect(await reasonOf(setup().sendTestImage(principal(), unknown))).toEqual(['not-found', null]);
  // What this machine sends to itself belongs to the first group.
  const second = await database.tenant('Second');
  expect(await reasonOf(setup().sendTestImage({ ...principal(), tenantId: second.tenantId }, null))).toEqual([
    'conflict',
    'not-admitted',
  ]);
  const reader = principal(['imaging.study.read']);
  for (const work of [
    setup().read(reader),
    setup().confirm(reader, 'group'),
    setup().finish(reader),
    setup().sendTestImage(reader, null),
    setup().testImage(reader, '1.2'),
    setup().removeTestImage(reader),
  ])
    expect(await reasonOf(work)).toEqual(['forbidden', null]);
  expect(sent).toEqual([]);
});
