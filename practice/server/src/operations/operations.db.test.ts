// Real: PostgreSQL 18 (embedded), the ingest function, the triggers. Stand-in: the queue, a list of failed jobs.
import { AppError, type JobName, PERMISSIONS, type Permission, type Principal } from '@archwire/contracts';
import { ingestBatch } from '@archwire/database';
import { createTestDatabase, type TestDatabase, testRow, type TestTenant } from '@archwire/database/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAlertService } from './alert-service.ts';
import { createAssociationRecorder } from './association-recorder.ts';
import { createFailedJobService } from './failed-job-service.ts';
import { createOperationsService } from './operations-service.ts';
import type { NodeFigures } from './read-overview.ts';
import { createInstallationWatch, type Finding } from './watch-installation.ts';

let database: TestDatabase;
let first: TestTenant;
let second: TestTenant;

const GB = 1024 ** 3;
const WELL: NodeFigures = {
  memoryBytes: 1,
  disk: { totalBytes: 100 * GB, freeBytes: 50 * GB, headroomBytes: GB },
  journal: { bytes: 10, files: 1, unsettled: 0, unindexed: 0 },
  problems: [],
};
const NODE = '0198a5a2-0000-7000-8000-0000000000aa';
const SERIES = '0198a5a2-0000-7000-8000-0000000000bb';

const administratorOf = (
  { tenantId }: TestTenant,
  permissions: readonly Permission[] = PERMISSIONS,
): Principal => ({
  tenantId,
  kind: 'user',
  id: null,
  locationId: null,
  permissions: new Set(permissions),
  address: null,
  userAgent: null,
  requestId: 'test',
});
const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: unknown) => (error instanceof AppError ? error.kind : error),
  );

/** One beat that evaluates. */
const beat = async (figures: NodeFigures = WELL, findings: readonly Finding[] = []): Promise<void> =>
  await createInstallationWatch({
    database: database.db,
    node: { id: NODE, name: 'host-a', services: ['http', 'dimse'], version: '1', startedAt: new Date() },
    figures: async () => figures,
    findings: async () => findings,
  }).beat();

const operations = () =>
  createOperationsService({
    database: database.db,
    jobs: {
      counts: async () => ({ 'settle-series': { waiting: 1, active: 0, delayed: 0, failed: 2 } }),
    },
    parts: async () => [{ name: 'database', reason: null }],
    versions: { app: '1', node: '24', viewer: null, queue: 'postgres' },
    startedAt: new Date('2026-01-01T00:00:00Z'),
  });
const alerts = () => createAlertService({ database: database.db });
const openOf = async (tenant: TestTenant) =>
  (await alerts().list(administratorOf(tenant))).open.map(({ kind, severity, subject, details }) => ({
    kind,
    severity,
    subject,
    details,
  }));

beforeAll(async () => {
  database = await createTestDatabase();
  first = await database.tenant('First');
  second = await database.tenant('Second');
});
afterAll(async () => await database.close());
beforeEach(async () => {
  await database.owner('delete from alert');
  await database.owner('delete from service_node');
});

