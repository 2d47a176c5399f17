// Real: PostgreSQL 18 (embedded).
import { AppError, type Permission, PERMISSIONS, type Principal, ROLES } from '@archwire/contracts';
import type { ImagingOrder, NewImagingOrder, WorklistQuestion } from '@archwire/contracts/api/orders';
import { ImagingOrderQuery } from '@archwire/contracts/api/orders';
import { createTestDatabase, type TestDatabase, type TestTenant } from '@archwire/database/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDeviceService } from '../devices/device-service.ts';
import { createOrderService, type OrderService } from './order-service.ts';
import { createWorklistPreview } from './worklist-preview.ts';

let database: TestDatabase;
let tenant: TestTenant;
let admin: Principal;
let orders: OrderService;
let patientId: string;

const principal = (permissions: readonly Permission[], of: TestTenant = tenant): Principal => ({
  tenantId: of.tenantId,
  kind: 'system',
  id: null,
  locationId: null,
  permissions: new Set(permissions),
  address: null,
  userAgent: null,
  requestId: 'r',
});
const addPatient = async (name: string, mrn: string | null, of: TestTenant = tenant): Promise<string> => {
  const [row] = await database.owner<{ id: string }>(
    `insert into patient (tenant_id, registration, mrn, name, name_folded, birth_date, sex)
       values ($1, 'registered', $2, $3, lower($3), '2010-05-17', 'F') returning id`,
    [of.tenantId, mrn, name],
  );
  if (row === undefined) throw new Error('no patient');
  return row.id;
};
const addLocation = async (name: string): Promise<string> => {
  const [row] = await database.owner<{ id: string }>(
    'insert into location (tenant_id, name, issuer) values ($1, $2, $3) returning id',
    [tenant.tenantId, name, `${name}-ISSUER`],
  );
  if (row === undefined) throw new Error('no location');
  return row.id;
};

beforeAll(async () => {
  database = await createTestDatabase();
  orders = createOrderService(database.db);
});
beforeEach(async () => {
  tenant = await database.tenant();
  admin = principal(PERMISSIONS);
  patientId = await addPatient('Doe^Jane', 'P1');
});
afterAll(async () => await database.close());

const asked = (more: Partial<NewImagingOrder> = {}): NewImagingOrder => ({
  patientId,
  description: 'Panoramic',
  date: '2026-01-05',
  time: '10:00',
  steps: [{ modality: 'PX' }],
  ...more,
});
const kindOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: unknown) => (error instanceof AppError ? error.kind : error),
  );
const audited = async (): Promise<string[]> =>
  (
    await database.owner<{ action: string }>(
      'select action from audit_log where tenant_id = $1 order by seq',
      [tenant.tenantId],
    )
  ).map(({ action }) => action);

