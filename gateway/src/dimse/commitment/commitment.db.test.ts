// Real: PostgreSQL 18 (embedded), the write side of the archive, the listener over TCP. Device and peer are scripted, or a second listener that takes the report.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createCommitments, openArchive, type Archive } from '@archwire/archive';
import { createUid, type DicomService, type JobPayload } from '@archwire/contracts';
import { createTestDatabase, type TestDatabase, type TestTenant } from '@archwire/database/testing';
import { readIdentifier, writeDataSet, type DicomJson } from '@archwire/dicom';
import { createFindDeviceTarget } from '@archwire/practice-server';
import { createMetrics } from '@archwire/runtime';
import { createFilesystemStore } from '@archwire/storage-adapters';
import { temporaryFolder, waitFor } from '@archwire/test-data/processes';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDicomListener, type DicomListener } from '../dicom-listener.ts';
import type { DimseService } from '../dimse-service.ts';
import { COMMAND, IMPLICIT, LAST, pData, pdv, releaseRequest } from '../testing/peer-pdus.ts';
import { peerRequest } from '../testing/peer-request.ts';
import { RawPeer } from '../testing/raw-peer.ts';
import { freePort } from '../testing/peer-process.ts';
import { startListener } from '../testing/start-listener.ts';
import { readCommand, writeResponse, type ReceivedCommand } from '../command-codec.ts';
import {
  createCommitmentService,
  STORAGE_COMMITMENT,
  STORAGE_COMMITMENT_INSTANCE,
} from './commitment-service.ts';
import { createReportCommitment } from './report-commitment.ts';

const CAPTURE = '1.2.840.10008.5.1.4.1.1.7';
const AE = 'ARCHWIRE';
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
let folder: string;
let database: TestDatabase;
let tenant: TestTenant;
const services: ReadonlySet<DicomService> = new Set(['store', 'commitment']);
let deviceId: string;
let devices = 0;
let archive: Archive;
let listener: DicomListener;
const later: JobPayload<'report-commitment'>[] = [];
let report: (job: JobPayload<'report-commitment'>) => Promise<void>;

