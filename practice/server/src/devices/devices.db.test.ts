// Real: PostgreSQL 18 (embedded).
import { AppError, DICOM_SERVICES, PERMISSIONS, type Principal } from '@archwire/contracts';
import type { DeviceKind } from '@archwire/contracts/api/devices';
import { createTestDatabase, type TestDatabase, type TestTenant } from '@archwire/database/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createActivityRecorder } from './activity-recorder.ts';
import { createAdmission } from './admission.ts';
import { createDeviceEcho } from './device-echo.ts';
import { createDeviceService } from './device-service.ts';
import { isLoopback } from './is-loopback.ts';
import { createRefusalList } from './refusal-list.ts';
import { createRefusalRecorder } from './refusal-recorder.ts';

let database: TestDatabase;
let first: TestTenant;
let second: TestTenant;

beforeEach(async () => {
  database = await createTestDatabase();
  first = await database.tenant('First');
  second = await database.tenant('Second');
});
afterEach(async () => await database.close());

const administratorOf = (tenant: TestTenant): Principal => ({
  tenantId: tenant.tenantId,
  kind: 'system',
  id: null,
  locationId: null,
  permissions: new Set(PERMISSIONS),
  address: null,
  userAgent: null,
  requestId: 'r',
});
const setUp = () => {
  const admission = createAdmission({ database: database.db, aeTitle: 'ARCHWIRE' });
  return {
    admission,
    devices: createDeviceService({ database: database.db, forget: () => admission.forget() }),
    refusals: createRefusalList({ database: database.db }),
  };
};
const UNREGISTERED = new Set(['store', 'query']);
const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: unknown) => (error instanceof AppError ? error.kind : error),
  );

describe('admission', () => {
  it('lets this machine into the first tenant and nobody else in', async () => {
    const { admission } = setUp();
    const home = {
      admitted: true,
      source: {
        tenantId: first.tenantId,
        locationId: first.locationId,
        deviceId: null,
        issuer: first.issuer,
        services: UNREGISTERED,
      },
    };
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '127.8.8.8']) {
      expect(await admission.admit({ calledAe: 'ANY-SCP', callingAe: 'ECHOSCU', address })).toEqual(home);
    }
    expect(await admission.admit({ calledAe: 'ARCHWIRE', callingAe: 'PANO', address: '10.0.0.7' })).toEqual({
      admitted: false,
      reason: 'calling-ae',
    });
    expect(await admission.admit({ calledAe: 'OTHER', callingAe: 'PANO', address: '10.0.0.7' })).toEqual({
      admitted: false,
      reason: 'called-ae',
    });
  });

  it('follows registration, deactivation and the most exact match', async () => {
    const { admission, devices } = setUp();
    const peer = { calledAe: 'ARCHWIRE', callingAe: 'PANO', address: '10.0.0.7' };
    expect((await admission.admit(peer)).admitted).toBe(false);
    const anywhere = await devices.register(administratorOf(first), { name: 'Any pano', aeTitle: 'PANO' });
    const exact = await devices.register(administratorOf(second), {
      name: 'That pano',
      aeTitle: 'PANO',
      address: '10.0.0.7',
      issuer: 'SCANNER',
    });
    expect(await admission.admit(peer)).toEqual({
      admitted: true,
      source: {
        tenantId: second.tenantId,
        locationId: second.locationId,
        deviceId: exact.id,
        issuer: 'SCANNER',
        services: UNREGISTERED,
      },
    });
    expect(await admission.admit({ ...peer, address: '::ffff:10.0.0.7' })).toMatchObject({
      source: { deviceId: exact.id },
    });
    expect(await admission.admit({ ...peer, address: '10.0.0.8' })).toEqual({
      admitted: true,
      source: {
        tenantId: first.tenantId,
        locationId: first.locationId,
        deviceId: anywhere.id,
        issuer: first.issuer,
        services: UNREGISTERED,
      },
    });
    expect(await admission.admit({ ...peer, address: '127.0.0.1' })).toMatchObject({
      source: { deviceId: anywhere.id },
    });
    await devices.deactivate(administratorOf(second), exact.id);
    expect(await admission.admit(peer)).toMatchObject({ source: { deviceId: anywhere.id } });
    await devices.deactivate(administratorOf(first), anywhere.id);
    expect(await admission.admit(peer)).toEqual({ admitted: false, reason: 'calling-ae' });
  });

  it('tells an outage from a refusal', async () => {
    const gone = await createTestDatabase();
    await gone.close();
    const admission = createAdmission({ database: gone.db, aeTitle: 'A' });
    expect(await reasonOf(admission.admit({ calledAe: 'A', callingAe: 'B', address: '127.0.0.1' }))).toBe(
      'unavailable',
    );
  });
});