describe('an order', () => {
  it('has everything allocated when it is made, and is written into the audit log', async () => {
    const order = await orders.create(
      admin,
      asked({
        priority: 'STAT',
        requestingPhysician: 'Smith^Anna',
        steps: [
          {
            modality: 'PX',
            stationAeTitles: ['PANO1'],
            description: 'Pano adult',
            performingPhysician: 'Roe^Tom',
            protocolCodes: [{ value: 'PAN', scheme: '99LOCAL', meaning: 'Panoramic' }],
          },
          { modality: 'DX' },
        ],
      }),
    );
    expect(order).toEqual({
      id: order.id,
      state: 'planned',
      accessionNumber: order.accessionNumber,
      requestedProcedureId: order.accessionNumber,
      studyInstanceUid: order.studyInstanceUid,
      description: 'Panoramic',
      priority: 'STAT',
      patient: {
        id: patientId,
        name: 'Doe^Jane',
        birthDate: '2010-05-17',
        sex: 'F',
        patientId: 'P1',
        issuer: tenant.issuer,
      },
      locationId: tenant.locationId,
      locationName: 'Main',
      date: '2026-01-05',
      time: '10:00',
      requestingPhysician: 'Smith^Anna',
      medicalAlerts: null,
      allergies: null,
      steps: [
        {
          stepId: `${order.accessionNumber}.1`,
          modality: 'PX',
          stationAeTitles: ['PANO1'],
          stationName: null,
          description: 'Pano adult',
          performingPhysician: 'Roe^Tom',
          protocolCodes: [{ value: 'PAN', scheme: '99LOCAL', meaning: 'Panoramic' }],
          state: 'scheduled',
        },
        {
          stepId: `${order.accessionNumber}.2`,
          modality: 'DX',
          stationAeTitles: [],
          stationName: null,
          description: null,
          performingPhysician: null,
          protocolCodes: [],
          state: 'scheduled',
        },
      ],
      reason: null,
      studyIds: [],
      createdAt: order.createdAt,
      checkedInAt: null,
      startedAt: null,
      endedAt: null,
    });
    expect(order.accessionNumber).toMatch(/^A0000\d\d[0-9A-Z]$/);
    expect(order.studyInstanceUid).toMatch(/^2\.25\.\d{30,39}$/);
    expect(await audited()).toEqual(['order.create']);
  });

  it('has a number of its own, whoever books at the same time and wherever', async () => {
    const north = await addLocation('North');
    const made = await Promise.all(
      Array.from({ length: 30 }, async (_, n) =>
        orders.create(admin, asked(n % 2 === 0 ? {} : { locationId: north })),
      ),
    );
    expect(new Set(made.map(({ accessionNumber }) => accessionNumber)).size).toBe(30);
    expect(new Set(made.map(({ accessionNumber }) => accessionNumber.charAt(0)))).toEqual(
      new Set(['A', 'B']),
    );
  });

  it('gives a Patient ID to who has none, and not one that images of somebody else came with', async () => {
    const nobody = await addPatient('Roe^Ann', null);
    const first = await orders.create(admin, asked({ patientId: nobody }));
    expect(first.patient.patientId).toBe(`P${first.accessionNumber}`);
    expect((await orders.create(admin, asked({ patientId: nobody }))).patient.patientId).toBe(
      first.patient.patientId,
    );
    const taken = await addPatient('Poe^Eve', 'TAKEN');
    await database.owner(
      `insert into patient_identifier (tenant_id, issuer, value, patient_id) values ($1, $2, 'TAKEN', $3)`,
      [tenant.tenantId, tenant.issuer, nobody],
    );
    const other = await orders.create(admin, asked({ patientId: taken }));
    expect(other.patient.patientId).toBe(`P${other.accessionNumber}`);
  });

  it('goes its way, and no other', async () => {
    const order = await orders.create(admin, asked());
    const { id } = order;
    expect(await kindOf(orders.complete(admin, id, false))).toBe('conflict');
    expect(await orders.checkIn(admin, id)).toMatchObject({ state: 'scheduled' });
    expect(await kindOf(orders.checkIn(admin, id))).toBe('conflict');
    expect(await orders.change(admin, id, { time: '11:30', description: 'Panoramic, adult' })).toMatchObject({
      state: 'scheduled',
      time: '11:30',
      description: 'Panoramic, adult',
    });
    expect(await orders.change(admin, id, { date: '2026-01-06' })).toMatchObject({
      state: 'planned',
      checkedInAt: null,
    });
    await orders.checkIn(admin, id);
    expect(await orders.complete(admin, id, true)).toMatchObject({ state: 'partial', endedAt: null });
    const done = await orders.complete(admin, id, false);
    expect([done.state, done.steps.map(({ state }) => state)]).toEqual(['completed', ['completed']]);
    for (const work of [
      () => orders.change(admin, id, { time: '12:00' }),
      () => orders.discontinue(admin, id, { reason: 'No' }),
      () => orders.complete(admin, id, false),
    ])
      expect(await kindOf(work())).toBe('conflict');
    expect(await audited()).toEqual([
      'order.create',
      'order.check-in',
      'order.change',
      'order.change',
      'order.check-in',
      'order.complete',
      'order.complete',
    ]);
  });

  it('is discontinued with its reason', async () => {
    const { id } = await orders.create(admin, asked());
    expect(
      await orders.discontinue(admin, id, { reason: 'Patient did not come', code: '110513', scheme: 'DCM' }),
    ).toMatchObject({
      state: 'discontinued',
      reason: { code: '110513', scheme: 'DCM', meaning: 'Patient did not come' },
      steps: [{ state: 'discontinued' }],
    });
  });

  it.each([
    ['an unknown patient', { patientId: '00000000-0000-7000-8000-000000000000' }, 'not-found'],
    ['an unknown location', { locationId: '00000000-0000-7000-8000-000000000000' }, 'invalid'],
  ] as const)('%s: %s', async (_, more, kind) => {
    expect(await kindOf(orders.create(admin, asked(more)))).toBe(kind);
    expect(await audited()).toEqual([]);
  });

  it('is not for who may not, nor for another group', async () => {
    const order = await orders.create(admin, asked());
    const reader = principal(['orders.order.read']);
    expect(await kindOf(orders.create(reader, asked()))).toBe('forbidden');
    expect(await kindOf(orders.checkIn(reader, order.id))).toBe('forbidden');
    expect(await kindOf(orders.get(principal(ROLES.billing), order.id))).toBe('forbidden');
    const other = principal(PERMISSIONS, await database.tenant('Other'));
    expect(await kindOf(orders.get(other, order.id))).toBe('not-found');
    expect(await kindOf(orders.checkIn(other, order.id))).toBe('not-found');
    expect(await kindOf(orders.create(other, asked()))).toBe('not-found');
  });
});