describe('what lies in the stores', () => {
  it('is counted as it is stored, for each group, and comes to the same when it is added up', async () => {
    const rows = [1, 2, 3].map((n) => testRow(second, { SOPInstanceUID: `1.2.7.${n}` }));
    await ingestBatch(database.db.knex, rows);
    await ingestBatch(database.db.knex, rows);
    await ingestBatch(database.db.knex, [
      testRow(second, { SOPInstanceUID: '1.2.7.1' }, { bytes: 'other bytes' }),
    ]);
    await database.db.withTenant(second.tenantId, async (trx) => {
      await trx.raw(
        `insert into derivative (tenant_id, instance_id, kind, store, key, "offset", length, recipe)
         select tenant_id, id, 'thumbnail', 's', 'k', 0, 70, 1 from instance`,
      );
      await trx('derivative').update({ length: 100 });
      await trx('series').update({ metadata_length: 40, metadata_key: 'm' });
    });
    const stored = [
      { kind: 'original', objects: 3, bytes: 3000 },
      { kind: 'conflict', objects: 1, bytes: 1000 },
      { kind: 'derivative', objects: 3, bytes: 300 },
      { kind: 'metadata', objects: 1, bytes: 40 },
    ];
    const own = async (tenant: TestTenant) => (await operations().overview(administratorOf(tenant))).storage;
    expect(await own(second)).toEqual(stored);
    const lines = async () =>
      (await database.owner<{ n: string }>('select count(*) as n from storage_change'))[0]?.n;
    expect(await lines()).not.toBe('0');
    await beat();
    expect(await lines()).toBe('0');
    expect(await own(second)).toEqual(stored);
    expect(await own(first)).toEqual([]);
    const { points } = await operations().throughput(administratorOf(second), 1);
    expect(points).toHaveLength(60);
    expect(points.reduce((sum, { instances }) => sum + instances, 0)).toBe(3);
    expect(points.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(3000);
  });

  it('is shown of the whole installation to the group that runs it, and to no other', async () => {
    await beat();
    const mine = await operations().overview(administratorOf(first));
    expect(mine.installation).toMatchObject({
      groups: 2,
      queues: [{ name: 'settle-series', waiting: 1, active: 0, delayed: 0, failed: 2 }],
      nodes: [{ name: 'host-a', services: ['http', 'dimse'], alive: true }],
    });
    expect(mine.installation?.storage).toContainEqual({ kind: 'original', objects: 3, bytes: 3000 });
    expect((await operations().overview(administratorOf(second))).installation).toBeNull();
    expect(await reasonOf(operations().overview(administratorOf(first, [])))).toBe('forbidden');
  });
});

describe('alerts', () => {
  const full: NodeFigures = { ...WELL, disk: { totalBytes: 100 * GB, freeBytes: GB / 2, headroomBytes: GB } };

  it('are raised once, follow what they say, and go when their cause is gone', async () => {
    await beat({ ...full, disk: { totalBytes: 100 * GB, freeBytes: 4 * GB, headroomBytes: GB } });
    expect(await openOf(first)).toEqual([
      {
        kind: 'disk-low',
        severity: 'warning',
        subject: 'host-a',
        details: { node: 'host-a', freeBytes: 4 * GB, totalBytes: 100 * GB },
      },
    ]);
    await beat({ ...full, problems: [{ part: 'store', reason: 'EROFS' }] });
    expect((await openOf(first)).map(({ kind, severity }) => `${kind} ${severity}`)).toEqual([
      'part-down critical',
      'disk-low critical',
    ]);
    expect(await openOf(second)).toEqual([]);
    await beat();
    expect(await openOf(first)).toEqual([]);
    const { cleared } = await alerts().list(administratorOf(first));
    expect(cleared.map(({ kind }) => kind).toSorted()).toEqual(['disk-low', 'part-down']);
    await beat(full);
    expect(await openOf(first)).toHaveLength(1);
  });

  it('belong to the group that they are about', async () => {
    await beat(WELL, [
      {
        tenantId: second.tenantId,
        kind: 'failed-jobs',
        subject: '',
        severity: 'warning',
        details: { count: 3 },
      },
      {
        tenantId: null,
        kind: 'certificate-ends',
        subject: 'dimse',
        severity: 'critical',
        details: { days: 2 },
      },
    ]);
    expect((await openOf(first)).map(({ kind }) => kind)).toEqual(['certificate-ends']);
    expect((await openOf(second)).map(({ kind }) => kind)).toEqual(['failed-jobs']);
  });

  it('tell of studies that waited a day in quarantine, and of events that nobody delivers', async () => {
    await ingestBatch(database.db.knex, [
      testRow(second, { PatientID: null, StudyInstanceUID: '1.9', SOPInstanceUID: '1.9.1' }),
    ]);
    await beat();
    expect(await openOf(second)).toEqual([]);
    await database.owner("update study set first_at = now() - interval '2 days' where study_uid = '1.9'");
    await database.owner("update outbox set created_at = now() - interval '1 hour' where tenant_id = $1", [
      second.tenantId,
    ]);
    await beat();
    expect(await openOf(second)).toEqual([
      expect.objectContaining({ kind: 'outbox-stuck', severity: 'critical' }),
      { kind: 'quarantine-waiting', severity: 'warning', subject: '', details: { count: 1 } },
    ]);
    await database.owner('update outbox set published_at = now()');
    await database.owner("update study set first_at = now() where study_uid = '1.9'");
  });

  it('tell of a device that is silent for longer than it ever was, or than somebody said', async () => {
    const [device] = await database.owner<{ id: string }>(
      `insert into device (tenant_id, name, ae_title, location_id) values ($1, 'Pano', 'PANO', $2) returning id`,
      [second.tenantId, second.locationId],
    );
    const id = device?.id ?? '';
    const seen = async (hours: number) =>
      await database.owner(
        `insert into device_activity (tenant_id, device_id, last_seen_at) values ($1, $2, now() - make_interval(hours => $3))
         on conflict (tenant_id, device_id) do update set last_seen_at = excluded.last_seen_at`,
        [second.tenantId, id, hours],
      );
    const silent = async () => {
      await beat();
      return (await openOf(second)).filter(({ kind }) => kind === 'device-silent');
    };
    await seen(24 * 30);
    // Nothing was learned yet.
    expect(await silent()).toEqual([]);
    // Every third day: four and a half are too many.
    await database.owner(
      `insert into device_traffic (tenant_id, device_id, day)
       select $1, $2, current_date - n from generate_series(4, 40, 3) n`,
      [second.tenantId, id],
    );
    await seen(24 * 4);
    expect(await silent()).toEqual([]);
    await seen(24 * 5);
    expect(await silent()).toEqual([
      {
        kind: 'device-silent',
        severity: 'warning',
        subject: id,
        details: expect.objectContaining({ name: 'Pano', allowedHours: 108, learned: true }),
      },
    ]);
    await alerts().setSilence(administratorOf(second), id, 240);
    expect(await silent()).toEqual([]);
    await alerts().setSilence(administratorOf(second), id, 1);
    expect(await silent()).toHaveLength(1);
    await database.owner('update device set active = false where id = $1', [id]);
    expect(await silent()).toEqual([]);
    expect(await reasonOf(alerts().setSilence(administratorOf(first), id, 1))).toBe('not-found');
  });

  it('stay open when somebody says that they are known; only their own group may', async () => {
    await beat(full);
    const [open] = (await alerts().list(administratorOf(first))).open;
    const id = open?.id ?? '';
    expect(await reasonOf(alerts().acknowledge(administratorOf(second), id))).toBe('not-found');
    expect(await reasonOf(alerts().acknowledge(administratorOf(first, ['operations.health.read']), id))).toBe(
      'forbidden',
    );
    await alerts().acknowledge(administratorOf(first), id);
    await beat(full);
    expect((await alerts().list(administratorOf(first))).open).toEqual([
      expect.objectContaining({ id, acknowledgedAt: expect.stringMatching(/Z$/) }),
    ]);
  });

  it('tell of a process that went away without a word', async () => {
    await beat();
    await database.owner("update service_node set seen_at = now() - interval '5 minutes'");
    await createInstallationWatch({
      database: database.db,
      node: { id: SERIES, name: 'host-b', services: ['http'], version: '1', startedAt: new Date() },
      figures: async () => WELL,
      findings: async () => [],
    }).beat();
    expect((await openOf(first)).map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
      'node-gone host-a',
    ]);
    const nodes = (await operations().overview(administratorOf(first))).installation?.nodes;
    expect(nodes?.map(({ name, alive }) => [name, alive])).toEqual([
      ['host-a', false],
      ['host-b', true],
    ]);
  });

  it('are evaluated by one process at a time', async () => {
    const trx = await database.db.knex.transaction();
    await trx.raw('select pg_advisory_xact_lock(4172015)');
    await beat(full);
    await trx.rollback();
    expect(await openOf(first)).toEqual([]);
    await beat(full);
    expect(await openOf(first)).toHaveLength(1);
  });
});