describe('admission in an outage', () => {
  it('goes on for whoever was admitted before, and asks everybody else to try again', async () => {
    const peer = { calledAe: 'ARCHWIRE', callingAe: 'PANO', address: '127.0.0.1' };
    const gone = await createTestDatabase();
    const home = await gone.tenant('Home');
    let later = false;
    const admission = createAdmission({
      database: gone.db,
      aeTitle: 'ARCHWIRE',
      now: () => (later ? 10_000 : 0),
    });
    const admitted = {
      admitted: true,
      source: {
        tenantId: home.tenantId,
        locationId: home.locationId,
        deviceId: null,
        issuer: home.issuer,
        services: UNREGISTERED,
      },
    };
    expect(await admission.admit(peer)).toEqual(admitted);
    await gone.close();
    later = true;
    expect(await admission.admit(peer)).toEqual(admitted);
    expect(await reasonOf(admission.admit({ ...peer, callingAe: 'NEW' }))).toBe('unavailable');
    // A change of the registry was meant to be seen at once: what was before it counts no more.
    admission.forget();
    expect(await reasonOf(admission.admit(peer))).toBe('unavailable');
  });
});

describe('the registry', () => {
  it('refuses the same triple twice, whoever claims it, and a foreign location', async () => {
    const { devices } = setUp();
    const device = { name: 'Pano', aeTitle: 'PANO', calledAe: 'ARCHWIRE', address: '10.0.0.7' };
    const made = await devices.register(administratorOf(first), device);
    const nothing = { instanceCount: 0, byteCount: 0, failureCount: 0 };
    expect(made).toEqual({
      ...device,
      id: made.id,
      kind: 'other',
      locationId: first.locationId,
      locationName: made.locationName,
      issuer: null,
      host: null,
      port: null,
      echoAe: null,
      tls: false,
      services: ['store', 'query'],
      notifyAvailability: false,
      notes: null,
      watchFolder: null,
      watchSeenAt: null,
      watchProblem: null,
      watchRefusals: [],
      active: true,
      createdAt: made.createdAt,
      lastSeenAt: null,
      lastImageAt: null,
      lastRefusedAt: null,
      denials: [],
      silenceHours: null,
      silentAfterHours: null,
      today: nothing,
      total: nothing,
    });
    expect(await reasonOf(devices.register(administratorOf(second), device))).toBe('conflict');
    expect(
      await reasonOf(
        devices.register(administratorOf(first), {
          ...device,
          aeTitle: 'CEPH',
          locationId: second.locationId,
        }),
      ),
    ).toBe('invalid');
    expect(await reasonOf(devices.deactivate(administratorOf(second), made.id))).toBe('not-found');
    expect(await devices.list(administratorOf(second))).toEqual([]);
    await devices.deactivate(administratorOf(first), made.id);
    expect(await devices.list(administratorOf(first))).toEqual([{ ...made, active: false }]);
    expect((await devices.register(administratorOf(second), device)).active).toBe(true);
    expect(await reasonOf(devices.activate(administratorOf(first), made.id))).toBe('conflict');
  });

  it('changes what is named and leaves the rest, lets a device in again, and writes both down', async () => {
    const { admission, devices, refusals } = setUp();
    const admin = administratorOf(first);
    const peer = { calledAe: 'ARCHWIRE', callingAe: 'PANO2', address: '10.0.0.7' };
    const made = await devices.register(admin, {
      name: 'Pano',
      aeTitle: 'PANO',
      kind: 'panoramic',
      host: '10.0.0.7',
      port: 104,
      notes: 'Room 2',
    });
    const recorder = createRefusalRecorder({ database: database.db });
    recorder.record({ ...peer, reason: 'calling-ae' });
    await recorder.flush();
    expect(await admission.admit(peer)).toEqual({ admitted: false, reason: 'calling-ae' });
    const changed = await devices.change(admin, made.id, { aeTitle: 'PANO2', port: 11_112, notes: null });
    expect(changed).toEqual({ ...made, aeTitle: 'PANO2', port: 11_112, notes: null });
    expect(await admission.admit(peer)).toMatchObject({ source: { deviceId: made.id } });
    expect((await refusals.page(admin, {})).total).toBe(0);
    expect(await devices.change(admin, made.id, {})).toEqual(changed);
    await devices.deactivate(admin, made.id);
    expect((await admission.admit(peer)).admitted).toBe(false);
    expect(await reasonOf(devices.deactivate(admin, made.id))).toBe('not-found');
    await devices.activate(admin, made.id);
    expect((await admission.admit(peer)).admitted).toBe(true);
    expect(await reasonOf(devices.change(administratorOf(second), made.id, { name: 'Mine' }))).toBe(
      'not-found',
    );
    expect(await reasonOf(devices.change(admin, made.id, { locationId: second.locationId }))).toBe('invalid');
    expect(
      (
        await database.owner<{ action: string }>(
          `select action from audit_log where tenant_id = $1 and action like 'device.%' order by seq`,
          [first.tenantId],
        )
      ).map(({ action }) => action),
    ).toEqual(['device.register', 'device.change', 'device.change', 'device.deactivate', 'device.activate']);
  });

  it('asks only a device of the group, that has an address, and one at a time', async () => {
    const { devices } = setUp();
    const admin = administratorOf(first);
    const asked: unknown[] = [];
    const gate = Promise.withResolvers<void>();
    const echo = createDeviceEcho({
      database: database.db,
      echo: async (target) => {
        asked.push(target);
        await gate.promise;
        return {
          outcome: 'rejected',
          milliseconds: 12,
          callingAe: 'ARCHWIRE',
          rejection: 'called-ae',
          status: null,
          implementationClassUid: null,
          implementationVersionName: null,
        };
      },
    });
    const made = await devices.register(admin, { name: 'Pano', aeTitle: 'PANO' });
    expect(await reasonOf(echo(admin, made.id))).toBe('invalid');
    await devices.change(admin, made.id, { host: 'pano.local', port: 104, echoAe: 'PANO_SCP', tls: true });
    expect(await reasonOf(echo(administratorOf(second), made.id))).toBe('not-found');
    expect(await reasonOf(echo({ ...admin, permissions: new Set(['devices.device.read']) }, made.id))).toBe(
      'forbidden',
    );
    expect(asked).toEqual([]);
    const asking = echo(admin, made.id);
    await expect.poll(() => asked.length).toBe(1);
    expect(await reasonOf(echo(admin, made.id))).toBe('rate-limited');
    gate.resolve();
    expect(await asking).toMatchObject({
      outcome: 'rejected',
      message: expect.stringContaining('AE title') as unknown,
      host: 'pano.local',
      port: 104,
      calledAe: 'PANO_SCP',
    });
    expect(asked).toEqual([{ host: 'pano.local', port: 104, calledAe: 'PANO_SCP', tls: true }]);
    expect(
      await database.owner(
        `select entry::jsonb -> 'after' as after, entity_id from audit_log where action = 'device.echo'`,
      ),
    ).toEqual([{ after: { outcome: 'rejected' }, entity_id: made.id }]);
  });
});

