// Real: the listener, PostgreSQL (embedded), orders made by their service. A scripted peer: DCMTK has no MPPS SCU.
import { createPerformedSteps } from '@archwire/archive';
import { PERMISSIONS, type Principal } from '@archwire/contracts';
import type { ImagingOrder, NewImagingOrder } from '@archwire/contracts/api/orders';
import { createTestDatabase, type TestDatabase, type TestTenant } from '@archwire/database/testing';
import { writeDataSet, type DicomJson } from '@archwire/dicom';
import { createOrderService, type OrderService } from '@archwire/practice-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { COMMAND, IMPLICIT, LAST, pData, pdv } from '../testing/peer-pdus.ts';
import { RawPeer } from '../testing/raw-peer.ts';
import { startListener, type TestListener } from '../testing/start-listener.ts';
import { createMppsServices } from './mpps-services.ts';
import { MODALITY_PERFORMED_PROCEDURE_STEP } from './performed-step-attributes.ts';

let database: TestDatabase;
let tenant: TestTenant;
let listener: TestListener;
let orders: OrderService;
let admin: Principal;
let patientId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  orders = createOrderService(database.db);
  listener = await startListener({
    services: createMppsServices(createPerformedSteps(database.db)),
    admit: async () => ({
      admitted: true,
      source: { ...tenant, deviceId: null, services: new Set(['mpps']) },
    }),
  });
});
beforeEach(async () => {
  tenant = await database.tenant();
  admin = {
    tenantId: tenant.tenantId,
    kind: 'system',
    id: null,
    locationId: null,
    permissions: new Set(PERMISSIONS),
    address: null,
    userAgent: null,
    requestId: 'r',
  };
  const [row] = await database.owner<{ id: string }>(
    `insert into patient (tenant_id, registration, mrn, name, name_folded)
       values ($1, 'registered', 'P1', 'Doe^Jane', 'doe^jane') returning id`,
    [tenant.tenantId],
  );
  patientId = row?.id ?? '';
});
afterAll(async () => {
  await listener.stop();
  await database.close();
});

const order = async (steps: NewImagingOrder['steps'] = [{ modality: 'PX' }]): Promise<ImagingOrder> =>
  await orders.create(admin, {
    patientId,
    description: 'Panoramic',
    date: '2026-01-05',
    time: '10:00',
    checkedIn: true,
    steps,
  });
const stateOf = async ({ id }: ImagingOrder): Promise<unknown> => {
  const { state, steps } = await orders.get(admin, id);
  return [state, ...steps.map((step) => step.state)];
};

interface Message {
  readonly uid: string;
  readonly dataSet: DicomJson | null;
}
const request = (field: 'N-CREATE' | 'N-SET', { uid, dataSet }: Message): Buffer => {
  const parts: Buffer[] = [];
  const element = (number: number, value: Buffer): void => {
    const head = Buffer.alloc(8);
    head.writeUInt16LE(number, 2);
    head.writeUInt32LE(value.length, 4);
    parts.push(head, value);
  };
  const us = (value: number): Buffer => Buffer.from([value & 0xff, value >> 8]);
  const ui = (value: string): Buffer => Buffer.from(value.length % 2 === 0 ? value : `${value}\0`, 'latin1');
  const create = field === 'N-CREATE';
  element(create ? 0x0002 : 0x0003, ui(MODALITY_PERFORMED_PROCEDURE_STEP));
  element(0x0100, us(create ? 0x0140 : 0x0120));
  element(0x0110, us(1));
  element(0x0800, us(dataSet === null ? 0x0101 : 1));
  if (uid !== '') element(create ? 0x1000 : 0x1001, ui(uid));
  return pData(
    pdv(1, COMMAND | LAST, Buffer.concat(parts)),
    ...(dataSet === null ? [] : [pdv(1, LAST, writeDataSet(dataSet, IMPLICIT, ''))]),
  );
};