describe('associations', () => {
  it('are written in batches, kept through an outage, and paged newest first', async () => {
    let down = true;
    const recorder = createAssociationRecorder({
      node: 'host-a',
      database: {
        withTenant: async (tenantId, work) => {
          if (down) throw new AppError('unavailable', 'down');
          return await database.db.withTenant(tenantId, work);
        },
      },
    });
    for (let n = 0; n < 60; n += 1) {
      recorder.record({
        tenantId: second.tenantId,
        deviceId: null,
        callingAe: `AE${n}`,
        calledAe: 'ARCHWIRE',
        address: '10.0.0.7',
        startedAt: new Date('2026-01-01T00:00:00Z'),
        durationMs: 12,
        objectCount: 1,
        byteCount: 2,
        failureCount: 0,
        outcome: 'released',
      });
    }
    await expect(recorder.flush()).rejects.toThrow('down');
    down = false;
    await recorder.flush();
    await recorder.flush();
    const page = await operations().associations(administratorOf(second), undefined);
    expect(page.associations).toHaveLength(50);
    expect(page.associations[0]).toMatchObject({ callingAe: 'AE59', durationMs: 12, outcome: 'released' });
    const rest = await operations().associations(administratorOf(second), page.next ?? undefined);
    expect([rest.associations.at(-1)?.callingAe, rest.next]).toEqual(['AE0', null]);
    expect((await operations().associations(administratorOf(first), undefined)).associations).toEqual([]);
  });
});