describe('services', () => {
  it('are those of the kind unless somebody says otherwise, and admission knows a change at once', async () => {
    const { admission, devices } = setUp();
    const admin = administratorOf(first);
    const register = async (kind: DeviceKind) =>
      (await devices.register(admin, { name: kind, aeTitle: kind.toUpperCase().slice(0, 16), kind }))
        .services;
    expect(await register('panoramic')).toEqual(['store', 'worklist', 'mpps', 'commitment']);
    expect(await register('workstation')).toEqual([...DICOM_SERVICES]);
    expect(await register('archive')).toEqual([...DICOM_SERVICES]);
    const made = await devices.register(admin, {
      name: 'Ceph',
      aeTitle: 'C',
      kind: 'ceph',
      services: ['query', 'store', 'store'],
      notifyAvailability: true,
    });
    expect([made.services, made.notifyAvailability]).toEqual([['store', 'query'], true]);
    const peer = { calledAe: 'ARCHWIRE', callingAe: 'C', address: '10.0.0.7' };
    expect(await admission.admit(peer)).toMatchObject({ source: { services: new Set(['store', 'query']) } });
    await devices.change(admin, made.id, { services: [], notifyAvailability: false });
    expect(await admission.admit(peer)).toMatchObject({ source: { services: new Set() } });
    expect((await devices.change(admin, made.id, { kind: 'camera' })).services).toEqual([]);
    expect(
      await database.owner(
        `select entry::jsonb -> 'after' as after from audit_log where action = 'device.change' order by seq limit 1`,
      ),
    ).toEqual([{ after: { fields: 'notify_availability, services', services: '' } }]);
  });

  it('that a device asked for in vain stand beside it until they are allowed', async () => {
    const { devices } = setUp();
    const admin = administratorOf(first);
    const pano = await devices.register(admin, { name: 'Pano', aeTitle: 'PANO' });
    let now = new Date('2026-03-01T10:00:00Z');
    const recorder = createActivityRecorder({ database: database.db, clock: () => now });
    const device = { tenantId: first.tenantId, deviceId: pano.id };
    recorder.denied(device, 'worklist');
    recorder.denied(device, 'worklist');
    recorder.denied({ tenantId: second.tenantId, deviceId: pano.id }, 'mpps');
    await recorder.flush();
    now = new Date('2026-03-01T11:00:00Z');
    recorder.denied(device, 'worklist');
    recorder.denied(device, 'retrieve');
    await recorder.flush();
    const denials = async () => (await devices.list(admin))[0]?.denials;
    expect(await denials()).toEqual(
      expect.arrayContaining([
        { service: 'worklist', count: 3, lastAt: '2026-03-01T11:00:00.000Z' },
        { service: 'retrieve', count: 1, lastAt: '2026-03-01T11:00:00.000Z' },
      ]),
    );
    expect((await denials())?.length).toBe(2);
    await devices.change(admin, pano.id, { services: ['store', 'worklist'] });
    expect((await denials())?.map(({ service }) => service)).toEqual(['retrieve']);
    recorder.denied(device, 'worklist');
    await recorder.flush();
    expect((await denials())?.map(({ service }) => service)).toEqual(['retrieve']);
  });
});

