// Real: PostgreSQL 18 (embedded), LISTEN/NOTIFY, the triggers, the ingest function.
import type { LiveNotice } from '@archwire/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ingestBatch } from '../ingest/ingest-batch.ts';
import { createTestDatabase, type TestDatabase, testRow, type TestTenant } from '../testing/index.ts';
import { announceLive } from './announce-live.ts';
import { listenLive } from './listen-live.ts';

let database: TestDatabase;
let tenant: TestTenant;
const heard: LiveNotice[] = [];
const errors: unknown[] = [];
let gaps = 0;
let listening: { stop(): Promise<void> };

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};
/** Everything that was announced by what ran inside; a marker that is announced last says when all of it is there. */
const noticesOf = async (work: () => Promise<unknown>): Promise<readonly LiveNotice[]> => {
  heard.length = 0;
  await work();
  await database.db.withTenant(tenant.tenantId, async (trx) => {
    await announceLive(trx, { kind: 'alert.changed' });
  });
  await until(() => heard.at(-1)?.kind === 'alert.changed');
  return heard.slice(0, -1);
};

beforeAll(async () => {
  database = await createTestDatabase();
  tenant = await database.tenant('Live');
  listening = listenLive({
    database: database.db,
    onNotice: (notice) => heard.push(notice),
    onGap: () => (gaps += 1),
    onError: (error) => errors.push(error),
  });
  await until(() => gaps === 1);
});
afterAll(async () => {
  await listening.stop();
  await database.close();
});

test('a received batch says which study and patient changed, and no word more', async () => {
  const row = testRow(tenant, {});
  const notices = await noticesOf(async () => await ingestBatch(database.db.knex, [row]));
  const [study] = await database.owner<{ id: string; patient_id: string }>(
    'select id, patient_id from study',
  );
  const { tenantId } = tenant;
  expect(notices).toEqual([
    { tenantId, kind: 'patient.changed', patientId: study?.patient_id },
    { tenantId, kind: 'study.changed', studyId: study?.id, patientId: study?.patient_id },
  ]);
});

test('moves tell the quarantine and the patient who loses the study', async () => {
  const [before] = await database.owner<{ id: string; patient_id: string }>(
    'select id, patient_id from study',
  );
  const notices = await noticesOf(
    async () =>
      await database.db.withTenant(
        tenant.tenantId,
        async (trx) =>
          await trx('study').update({ match_state: 'quarantined', quarantine_reason: 'x', patient_id: null }),
      ),
  );
  const { tenantId } = tenant;
  expect(notices).toEqual([
    { tenantId, kind: 'quarantine.changed' },
    { tenantId, kind: 'patient.changed', patientId: before?.patient_id },
    { tenantId, kind: 'study.changed', studyId: before?.id },
  ]);
});

test('a statement over hundreds of rows announces that many changed, once', async () => {
  const notices = await noticesOf(
    async () =>
      await database.db.withTenant(
        tenant.tenantId,
        async (trx) =>
          await trx.raw(
            `insert into patient (tenant_id, registration, name) select ?, 'imaging-only', 'A' from generate_series(1, 500)`,
            [tenant.tenantId],
          ),
      ),
  );
  expect(notices).toEqual([{ tenantId: tenant.tenantId, kind: 'patient.changed' }]);
});

test('what rolled back is never announced', async () => {
  const notices = await noticesOf(
    async () =>
      await database.db
        .withTenant(tenant.tenantId, async (trx) => {
          await announceLive(trx, { kind: 'device.refused' });
          throw new Error('roll back');
        })
        .catch(() => {}),
  );
  expect(notices).toEqual([]);
});

test('it listens again after its connection was cut, and says that something may be missing', async () => {
  const before = gaps;
  await database.terminateSessions();
  await until(() => gaps > before);
  for (let attempt = 0; attempt < 20; attempt += 1) await database.db.ping().catch(() => {});
  const { tenantId } = tenant;
  const notices = await noticesOf(
    async () =>
      await database.db.withTenant(tenantId, async (trx) => {
        await announceLive(trx, { kind: 'device.refused' });
      }),
  );
  expect(notices).toEqual([{ tenantId, kind: 'device.refused' }]);
  expect(errors).toEqual([]);
});