describe('failed jobs', () => {
  const desk = () => {
    const failed = new Map(
      [first, second].map(({ tenantId }, n) => [
        `j${n}`,
        {
          name: 'settle-series' as const,
          id: `j${n}`,
          payload: { tenantId, seriesId: SERIES },
          reason: 'The store does not answer.',
          attempts: 10,
          failedAt: new Date('2026-01-01T00:00:00Z'),
        },
      ]),
    );
    const done: string[] = [];
    const take = async (verb: string, name: JobName, id: string) => {
      if (!failed.delete(id)) throw new AppError('not-found', 'gone');
      done.push(`${verb} ${name} ${id}`);
    };
    const service = createFailedJobService({
      database: database.db,
      jobs: {
        counts: async () => ({}),
        failed: async () => [...failed.values()],
        retryFailed: async (name, id) => await take('retry', name, id),
        discardFailed: async (name, id) => await take('discard', name, id),
      },
    });
    return { service, done };
  };

  it('are seen and handled by their own group, and without ids by the one that runs the installation', async () => {
    const { service, done } = desk();
    const own = {
      queue: 'settle-series',
      own: true,
      reason: 'The store does not answer.',
      attempts: 10,
      failedAt: '2026-01-01T00:00:00.000Z',
      seriesId: SERIES,
      studyId: null,
      instances: null,
    };
    expect((await service.list(administratorOf(second))).jobs).toEqual([{ ...own, id: 'j1' }]);
    expect((await service.list(administratorOf(first))).jobs).toEqual([
      { ...own, id: 'j0' },
      { ...own, id: 'j1', own: false, seriesId: null },
    ]);
    expect(await reasonOf(service.retry(administratorOf(second), 'settle-series', 'j0'))).toBe('not-found');
    expect(await reasonOf(service.discard(administratorOf(second), 'no-such-queue', 'j1'))).toBe('not-found');
    expect(await reasonOf(service.retryAll(administratorOf(second, ['operations.health.read'])))).toBe(
      'forbidden',
    );
    expect(await service.retryAll(administratorOf(second))).toBe(1);
    await service.discard(administratorOf(first), 'settle-series', 'j0');
    expect(done).toEqual(['retry settle-series j1', 'discard settle-series j0']);
    const audited = await database.owner<{ action: string }>(
      "select action from audit_log where action like 'job.%' order by at",
    );
    expect(audited.map(({ action }) => action)).toEqual(['job.retry', 'job.discard']);
  });
});
