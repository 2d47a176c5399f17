// Real: PostgreSQL 18 (embedded), the ingest function, orders made by their service.
import { PERMISSIONS, type Principal } from '@archwire/contracts';
import { assignStudies, listQuarantine, mergePatients, undoDecision, undoMerge } from '@archwire/archive';
import type { ImagingOrder, NewImagingOrder } from '@archwire/contracts/api/orders';
import { ingestBatch } from '@archwire/database';
import { createTestDatabase, type TestDatabase, testRow, type TestTenant } from '@archwire/database/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createOrderService, type OrderService } from './order-service.ts';

let database: TestDatabase;
let tenant: TestTenant;
let principal: Principal;
let orders: OrderService;
let jane: string;

const DAY = '2026-01-05';
const principalOf = ({ tenantId }: TestTenant): Principal => ({
  tenantId,
  kind: 'system',
  id: null,
  locationId: null,
  permissions: new Set(PERMISSIONS),
  address: null,
  userAgent: null,
  requestId: 'r',
});

const addPatient = async (of: TestTenant, name: string, birthDate: string, mrn: string): Promise<string> => {
  const [row] = await database.owner<{ id: string }>(
    `insert into patient (tenant_id, registration, mrn, name, name_folded, birth_date, sex)
       values ($1, 'registered', $2, $3, lower($3), $4, 'F') returning id`,
    [of.tenantId, mrn, name, birthDate],
  );
  if (row === undefined) throw new Error('no patient');
  return row.id;
};

beforeAll(async () => {
  database = await createTestDatabase();
  orders = createOrderService(database.db);
});
beforeEach(async () => {
  tenant = await database.tenant();
  principal = principalOf(tenant);
  jane = await addPatient(tenant, 'Doe^Jane', '2010-05-17', 'P1');
});
afterAll(async () => await database.close());

const order = async (more: Partial<NewImagingOrder> = {}): Promise<ImagingOrder> =>
  await orders.create(principal, {
    patientId: jane,
    description: 'Panoramic',
    date: DAY,
    time: '10:00',
    steps: [{ modality: 'PX' }],
    checkedIn: true,
    ...more,
  });

let objects = 0;
type Header = Parameters<typeof testRow>[1];
/** What a modality sends that copies everything from its worklist, unless `header` says otherwise. */
const copied = (from: ImagingOrder, header: Header = {}): Header => ({
  StudyInstanceUID: from.studyInstanceUid,
  AccessionNumber: from.accessionNumber,
  PatientID: 'P1',
  PatientName: 'Doe^Jane',
  PatientBirthDate: '2010-05-17',
  StudyDate: DAY,
  Modality: 'PX',
  ...header,
});
const send = async (header: Header, to: TestTenant = tenant): Promise<void> => {
  objects += 1;
  const uid = `1.2.3.${objects}`;
  await ingestBatch(database.db.knex, [
    testRow(to, {
      SOPInstanceUID: uid,
      SeriesInstanceUID: `${uid}.1`,
      StudyInstanceUID: `${uid}.2`,
      ...header,
    }),
  ]);
};

interface Study {
  readonly match_state: string;
  readonly quarantine_reason: string | null;
  readonly patient_id: string | null;
  readonly order_id: string | null;
  readonly instance_count: number;
}
const studies = async (of: TestTenant = tenant): Promise<Study[]> =>
  await database.owner<Study & Record<string, unknown>>(
    `select match_state, quarantine_reason, patient_id, order_id, instance_count from study
      where tenant_id = $1 order by first_at, id`,
    [of.tenantId],
  );
const linked = (to: ImagingOrder, more: Partial<Study> = {}): Study => ({
  match_state: 'auto',
  quarantine_reason: null,
  patient_id: to.patient.id,
  order_id: to.id,
  instance_count: 1,
  ...more,
});
const stateOf = async ({ id }: ImagingOrder): Promise<string> => (await orders.get(principal, id)).state;