describe('the list', () => {
  it('goes page by page in the order of days and times, and by each filter', async () => {
    const north = await addLocation('North');
    const made: ImagingOrder[] = [];
    for (const [n, time] of ['09:00', '08:00', '08:00', '10:00', '07:00'].entries())
      made.push(
        await orders.create(
          admin,
          asked({
            time,
            date: n === 4 ? '2026-01-06' : '2026-01-05',
            steps: [{ modality: n === 3 ? 'DX' : 'PX' }],
            checkedIn: n === 0,
            ...(n === 1 ? { locationId: north } : {}),
          }),
        ),
      );
    const numbers = (list: readonly ImagingOrder[]): number[] =>
      list.map(({ id }) => made.findIndex((order) => order.id === id));
    const seen: number[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await orders.list(admin, ImagingOrderQuery.parse({ limit: '2', after }));
      seen.push(...numbers(page.orders));
      if (page.next === null) break;
      after = page.next;
    }
    expect(seen).toEqual([1, 2, 0, 3, 4]);
    const found = async (query: object): Promise<number[]> =>
      numbers((await orders.list(admin, ImagingOrderQuery.parse(query))).orders);
    expect(await found({ from: '2026-01-06' })).toEqual([4]);
    expect(await found({ from: '2026-01-05', to: '2026-01-05', locationId: north })).toEqual([1]);
    expect(await found({ state: 'scheduled,completed' })).toEqual([0]);
    expect(await found({ modality: 'DX' })).toEqual([3]);
    expect(await found({ patientId: await addPatient('Roe^Ann', 'P2') })).toEqual([]);
    expect(await kindOf(orders.list(admin, ImagingOrderQuery.parse({ after: 'rubbish' })))).toBe('invalid');
  });
});

describe('what a device would be told', () => {
  const ask = async (deviceId: string, question: Omit<WorklistQuestion, 'deviceId'> = {}) =>
    await createWorklistPreview(database.db)(admin, { deviceId, ...question });
  const register = async (device: {
    aeTitle: string;
    kind: 'panoramic' | 'ceph' | 'other';
    locationId?: string;
  }) =>
    (
      await createDeviceService({ database: database.db, forget: () => undefined }).register(admin, {
        name: device.aeTitle,
        ...device,
      })
    ).id;
  const told = async (deviceId: string, question: Omit<WorklistQuestion, 'deviceId'> = {}) =>
    (await ask(deviceId, question)).items.map(({ accessionNumber }) => accessionNumber);

  it('is what is checked in at its location, for it or for its modality', async () => {
    const suffix = tenant.tenantId.slice(-8);
    const pano = await register({ aeTitle: `PAN${suffix}`, kind: 'panoramic' });
    const ceph = await register({ aeTitle: `CEP${suffix}`, kind: 'ceph' });
    const broker = await register({ aeTitle: `PMS${suffix}`, kind: 'other' });
    const north = await addLocation('North');
    const away = await register({ aeTitle: `NOR${suffix}`, kind: 'panoramic', locationId: north });
    const anyPano = await orders.create(admin, asked({ checkedIn: true }));
    await orders.create(admin, asked());
    const thisOne = await orders.create(
      admin,
      asked({
        checkedIn: true,
        time: '11:00',
        steps: [{ modality: 'IO', stationAeTitles: [`PAN${suffix}`] }],
      }),
    );
    const elsewhere = await orders.create(
      admin,
      asked({ checkedIn: true, time: '12:00', steps: [{ modality: 'CT', stationAeTitles: ['CBCT'] }] }),
    );
    const numbers = [anyPano, thisOne, elsewhere].map(({ accessionNumber }) => accessionNumber);
    expect(await told(pano)).toEqual(numbers.slice(0, 2));
    expect(await told(ceph)).toEqual(numbers.slice(0, 1));
    expect(await told(broker)).toEqual(numbers);
    expect(await told(away)).toEqual([]);
    expect(await told(broker, { modality: 'CT' })).toEqual(numbers.slice(2));
    expect(await told(broker, { stationAeTitle: `PAN${suffix}` })).toEqual(numbers.slice(0, 2));
    expect(await told(broker, { patientName: 'doe*' })).toEqual(numbers);
    expect(await told(broker, { patientName: 'roe*' })).toEqual([]);
    expect(await told(broker, { date: '20260106-' })).toEqual([]);
    const [item] = (await ask(pano)).items;
    expect(item).toMatchObject({
      patientName: 'Doe^Jane',
      patientId: 'P1',
      issuerOfPatientId: tenant.issuer,
      patientBirthDate: '20100517',
      studyInstanceUid: anyPano.studyInstanceUid,
      modality: 'PX',
      scheduledStationAeTitle: `PAN${suffix}`,
      startDate: '20260105',
      startTime: '100000',
      scheduledProcedureStepId: `${anyPano.accessionNumber}.1`,
      scheduledProcedureStepStatus: 'ARRIVED',
    });
    await orders.complete(admin, anyPano.id, false);
    expect(await told(ceph)).toEqual([]);
    expect(await audited()).toContain('worklist.preview');
  });

  it('needs the permission, a device and keys that make sense', async () => {
    const preview = createWorklistPreview(database.db);
    const nowhere = { deviceId: '00000000-0000-7000-8000-000000000000' };
    expect(await kindOf(preview(principal([]), nowhere))).toBe('forbidden');
    expect(await kindOf(preview(admin, nowhere))).toBe('not-found');
    expect(await kindOf(preview(admin, { ...nowhere, date: '20261399' }))).toBe('invalid');
  });
});