describe('traffic', () => {
  it('is counted in batches, by the day of the location, by several gateways, and survives an outage', async () => {
    const { devices } = setUp();
    const admin = administratorOf(first);
    await database.owner(`update location set timezone = 'Pacific/Auckland' where tenant_id = $1`, [
      first.tenantId,
    ]);
    const pano = await devices.register(admin, { name: 'Pano', aeTitle: 'PANO' });
    const ceph = await devices.register(admin, { name: 'Ceph', aeTitle: 'CEPH' });
    const foreign = await devices.register(administratorOf(second), { name: 'X', aeTitle: 'X' });
    let now = new Date();
    let down = true;
    const recorder = createActivityRecorder({
      database: {
        withTenant: async (tenantId, work) => {
          if (down) throw new AppError('unavailable', 'down');
          return await database.db.withTenant(tenantId, work);
        },
      },
      clock: () => now,
    });
    const other = createActivityRecorder({ database: database.db, clock: () => now });
    const device = { tenantId: first.tenantId, deviceId: pano.id };
    const earlier = new Date(now.getTime() - 60_000);
    recorder.seen(device);
    recorder.stored(device, 1000);
    await expect(recorder.flush()).rejects.toThrow('down');
    down = false;
    recorder.stored(device, 500);
    recorder.failed(device);
    // A device of another group does not become ours by being named.
    recorder.stored({ tenantId: first.tenantId, deviceId: foreign.id }, 7);
    await recorder.flush();
    now = earlier;
    other.stored(device, 2 ** 40);
    await Promise.all([other.flush(), recorder.flush()]);
    const [quiet, busy] = await devices.list(admin);
    expect(quiet).toEqual(ceph);
    const counted = { instanceCount: 3, byteCount: 1500 + 2 ** 40, failureCount: 1 };
    const at = new Date(now.getTime() + 60_000).toISOString();
    expect(busy).toEqual({ ...pano, lastSeenAt: at, lastImageAt: at, today: busy?.today, total: counted });
    const days = await devices.traffic(admin, pano.id);
    expect(days.length).toBe(30);
    const sum = (key: 'instanceCount' | 'byteCount' | 'failureCount') =>
      days.reduce((total, day) => total + day[key], 0);
    expect([sum('instanceCount'), sum('byteCount'), sum('failureCount')]).toEqual([3, 1500 + 2 ** 40, 1]);
    const [today] = await database.owner<{ day: string }>(
      `select to_char(now() at time zone 'Pacific/Auckland', 'YYYY-MM-DD') as day`,
    );
    expect(days.at(-1)?.day).toBe(today?.day);
    expect((await devices.list(administratorOf(second)))[0]?.lastSeenAt).toBe(null);
    expect(await reasonOf(devices.traffic(administratorOf(second), pano.id))).toBe('not-found');
  });
});