type Said = readonly ['N-CREATE' | 'N-SET', Message];
interface Answer {
  readonly status: unknown;
  readonly errorId: unknown;
  readonly uid: unknown;
  readonly field: unknown;
}
/** One association with these messages; the answers' status, Error ID and SOP instance. */
const say = async (...messages: Said[]): Promise<Answer[]> => {
  const peer = await RawPeer.associate(listener.port, {
    contexts: [{ id: 1, abstractSyntax: MODALITY_PERFORMED_PROCEDURE_STEP, transferSyntaxes: [IMPLICIT] }],
  });
  const answers: Answer[] = [];
  for (const [field, message] of messages) {
    peer.send(request(field, message));
    const answer = await peer.receiveCommand();
    answers.push({
      status: answer?.['Status'],
      errorId: answer?.['ErrorID'],
      uid: answer?.['AffectedSOPInstanceUID'],
      field: answer?.['CommandField'],
    });
  }
  peer.destroy();
  return answers;
};
const codes = async (...messages: Said[]): Promise<unknown[]> =>
  (await say(...messages)).map(({ status }) => status);

const reference = (to: ImagingOrder | null, step = 0): DicomJson => ({
  '0020000D': { vr: 'UI', Value: [to?.studyInstanceUid ?? '2.25.404'] },
  '00080050': { vr: 'SH', ...(to === null ? {} : { Value: [to.accessionNumber] }) },
  '00400009': { vr: 'SH', ...(to === null ? {} : { Value: [to.steps[step]?.stepId ?? ''] }) },
});
const begun = (references: readonly DicomJson[], more: DicomJson = {}): DicomJson => ({
  '00080060': { vr: 'CS', Value: ['PX'] },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane' }] },
  '00100020': { vr: 'LO', Value: ['P1'] },
  '00400241': { vr: 'AE', Value: ['PANO'] },
  '00400244': { vr: 'DA', Value: ['20260105'] },
  '00400245': { vr: 'TM', Value: ['101500'] },
  '00400252': { vr: 'CS', Value: ['IN PROGRESS'] },
  '00400253': { vr: 'SH', Value: ['PPS1'] },
  '00400270': { vr: 'SQ', Value: [...references] },
  ...more,
});
const ended = (status: string, more: DicomJson = {}): DicomJson => ({
  '00400250': { vr: 'DA', Value: ['20260105'] },
  '00400251': { vr: 'TM', Value: ['101700'] },
  '00400252': { vr: 'CS', Value: [status] },
  ...more,
});
let steps = 0;
const newUid = (): string => `2.25.7.${(steps += 1)}`;
const kept = async (
  uid: string,
): Promise<{ state: string; data_set: DicomJson; orders: string } | undefined> =>
  (
    await database.owner<{ state: string; data_set: DicomJson; orders: string }>(
      `select state, data_set, (select count(*) from performed_step_order k where k.performed_step_id = s.id)::text as orders
         from performed_step s where tenant_id = $1 and sop_uid = $2`,
      [tenant.tenantId, uid],
    )
  )[0];