describe('a study finds its order', () => {
  it('by its Study Instance UID, and begins it with the first image', async () => {
    const pano = await order();
    expect(await stateOf(pano)).toBe('scheduled');
    await send(copied(pano));
    expect(await studies()).toEqual([linked(pano)]);
    const begun = await orders.get(principal, pano.id);
    expect([begun.state, begun.steps.map(({ state }) => state), begun.studyIds.length]).toEqual([
      'in_progress',
      ['in_progress'],
      1,
    ]);
  });

  it('also before check-in, and without Patient ID: the UID is the proof, for later images too', async () => {
    const pano = await order({ checkedIn: false });
    await send(copied(pano, { PatientID: null, AccessionNumber: null }));
    await send(copied(pano, { PatientID: null, AccessionNumber: null }));
    expect(await studies()).toEqual([linked(pano, { instance_count: 2 })]);
    expect(await stateOf(pano)).toBe('in_progress');
  });

  it('each of two orders in one visit', async () => {
    const pano = await order();
    const ceph = await order({ description: 'Cephalogram', steps: [{ modality: 'DX' }] });
    await send(copied(ceph, { Modality: 'DX' }));
    await send(copied(pano));
    expect(await studies()).toEqual([linked(ceph), linked(pano)]);
  });

  it('of a modality that ignores the worklist: by Patient ID, day and modality, when only one order fits', async () => {
    const pano = await order();
    const ceph = await order({ description: 'Cephalogram', steps: [{ modality: 'DX' }] });
    await send({ PatientID: 'P1', Modality: 'DX', StudyDate: DAY });
    expect(await studies()).toEqual([linked(ceph)]);
    expect([await stateOf(pano), await stateOf(ceph)]).toEqual(['scheduled', 'in_progress']);
  });

  it('not when two orders fit the same: the patient is known, the order is a question', async () => {
    const one = await order();
    const two = await order();
    await send({ PatientID: 'P1', Modality: 'PX', StudyDate: DAY });
    expect(await studies()).toEqual([{ ...linked(one), order_id: null }]);
    expect([await stateOf(one), await stateOf(two)]).toEqual(['scheduled', 'scheduled']);
  });

  it('by the accession number of a modality that makes its own Study Instance UID', async () => {
    const pano = await order();
    await send(copied(pano, { StudyInstanceUID: '1.9.1', PatientID: 'THEIR-OWN' }));
    expect(await studies()).toEqual([linked(pano)]);
  });

  it('by an accession number that somebody typed, with small letters, O for zero and a dash', async () => {
    const pano = await order();
    const typed = pano.accessionNumber.toLowerCase().replaceAll('0', 'o').replace(/^(.)/, '$1-');
    await send({ AccessionNumber: typed, PatientID: null, PatientName: null, PatientBirthDate: null });
    expect(await studies()).toEqual([linked(pano)]);
  });

  it('not by an accession number with one wrong character', async () => {
    const pano = await order();
    const at = pano.accessionNumber.length - 2;
    const digit = pano.accessionNumber.charAt(at) === '1' ? '2' : '1';
    const wrong = pano.accessionNumber.slice(0, at) + digit + pano.accessionNumber.slice(at + 1);
    await send({ AccessionNumber: wrong, PatientID: null });
    expect(await studies()).toMatchObject([
      { match_state: 'quarantined', quarantine_reason: 'missing-patient-id', order_id: null },
    ]);
    expect(await stateOf(pano)).toBe('scheduled');
  });

  it('not by an accession number of somebody else', async () => {
    const pano = await order();
    await send({
      AccessionNumber: pano.accessionNumber,
      PatientID: 'X',
      IssuerOfPatientID: 'ANOTHER CLINIC',
    });
    expect(await studies()).toMatchObject([{ match_state: 'auto', order_id: null }]);
    expect((await studies())[0]?.patient_id).not.toBe(jane);
  });

  it('on the next day for a re-take, by either proof, without beginning it again', async () => {
    const pano = await order();
    await send(copied(pano));
    await orders.complete(principal, pano.id, false);
    await send(copied(pano, { StudyDate: '2026-01-06' }));
    await send(copied(pano, { StudyInstanceUID: '1.9.2', StudyDate: '2026-01-06' }));
    expect(await studies()).toEqual([linked(pano, { instance_count: 2 }), linked(pano)]);
    expect(await stateOf(pano)).toBe('completed');
  });

  it('not on the next day when only the Patient ID speaks: that is another visit', async () => {
    const pano = await order();
    await send({ PatientID: 'P1', Modality: 'PX', StudyDate: '2026-01-06' });
    expect(await studies()).toEqual([{ ...linked(pano), order_id: null }]);
  });

  it('twice under one accession number: two machines, one order', async () => {
    const both = await order({ steps: [{ modality: 'PX' }, { modality: 'DX' }] });
    await send(copied(both, { StudyInstanceUID: '1.9.3' }));
    await send(copied(both, { StudyInstanceUID: '1.9.4', Modality: 'DX' }));
    expect(await studies()).toEqual([linked(both), linked(both)]);
  });

  it('after the appointment was moved', async () => {
    const pano = await order({ checkedIn: false });
    await orders.change(principal, pano.id, { date: '2026-02-01' });
    await send(copied(pano));
    expect(await studies()).toEqual([linked(pano)]);
  });

  it('in its own tenant only', async () => {
    const pano = await order();
    const other = await database.tenant('Another');
    await send(copied(pano), other);
    expect(await studies(other)).toMatchObject([{ match_state: 'auto', order_id: null }]);
    expect(await studies()).toEqual([]);
    expect(await stateOf(pano)).toBe('scheduled');
  });

  it('once, however often it is sent', async () => {
    const pano = await order();
    const row = testRow(tenant, { SOPInstanceUID: '1.2.9.9', SeriesInstanceUID: '1.2.9.8', ...copied(pano) });
    await ingestBatch(database.db.knex, [row]);
    await orders.complete(principal, pano.id, false);
    expect((await ingestBatch(database.db.knex, [row])).map(({ outcome }) => outcome)).toEqual(['duplicate']);
    expect(await studies()).toEqual([linked(pano)]);
    expect(await stateOf(pano)).toBe('completed');
  });

  it('in one batch with others, each its own', async () => {
    const pano = await order();
    const ceph = await order({ steps: [{ modality: 'DX' }] });
    await ingestBatch(database.db.knex, [
      testRow(tenant, {
        SOPInstanceUID: '1.4.1',
        SeriesInstanceUID: '1.4.1.1',
        ...copied(ceph, { Modality: 'DX' }),
      }),
      testRow(tenant, {
        SOPInstanceUID: '1.4.2',
        SeriesInstanceUID: '1.4.2.1',
        StudyInstanceUID: '1.4.2.2',
        PatientID: 'P9',
        PatientName: 'Roe^Ann',
      }),
      testRow(tenant, { SOPInstanceUID: '1.4.3', SeriesInstanceUID: '1.4.3.1', ...copied(pano) }),
    ]);
    const found = new Map((await studies()).map((study) => [study.order_id, study]));
    expect(found.get(ceph.id)).toEqual(linked(ceph));
    expect(found.get(pano.id)).toEqual(linked(pano));
    expect(found.get(null)).toMatchObject({ match_state: 'auto' });
  });
});

