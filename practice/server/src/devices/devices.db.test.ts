// Real: PostgreSQL 18 (embedded).
import { AppError, PERMISSIONS, type Principal } from '@archwire/contracts';
import { createTestDatabase, type TestDatabase, type TestTenant } from '@archwire/database/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAdmission } from './admission.ts';
import { createDeviceService } from './device-service.ts';
import { isLoopback } from './is-loopback.ts';
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
  };
};
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
    expect(made).toEqual({
      ...device,
      id: made.id,
      locationId: first.locationId,
      issuer: null,
      active: true,
      createdAt: made.createdAt,
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
  });
});

describe('refusals', () => {
  const peer = { callingAe: 'PANO', calledAe: 'ARCHWIRE', address: '10.0.0.7', reason: 'calling-ae' };

  it('are counted, listed, and gone when the device is registered', async () => {
    const { devices } = setUp();
    let now = new Date('2026-01-01T00:00:00Z');
    const recorder = createRefusalRecorder({ database: database.db, clock: () => now });
    recorder.record(peer);
    recorder.record(peer);
    await recorder.flush();
    now = new Date('2026-01-02T00:00:00Z');
    recorder.record(peer);
    recorder.record({ ...peer, callingAe: null, calledAe: null, reason: 'too-many-connections' });
    await recorder.flush();
    const [unnamed, named] = (await devices.refusals(administratorOf(first))).sort(
      (a, b) => a.count - b.count,
    );
    expect(named).toEqual({
      id: named?.id,
      ...peer,
      count: 3,
      firstAt: '2026-01-01T00:00:00.000Z',
      lastAt: '2026-01-02T00:00:00.000Z',
    });
    expect(unnamed).toMatchObject({ callingAe: '', calledAe: '', count: 1 });
    expect(await devices.refusals(administratorOf(second))).toEqual([]);
    await devices.register(administratorOf(first), {
      name: 'Pano',
      aeTitle: 'PANO',
      calledAe: 'ARCHWIRE',
      address: '10.0.0.7',
    });
    expect((await devices.refusals(administratorOf(first))).map((refusal) => refusal.reason)).toEqual([
      'too-many-connections',
    ]);
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