describe('a performed procedure step', () => {
  test('begins its order and completes it; the answers name it', async () => {
    const pano = await order();
    const uid = newUid();
    const [created] = await say(['N-CREATE', { uid, dataSet: begun([reference(pano)]) }]);
    expect(created).toEqual({ status: 0, errorId: undefined, uid, field: 0x8140 });
    expect(await stateOf(pano)).toEqual(['in_progress', 'in_progress']);
    const [changed] = await say(['N-SET', { uid, dataSet: ended('COMPLETED') }]);
    expect(changed).toEqual({ status: 0, errorId: undefined, uid, field: 0x8120 });
    expect(await stateOf(pano)).toEqual(['completed', 'completed']);
    expect(await kept(uid)).toMatchObject({
      state: 'completed',
      orders: '1',
      data_set: {
        '00400245': { Value: ['101500'] },
        '00400251': { Value: ['101700'] },
        '00400252': { Value: ['COMPLETED'] },
      },
    });
  });

  test('of two steps leaves the order in progress until the other has ended too', async () => {
    const both = await order([{ modality: 'PX' }, { modality: 'DX' }]);
    const [one, two] = [newUid(), newUid()];
    const ceph = { '00080060': { vr: 'CS', Value: ['DX'] } };
    await codes(
      ['N-CREATE', { uid: one, dataSet: begun([reference(both, 0)]) }],
      ['N-SET', { uid: one, dataSet: ended('COMPLETED') }],
    );
    expect(await stateOf(both)).toEqual(['in_progress', 'completed', 'scheduled']);
    await codes(['N-CREATE', { uid: two, dataSet: begun([reference(both, 1)], ceph) }]);
    expect(await stateOf(both)).toEqual(['in_progress', 'completed', 'in_progress']);
    await codes(['N-SET', { uid: two, dataSet: ended('DISCONTINUED') }]);
    expect(await stateOf(both)).toEqual(['partial', 'completed', 'discontinued']);
  });

  test('may carry out the steps of two orders at once', async () => {
    const [pano, other] = [await order(), await order()];
    const uid = newUid();
    expect(
      await codes(
        ['N-CREATE', { uid, dataSet: begun([reference(pano), reference(other)]) }],
        ['N-SET', { uid, dataSet: ended('COMPLETED') }],
      ),
    ).toEqual([0, 0]);
    expect([await stateOf(pano), await stateOf(other)]).toEqual([
      ['completed', 'completed'],
      ['completed', 'completed'],
    ]);
  });

  test('is discontinued with its reason', async () => {
    const pano = await order();
    const uid = newUid();
    const reason: DicomJson = {
      '00400281': {
        vr: 'SQ',
        Value: [
          {
            '00080100': { vr: 'SH', Value: ['110501'] },
            '00080102': { vr: 'SH', Value: ['DCM'] },
            '00080104': { vr: 'LO', Value: ['Equipment failure'] },
          },
        ],
      },
    };
    expect(
      await codes(
        ['N-CREATE', { uid, dataSet: begun([reference(pano)]) }],
        ['N-SET', { uid, dataSet: ended('DISCONTINUED', reason) }],
      ),
    ).toEqual([0, 0]);
    expect(await orders.get(admin, pano.id)).toMatchObject({
      state: 'discontinued',
      reason: { code: '110501', scheme: 'DCM', meaning: 'Equipment failure' },
    });
  });

  test('finds its order by a typed accession number, and its step by the modality', async () => {
    const both = await order([{ modality: 'DX' }, { modality: 'PX' }]);
    const typed = both.accessionNumber.toLowerCase().replaceAll('0', 'o');
    const named: DicomJson = {
      '0020000D': { vr: 'UI', Value: ['2.25.404'] },
      '00080050': { vr: 'SH', Value: [typed] },
    };
    expect(await codes(['N-CREATE', { uid: newUid(), dataSet: begun([named]) }])).toEqual([0]);
    expect(await stateOf(both)).toEqual(['in_progress', 'scheduled', 'in_progress']);
  });

  test('that nobody ordered is kept', async () => {
    const pano = await order();
    const uid = newUid();
    expect(
      await codes(
        ['N-CREATE', { uid, dataSet: begun([reference(null)]) }],
        ['N-SET', { uid, dataSet: ended('COMPLETED') }],
      ),
    ).toEqual([0, 0]);
    expect(await kept(uid)).toMatchObject({ state: 'completed', orders: '0' });
    expect(await stateOf(pano)).toEqual(['scheduled', 'scheduled']);
  });

  test('without a UID gets one, and is told it', async () => {
    const [answer] = await say(['N-CREATE', { uid: '', dataSet: begun([reference(null)]) }]);
    expect(answer).toMatchObject({ status: 0, uid: expect.stringMatching(/^2\.25\.\d+$/) });
    expect(await kept(String(answer?.uid))).toMatchObject({ state: 'in_progress' });
  });

  test('changes what may change, and keeps whom and what it was for', async () => {
    const pano = await order();
    const uid = newUid();
    const change: DicomJson = {
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Roe^Ann' }] },
      '00400270': { vr: 'SQ' },
      '00400254': { vr: 'LO', Value: ['Pano, adult'] },
    };
    expect(
      await codes(
        ['N-CREATE', { uid, dataSet: begun([reference(pano)]) }],
        ['N-SET', { uid, dataSet: change }],
      ),
    ).toEqual([0, 0]);
    expect(await kept(uid)).toMatchObject({
      state: 'in_progress',
      data_set: {
        '00100010': { Value: [{ Alphabetic: 'Doe^Jane' }] },
        '00400254': { Value: ['Pano, adult'] },
        '00400270': { Value: [{}] },
      },
    });
  });
});