describe('an order and its images that name two people', () => {
  it.each([
    ['another name', { PatientName: 'Roe^Ann' }, 'name-differs'],
    ['a sibling', { PatientName: 'Doe^John' }, 'name-differs'],
    ['another day of birth', { PatientBirthDate: '2008-01-01' }, 'birth-date-differs'],
  ])('%s: suggested, and nothing begins', async (_, header, reason) => {
    const pano = await order();
    await send(copied(pano, header));
    expect(await studies()).toEqual([
      linked(pano, { match_state: 'suggested', quarantine_reason: reason, patient_id: null }),
    ]);
    expect(await stateOf(pano)).toBe('scheduled');
  });

  it('the Patient ID of another patient: suggested', async () => {
    const ann = await addPatient(tenant, 'Doe^Jane', '2010-05-17', 'P2');
    await order({ patientId: ann });
    const pano = await order();
    await send(copied(pano, { PatientID: 'P2' }));
    expect(await studies()).toEqual([
      linked(pano, { match_state: 'suggested', quarantine_reason: 'patient-id-differs', patient_id: null }),
    ]);
  });

  it('an initial for a given name is no disagreement', async () => {
    const pano = await order();
    await send(copied(pano, { PatientName: 'DOE^J' }));
    expect(await studies()).toEqual([linked(pano)]);
  });

  it('more images of a suggested study stay suggested; a person confirms, and the order begins', async () => {
    const pano = await order();
    await send(copied(pano, { PatientName: 'Roe^Ann' }));
    await send(copied(pano, { PatientName: 'Roe^Ann' }));
    const [study] = await database.owner<{ id: string }>('select id from study where tenant_id = $1', [
      tenant.tenantId,
    ]);
    expect((await listQuarantine(database.db.withTenant, principal)).studies).toMatchObject([
      {
        studyId: study?.id,
        order: { patientId: jane, accessionNumber: pano.accessionNumber, startDate: DAY },
        suggestions: [{ patientId: jane }],
      },
    ]);
    await assignStudies(database.db.withTenant, principal, {
      studyIds: [study?.id ?? ''],
      patientId: jane,
      reason: 'Married',
      rememberIdentifier: false,
    });
    expect(await studies()).toEqual([linked(pano, { match_state: 'matched', instance_count: 2 })]);
    expect(await stateOf(pano)).toBe('in_progress');
  });

  it('a person says that it is somebody else: the order is free again', async () => {
    const ann = await addPatient(tenant, 'Roe^Ann', '2008-01-01', 'P2');
    const pano = await order();
    await send(copied(pano, { PatientName: 'Roe^Ann', PatientBirthDate: '2008-01-01' }));
    const [study] = await database.owner<{ id: string }>('select id from study where tenant_id = $1', [
      tenant.tenantId,
    ]);
    const { decisionId } = await assignStudies(database.db.withTenant, principal, {
      studyIds: [study?.id ?? ''],
      patientId: ann,
      reason: 'Wrong entry of the worklist',
      rememberIdentifier: false,
    });
    expect(await studies()).toEqual([
      { match_state: 'matched', quarantine_reason: null, patient_id: ann, order_id: null, instance_count: 1 },
    ]);
    expect(await stateOf(pano)).toBe('scheduled');
    await undoDecision(database.db.withTenant, principal, decisionId);
    expect(await studies()).toMatchObject([
      { match_state: 'suggested', patient_id: null, order_id: pano.id },
    ]);
  });
});

it('orders go with a patient who is merged into another, and come back', async () => {
  const [known] = await database.owner<{ id: string }>(
    `insert into patient (tenant_id, registration, name, name_folded)
       values ($1, 'imaging-only', 'Doe^J', 'doe^j') returning id`,
    [tenant.tenantId],
  );
  const mergedId = known?.id ?? '';
  const pano = await order({ patientId: mergedId });
  const { mergeId } = await mergePatients(database.db.withTenant, principal, {
    survivorId: jane,
    mergedId,
    reason: 'The same person',
  });
  expect((await orders.get(principal, pano.id)).patient.id).toBe(jane);
  await send(copied(pano));
  expect(await studies()).toEqual([linked(pano, { patient_id: jane })]);
  await undoMerge(database.db.withTenant, principal, { mergeId, reason: 'Not the same' });
  expect((await orders.get(principal, pano.id)).patient.id).toBe(mergedId);
});
