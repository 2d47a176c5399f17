// Real: PostgreSQL 18 (embedded), the index function, row-level security. Settling is a row changed by the test.
import { ingestBatch } from '@archwire/database';
import { createTestDatabase, type TestDatabase, testRow, type TestTenant } from '@archwire/database/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { noteAvailability } from './note-availability.ts';
import { readAvailability } from './read-availability.ts';

const XRAY = '1.2.840.10008.5.1.4.1.1.1.1';
const NOBODY = '33333333-3333-7333-8333-333333333333';
let database: TestDatabase;
let tenant: TestTenant;
let deviceId: string;
let devices = 0;
let studyId: string;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.close());

const arrive = async (number: number): Promise<void> => {
  await ingestBatch(database.db.knex, [
    testRow(tenant, {
      StudyInstanceUID: '1.2',
      SeriesInstanceUID: `1.2.${number}`,
      SeriesNumber: number,
      SOPInstanceUID: `1.2.${number}.1`,
      SOPClassUID: XRAY,
    }),
  ]);
};
const setUnsettled = async (count: number): Promise<void> => {
  await database.owner('update series set unsettled_count = $2 where tenant_id = $1', [
    tenant.tenantId,
    count,
  ]);
};
const read = async (device = deviceId) =>
  await database.db.withTenant(tenant.tenantId, async (trx) => await readAvailability(trx, studyId, device));
const note = async (revision: number): Promise<void> =>
  await database.db.withTenant(
    tenant.tenantId,
    async (trx) => await noteAvailability(trx, studyId, deviceId, revision),
  );

beforeEach(async () => {
  tenant = await database.tenant();
  await arrive(1);
  await arrive(2);
  await setUnsettled(0);
  const [device] = await database.owner<{ id: string }>(
    `insert into device (tenant_id, name, ae_title, location_id) values ($1, 'PACS', $3, $2) returning id`,
    [tenant.tenantId, tenant.locationId, `PACS${(devices += 1)}`],
  );
  const [study] = await database.owner<{ id: string }>('select id from study where tenant_id = $1', [
    tenant.tenantId,
  ]);
  deviceId = device?.id ?? '';
  studyId = study?.id ?? '';
});

it('tells all of a settled study, once for each state of it', async () => {
  const first = await read();
  expect(first).toEqual({
    studyUid: '1.2',
    revision: expect.any(Number) as unknown,
    series: [1, 2].map((number) => ({
      seriesUid: `1.2.${number}`,
      instances: [{ SOPClassUID: XRAY, SOPInstanceUID: `1.2.${number}.1` }],
    })),
  });
  await note(first?.revision ?? 0);
  expect(await read()).toBeNull();
  expect(await read(NOBODY)).toEqual(first);

  await arrive(3);
  await setUnsettled(0);
  const second = await read();
  expect(second?.series).toHaveLength(3);
  await note(second?.revision ?? 0);
  // An answer to an older notification, which came late, does not take the newer one back.
  await note(first?.revision ?? 0);
  expect(await read()).toBeNull();
});

it('tells nothing of what is on its way, rejected, or of another group', async () => {
  await setUnsettled(1);
  expect(await read()).toBeNull();
  await setUnsettled(0);
  const other = await database.tenant('Other');
  expect(
    await database.db.withTenant(
      other.tenantId,
      async (trx) => await readAvailability(trx, studyId, deviceId),
    ),
  ).toBeNull();
  await database.owner(
    `update study set match_state = 'rejected', quarantine_reason = null where tenant_id = $1`,
    [tenant.tenantId],
  );
  expect(await read()).toBeNull();
});