describe('what is not allowed', () => {
  const without = (tag: string): DicomJson => {
    const { [tag]: _dropped, ...rest } = begun([reference(null)]);
    return rest;
  };

  test.each([
    ['00400270', 0x0120],
    ['00400253', 0x0120],
    ['00400241', 0x0120],
    ['00400244', 0x0120],
    ['00400245', 0x0120],
    ['00400252', 0x0120],
    ['00080060', 0x0120],
  ])('N-CREATE without %s', async (tag, code) => {
    const uid = newUid();
    expect(await codes(['N-CREATE', { uid, dataSet: without(tag) }])).toEqual([code]);
    expect(await kept(uid)).toBeUndefined();
  });

  test.each([
    ['an empty value', begun([reference(null)], { '00400253': { vr: 'SH' } }), 0x0121],
    ['an empty sequence', begun([]), 0x0121],
    ['a scheduled step without its study', begun([{ '00080050': { vr: 'SH' } }]), 0x0120],
    ['a step that has ended already', begun([reference(null)], ended('COMPLETED')), 0x0106],
    ['a status that is none', begun([reference(null)], ended('DONE')), 0x0106],
  ])('N-CREATE with %s', async (_, dataSet, code) => {
    expect(await codes(['N-CREATE', { uid: newUid(), dataSet }])).toEqual([code]);
  });

  test('the same step twice, one that is not known, one of another group', async () => {
    const uid = newUid();
    const dataSet = begun([reference(null)]);
    expect(await codes(['N-CREATE', { uid, dataSet }], ['N-CREATE', { uid, dataSet }])).toEqual([0, 0x0111]);
    expect(await codes(['N-SET', { uid: newUid(), dataSet: ended('COMPLETED') }])).toEqual([0x0112]);
    tenant = await database.tenant('Another');
    expect(await codes(['N-SET', { uid, dataSet: ended('COMPLETED') }])).toEqual([0x0112]);
  });

  test.each(['COMPLETED', 'DISCONTINUED'])('a change after %s', async (final) => {
    const pano = await order();
    const uid = newUid();
    await codes(
      ['N-CREATE', { uid, dataSet: begun([reference(pano)]) }],
      ['N-SET', { uid, dataSet: ended(final) }],
    );
    const before = await stateOf(pano);
    const [answer] = await say(['N-SET', { uid, dataSet: ended('IN PROGRESS') }]);
    expect(answer).toMatchObject({ status: 0x0110, errorId: 0xa710 });
    expect(await kept(uid)).toMatchObject({ state: final.toLowerCase() });
    expect(await stateOf(pano)).toEqual(before);
  });

  test('an end without its time, a status that is none, no UID', async () => {
    const uid = newUid();
    const { '00400251': _time, ...untimed } = ended('COMPLETED');
    expect(
      await codes(
        ['N-CREATE', { uid, dataSet: begun([reference(null)]) }],
        ['N-SET', { uid, dataSet: untimed }],
        ['N-SET', { uid, dataSet: ended('DONE') }],
        ['N-SET', { uid: '', dataSet: ended('COMPLETED') }],
      ),
    ).toEqual([0, 0x0120, 0x0106, 0x0117]);
    expect(await kept(uid)).toMatchObject({ state: 'in_progress' });
  });

  test('what a person has ended stays ended', async () => {
    const pano = await order();
    const uid = newUid();
    await codes(['N-CREATE', { uid, dataSet: begun([reference(pano)]) }]);
    await orders.discontinue(admin, pano.id, { reason: 'Patient left' });
    expect(await codes(['N-SET', { uid, dataSet: ended('COMPLETED') }])).toEqual([0]);
    expect(await orders.get(admin, pano.id)).toMatchObject({
      state: 'discontinued',
      reason: { meaning: 'Patient left' },
    });
  });
});