beforeAll(async () => {
  folder = await temporaryFolder();
  database = await createTestDatabase();
  const { withTenant } = database.db;
  const store = await createFilesystemStore({
    name: 'archive',
    root: join(folder, 'store'),
    signing: { secret: Buffer.alloc(32), baseUrl: '/objects' },
  });
  archive = await openArchive({
    database: database.db,
    folder: join(folder, 'journal'),
    archive: { name: 'archive', store },
    log: quiet,
    journal: { segmentSize: 4 << 20, spares: 0, headroom: 0, graceMs: 0, commit: 'sync' },
  });
  const commitments = createCommitments({ withTenant, stores: archive.stores, patienceMs: 2000 });
  const findTarget = createFindDeviceTarget({ withTenant });
  report = createReportCommitment({
    commitments,
    peerOf: async (tenantId, id) => ({ ...(await findTarget(tenantId, id)), tls: null, callingAe: AE }),
    aeTitle: AE,
  });
  listener = await createDicomListener({
    ingest: archive.ingest,
    services: [
      createCommitmentService({
        commitments,
        aeTitle: AE,
        answerMs: 2000,
        log: quiet,
        reportLater: async (job) => void later.push(job),
      }),
    ],
    admit: async () => ({ admitted: true, source: { ...tenant, deviceId, services } }),
    log: quiet,
    metrics: createMetrics(),
    host: '127.0.0.1',
    port: 0,
  }).start();
});
beforeEach(async () => {
  tenant = await database.tenant();
  later.length = 0;
  const [device] = await database.owner<{ id: string }>(
    `insert into device (tenant_id, name, ae_title, location_id) values ($1, 'Pano', $3, $2) returning id`,
    [tenant.tenantId, tenant.locationId, `PANO${(devices += 1)}`],
  );
  deviceId = device?.id ?? '';
});
afterAll(async () => {
  await listener.stop();
  await archive.stop();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const ui = (value: string): DicomJson[string] => ({ vr: 'UI', Value: [value] });
const bytes = (dataSet: DicomJson): Buffer => writeDataSet(dataSet, IMPLICIT, '');
const references = (...uids: readonly string[]): DicomJson[string] => ({
  vr: 'SQ',
  Value: uids.map((uid) => ({ '00081150': ui(CAPTURE), '00081155': ui(uid) })),
});

const associate = (): Promise<RawPeer> =>
  RawPeer.associate(listener.port, {
    callingAe: 'PANO',
    contexts: [CAPTURE, STORAGE_COMMITMENT].map((abstractSyntax, at) => ({
      id: 2 * at + 1,
      abstractSyntax,
      transferSyntaxes: [IMPLICIT],
    })),
  });

interface Message {
  readonly command: ReceivedCommand;
  readonly dataSet: DicomJson;
}
const receive = async (peer: RawPeer): Promise<Message> => {
  const next = async (): Promise<Buffer> => {
    const pdu = await peer.receive();
    if (pdu?.type !== 4) throw new Error(`PDU of type ${pdu?.type}`);
    return pdu.body;
  };
  const command = readCommand((await next()).subarray(6));
  if (command === undefined) throw new Error('no command');
  if (!command.hasDataSet) return { command, dataSet: {} };
  const parts: Buffer[] = [];
  for (;;) {
    const body = await next();
    parts.push(body.subarray(6));
    if (body.readUInt8(5) & LAST)
      return { command, dataSet: readIdentifier(Buffer.concat(parts), IMPLICIT).dataSet };
  }
};

const store = async (peer: RawPeer): Promise<string> => {
  const uid = createUid();
  const dataSet = bytes({
    '00080016': ui(CAPTURE),
    '00080018': ui(uid),
    '00080060': { vr: 'CS', Value: ['OT'] },
    '00100020': { vr: 'LO', Value: ['P1'] },
    '0020000D': ui('2.25.1'),
    '0020000E': ui('2.25.1.1'),
  });
  peer.send(peerRequest(1, { 0x0002: CAPTURE, 0x0100: 1, 0x0110: 1, 0x0700: 0, 0x1000: uid }, dataSet).whole);
  expect((await receive(peer)).command.Status).toBe(0);
  return uid;
};
const action = (dataSet: DicomJson, more: Readonly<Record<number, number | string>> = {}): Buffer =>
  peerRequest(
    3,
    {
      0x0003: STORAGE_COMMITMENT,
      0x0100: 0x0130,
      0x0110: 7,
      0x1001: STORAGE_COMMITMENT_INSTANCE,
      0x1008: 1,
      ...more,
    },
    bytes(dataSet),
  ).whole;
const answer = (to: Message, Status: number): Buffer =>
  pData(
    pdv(
      3,
      COMMAND | LAST,
      writeResponse(
        { CommandField: 0x8100, MessageIDBeingRespondedTo: to.command.MessageID, Status, EventTypeID: 1 },
        0,
      ),
    ),
  );
const reportedAt = async (transactionUid: string): Promise<Date | null> => {
  const [row] = await database.owner<{ reported_at: Date | null }>(
    'select reported_at from received_commitment where transaction_uid = $1',
    [transactionUid],
  );
  return row?.reported_at ?? null;
};

test('is told on its own association what is committed and what is not, and stores again meanwhile', async () => {
  const peer = await associate();
  const kept = await store(peer);
  const unknown = createUid();
  const transaction = createUid();
  peer.send(action({ '00081195': ui(transaction), '00081199': references(kept, unknown) }));
  const response = await receive(peer);
  expect(response.command).toMatchObject({
    CommandField: 0x8130,
    MessageIDBeingRespondedTo: 7,
    Status: 0,
    ActionTypeID: 1,
    SOPClassUID: STORAGE_COMMITMENT,
    SOPInstanceUID: STORAGE_COMMITMENT_INSTANCE,
  });
  const event = await receive(peer);
  expect(event.command).toMatchObject({
    CommandField: 0x0100,
    EventTypeID: 2,
    SOPClassUID: STORAGE_COMMITMENT,
    SOPInstanceUID: STORAGE_COMMITMENT_INSTANCE,
  });
  expect(event.dataSet).toEqual({
    '00080054': { vr: 'AE', Value: [AE] },
    '00081195': ui(transaction),
    '00081198': {
      vr: 'SQ',
      Value: [
        {
          '00081150': ui(CAPTURE),
          '00081155': ui(unknown),
          '00081197': { vr: 'US', Value: [0x0112] },
        },
      ],
    },
    '00081199': references(kept),
  });
  // It does not answer at once: images go on.
  await store(peer);
  peer.send(answer(event, 0));
  await waitFor('the report to be noted', async () => (await reportedAt(transaction)) !== null);
  expect(later).toEqual([]);
  peer.destroy();
});

test.each<readonly [string, (peer: RawPeer, event: Message) => void]>([
  ['releases', (peer) => peer.send(releaseRequest())],
  ['hangs up', (peer) => peer.destroy()],
  ['refuses the report', (peer, event) => peer.send(answer(event, 0x0110))],
  ['never answers', () => {}],
])('a device that %s is told later, on an association of its own', async (_, react) => {
  const peer = await associate();
  const uid = await store(peer);
  const transaction = createUid();
  peer.send(action({ '00081195': ui(transaction), '00081199': references(uid) }));
  expect((await receive(peer)).command.Status).toBe(0);
  react(peer, await receive(peer));
  await waitFor('a job', async () => later.length === 1);
  expect(await reportedAt(transaction)).toBeNull();
  peer.destroy();
  const [job] = later;
  if (job === undefined) throw new Error('There is no job.');

  // Nobody said where it listens; then it does not listen; then it refuses; then it takes it; then there is nothing to tell.
  await expect(report(job)).rejects.toMatchObject({ kind: 'not-found' });
  const port = await freePort();
  await database.owner(`update device set host = '127.0.0.1', port = $1 where id = $2`, [port, deviceId]);
  await expect(report(job)).rejects.toMatchObject({ kind: 'unavailable' });

  const seen: DicomJson[] = [];
  let status = 0x0110;
  const taker: DimseService = {
    name: 'N-EVENT-REPORT',
    commandField: 0x0100,
    abstractSyntaxes: new Set([STORAGE_COMMITMENT]),
    transferSyntaxes: new Set([IMPLICIT]),
    needsDataSet: true,
    peerRole: 'scp',
    perform: async ({ dataSet, context }) => {
      seen.push(readIdentifier(dataSet, context.transferSyntax).dataSet);
      return { status: { code: status } };
    },
  };
  const device = await startListener({ services: [taker] });
  await database.owner(`update device set port = $1 where id = $2`, [device.port, deviceId]);
  await expect(report(job)).rejects.toMatchObject({ kind: 'unavailable' });
  expect(await reportedAt(transaction)).toBeNull();
  status = 0;
  await report(job);
  await report(job);
  expect(seen).toEqual(
    Array.from({ length: 2 }, () => ({
      '00080054': { vr: 'AE', Value: [AE] },
      '00081195': ui(transaction),
      '00081199': references(uid),
    })),
  );
  expect(await reportedAt(transaction)).not.toBeNull();
  await device.stop();
});

test.each<readonly [string, number, DicomJson, Readonly<Record<number, number | string>>]>([
  ['no Transaction UID', 0x0115, { '00081199': references('2.25.3') }, {}],
  ['no reference', 0x0115, { '00081195': ui('2.25.2') }, {}],
  ['a reference that is no UID', 0x0115, { '00081195': ui('2.25.2'), '00081199': references('x') }, {}],
  ['another instance than the well-known one', 0x0112, {}, { 0x1001: '2.25.9' }],
  ['an action that there is not', 0x0123, {}, { 0x1008: 2 }],
])('a request with %s is answered so, and asks for nothing', async (_, status, dataSet, elements) => {
  const peer = await associate();
  peer.send(action({ '00080005': { vr: 'CS', Value: ['ISO_IR 100'] }, ...dataSet }, elements));
  expect((await receive(peer)).command.Status).toBe(status);
  await store(peer);
  peer.destroy();
  const rows = await database.owner('select id from received_commitment where tenant_id = $1', [
    tenant.tenantId,
  ]);
  expect(rows).toEqual([]);
});