describe('refusals', () => {
  const peer = { callingAe: 'PANO', calledAe: 'ARCHWIRE', address: '10.0.0.7', reason: 'calling-ae' };

  it('are counted, listed, and gone when the device is registered', async () => {
    const { devices, refusals } = setUp();
    let now = new Date('2026-01-01T00:00:00Z');
    const recorder = createRefusalRecorder({ database: database.db, clock: () => now });
    recorder.record(peer);
    recorder.record(peer);
    await recorder.flush();
    now = new Date('2026-01-02T00:00:00Z');
    recorder.record(peer);
    await recorder.flush();
    now = new Date('2026-01-02T00:00:01Z');
    recorder.record({ ...peer, callingAe: null, calledAe: null, reason: 'too-many-connections' });
    await recorder.flush();
    await database.owner(
      `insert into association_refusal (tenant_id, calling_ae, called_ae, address, reason, first_at, last_at)
       values ($1, 'PANO', 'ARCHWIRE', '10.0.0.7', 'max-pdu-length', '2026-01-01', '2026-01-01')`,
      [first.tenantId],
    );
    const page = await refusals.page(administratorOf(first), {});
    expect(page).toEqual({
      refusals: [
        {
          callingAe: '',
          calledAe: '',
          address: '10.0.0.7',
          reasons: ['too-many-connections'],
          registrable: false,
          count: 1,
          firstAt: '2026-01-02T00:00:01.000Z',
          lastAt: '2026-01-02T00:00:01.000Z',
        },
        {
          callingAe: 'PANO',
          calledAe: 'ARCHWIRE',
          address: '10.0.0.7',
          reasons: ['calling-ae', 'max-pdu-length'],
          registrable: true,
          count: 4,
          firstAt: '2026-01-01T00:00:00.000Z',
          lastAt: '2026-01-02T00:00:00.000Z',
        },
      ],
      total: 2,
      next: null,
    });
    expect((await refusals.page(administratorOf(second), {})).refusals).toEqual([]);
    const made = await devices.register(administratorOf(first), {
      name: 'Pano',
      aeTitle: 'PANO',
      calledAe: 'ARCHWIRE',
      address: '10.0.0.7',
    });
    // What registering does not explain stays.
    expect(made.lastRefusedAt).toBe('2026-01-01T00:00:00.000Z');
    expect(
      (await refusals.page(administratorOf(first), { deviceId: made.id })).refusals.map(
        ({ reasons }) => reasons,
      ),
    ).toEqual(expect.arrayContaining([['too-many-connections'], ['max-pdu-length']]));
  });

  it('stay usable when there are a thousand: searched, paged by key, dismissed one by one or all', async () => {
    const { refusals } = setUp();
    const admin = administratorOf(first);
    await database.owner(
      `insert into association_refusal (tenant_id, calling_ae, called_ae, address, reason, first_at, last_at)
       select $1, 'AE' || n, 'ARCHWIRE', '10.0.' || n / 250 || '.' || n % 250, reason,
              '2026-01-01', timestamptz '2026-01-02' + (n / 3) * interval '1 second'
         from generate_series(1, 500) n, unnest(array['calling-ae', 'unavailable']) reason`,
      [first.tenantId],
    );
    const seen: string[] = [];
    for (let before: string | undefined; ;) {
      const page = await refusals.page(admin, { before });
      expect(page.total).toBe(500);
      seen.push(...page.refusals.map(({ callingAe }) => callingAe));
      if (page.next === null) break;
      before = page.next;
    }
    expect(seen.length).toBe(500);
    expect(new Set(seen).size).toBe(500);
    expect(seen.map((ae) => Math.floor(Number(ae.slice(2)) / 3))).toEqual(
      seen.map((ae) => Math.floor(Number(ae.slice(2)) / 3)).toSorted((a, b) => b - a),
    );
    const found = await refusals.page(admin, { search: 'ae49' });
    expect([found.total, found.next]).toEqual([11, null]);
    expect((await refusals.page(admin, { search: '10.0.1.2' })).total).toBe(61);
    expect((await refusals.page(admin, { search: '%' })).total).toBe(0);
    const [one] = found.refusals;
    if (one === undefined) throw new Error('nothing found');
    const key = { callingAe: one.callingAe, calledAe: one.calledAe, address: one.address };
    expect(await refusals.dismiss(administratorOf(second), [key])).toBe(0);
    expect(await refusals.dismiss(admin, [key, { ...key, callingAe: 'NOBODY' }])).toBe(1);
    expect(await refusals.dismiss(admin, 'all')).toBe(499);
    expect((await refusals.page(admin, {})).total).toBe(0);
    expect(await reasonOf(refusals.page(admin, { before: "' or true" }))).toBe('invalid');
  });

  it('stay bounded when one address or the whole world knocks', async () => {
    const recorder = createRefusalRecorder({ database: database.db });
    for (let n = 0; n < 300; n += 1) recorder.record({ ...peer, callingAe: `AE${n}` });
    await recorder.flush();
    const rows = async () =>
      (await database.owner<{ n: string }>('select count(*) as n from association_refusal'))[0]?.n;
    expect(await rows()).toBe('50');
    for (let round = 0; round < 3; round += 1) {
      for (let n = 0; n < 1000; n += 1)
        recorder.record({ ...peer, address: `10.${round + 1}.${n >> 8}.${n & 255}` });
      await recorder.flush();
    }
    expect(await rows()).toBe('1000');
  });

  it('are kept for later when the database is away', async () => {
    let down = true;
    const recorder = createRefusalRecorder({
      database: {
        knex: database.db.knex,
        withTenant: async (tenantId, work) => {
          if (down) throw new AppError('unavailable', 'down');
          return await database.db.withTenant(tenantId, work);
        },
      },
    });
    recorder.record(peer);
    await expect(recorder.flush()).rejects.toThrow('down');
    down = false;
    await recorder.flush();
    expect(await database.owner('select calling_ae, count from association_refusal')).toEqual([
      { calling_ae: 'PANO', count: '1' },
    ]);
  });
});

it('knows this machine by its addresses', () => {
  expect(
    [
      '127.0.0.1',
      '127.1.2.3',
      '::1',
      '::ffff:127.0.0.1',
      'localhost',
      '10.0.0.1',
      '::',
      '128.0.0.1',
      'x',
      '',
    ].map(isLoopback),
  ).toEqual([true, true, true, true, true, false, false, false, false, false]);
});
