// Real: PostgreSQL 18 (embedded), files on the disk of this machine, the whole write side of the archive.
import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createUid, type IngestSource } from '@archwire/contracts';
import { createTestDatabase, type TestDatabase, type TestTenant } from '@archwire/database/testing';
import { createFilesystemStore } from '@archwire/storage-adapters';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { testObject, type TestObject } from '../ingest/test-object.ts';
import { type Archive, openArchive } from '../stores/open-archive.ts';
import type { CommitmentReference } from '../commitment-request/commitment-requests.ts';
import { type Commitments, type AskedCommitment, createCommitments } from './create-commitments.ts';

const home = mkdtempSync(join(tmpdir(), 'archwire-commitment-'));
const quiet = { info: () => {}, warn: () => {}, error: () => {} };
let count = 0;
let database: TestDatabase;
let tenant: TestTenant;
let storeRoot: string;
let archive: Archive;
let commitments: Commitments;

beforeEach(async () => {
  database ??= await createTestDatabase();
  tenant = await database.tenant(`Commitment ${(count += 1)}`);
  const folder = join(home, String(count));
  storeRoot = join(folder, 'store');
  archive = await openArchive({
    database: database.db,
    folder: join(folder, 'journal'),
    archive: {
      name: 'archive',
      store: await createFilesystemStore({
        name: 'archive',
        root: storeRoot,
        signing: { secret: Buffer.alloc(32), baseUrl: '/objects' },
      }),
    },
    log: quiet,
    journal: { segmentSize: 4 << 20, spares: 0, headroom: 0, graceMs: 0, commit: 'sync' },
    settle: { idleMs: 3_600_000, pollMs: 3_600_000 },
  });
  const { withTenant } = database.db;
  commitments = createCommitments({ withTenant, stores: archive.stores, patienceMs: 0 });
});
afterEach(async () => {
  await archive.stop();
});
afterAll(async () => {
  await database.close();
  rmSync(home, { recursive: true, force: true });
});

const source = (): IngestSource => ({
  ...tenant,
  deviceId: null,
  via: 'dimse',
  callingAe: 'PANO',
  calledAe: 'ARCHWIRE',
  address: '127.0.0.1',
  receivedAt: '2026-01-05T10:12:00.000Z',
});

const send = async ({ command, dataSet }: TestObject): Promise<CommitmentReference> => {
  const sink = archive.ingest.begin(source(), command);
  if (!sink.write(dataSet)) await sink.drained();
  await (
    await sink.finish()
  ).indexed;
  return { SOPClassUID: command.SOPClassUID, SOPInstanceUID: command.SOPInstanceUID };
};

const ask = async (
  references: readonly CommitmentReference[],
  more: Partial<AskedCommitment> = {},
  from = commitments,
) => {
  const id = await from.request({
    tenantId: tenant.tenantId,
    deviceId: null,
    callingAe: 'PANO',
    calledAe: 'ARCHWIRE',
    transactionUid: createUid(),
    references,
    ...more,
  });
  return { id, report: await from.check(tenant.tenantId, id) };
};
const settleAll = async (): Promise<void> => {
  const rows = await database.owner<{ id: string }>('select id from series where tenant_id = $1', [
    tenant.tenantId,
  ]);
  for (const { id } of rows) await archive.settler.settleSeries(tenant.tenantId, id);
};

it('commits what lies in the journal, small and large, and what has settled', async () => {
  const references = [
    await send(testObject({ uid: createUid() })),
    await send(testObject({ uid: createUid(), pixels: 2 << 20 })),
  ];
  expect((await ask(references)).report?.result).toEqual({ committed: references, failed: [] });
  await settleAll();
  const stores = await database.owner('select distinct store from instance where tenant_id = $1', [
    tenant.tenantId,
  ]);
  expect(stores.map((row) => ({ ...row }))).toEqual([{ store: 'archive' }]);
  expect((await ask(references)).report?.result).toEqual({ committed: references, failed: [] });
});

it('says why not: unknown, of another class, of another tenant, bytes gone, bytes cut', async () => {
  const gone = await send(testObject({ uid: createUid(), pixels: 2 << 20 }));
  const unknown = { SOPClassUID: gone.SOPClassUID, SOPInstanceUID: createUid() };
  const otherClass = {
    ...(await send(testObject({ uid: createUid() }))),
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
  };
  expect((await ask([gone, unknown, otherClass])).report?.result).toEqual({
    committed: [gone],
    failed: [
      { ...unknown, FailureReason: 0x0112 },
      { ...otherClass, FailureReason: 0x0119 },
    ],
  });

  const foreign = await database.tenant('Foreign');
  const foreignAsk = await commitments.request({
    tenantId: foreign.tenantId,
    deviceId: null,
    callingAe: 'PANO',
    calledAe: 'ARCHWIRE',
    transactionUid: createUid(),
    references: [gone],
  });
  expect((await commitments.check(foreign.tenantId, foreignAsk))?.result.failed).toEqual([
    { ...gone, FailureReason: 0x0112 },
  ]);

  await settleAll();
  const files = readdirSync(storeRoot, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of files) truncateSync(file, 100);
  expect((await ask([gone])).report?.result.failed).toEqual([{ ...gone, FailureReason: 0x0110 }]);
  for (const file of files) rmSync(file);
  expect((await ask([gone])).report?.result.failed).toEqual([{ ...gone, FailureReason: 0x0110 }]);
});

it('waits for an index that is behind', async () => {
  const object = testObject({ uid: createUid() });
  const reference = {
    SOPClassUID: object.command.SOPClassUID,
    SOPInstanceUID: object.command.SOPInstanceUID,
  };
  const patient = createCommitments({
    withTenant: database.db.withTenant,
    stores: archive.stores,
    patienceMs: 60_000,
  });
  const asked = ask([reference], {}, patient);
  await send(object);
  expect((await asked).report?.result).toEqual({ committed: [reference], failed: [] });
});

it('keeps a request once, reports it once, and knows a Transaction UID that is in use', async () => {
  const reference = await send(testObject({ uid: createUid() }));
  const transactionUid = createUid();
  const { id, report } = await ask([reference], { transactionUid });
  if (report === null) throw new Error('There is nothing to report.');
  await commitments.reported(tenant.tenantId, id, report.result);
  expect(await commitments.check(tenant.tenantId, id)).toBeNull();

  // The peer did not hear the answer and asks again: the same request.
  const again = await ask([reference], { transactionUid });
  expect(again).toEqual({ id, report });
  // Another peer may use the same UID; the same peer may not use it for something else.
  expect((await ask([reference], { transactionUid, callingAe: 'OTHER' })).report?.result.failed).toEqual([]);
  const more = [reference, { ...reference, SOPInstanceUID: createUid() }];
  expect((await ask(more, { transactionUid })).report?.result).toEqual({
    committed: [],
    failed: more.map((one) => ({ ...one, FailureReason: 0x0131 })),
  });
  const announced = await database.owner<{ payload: { requestId: string } }>(
    `select payload from outbox where tenant_id = $1 and topic = 'commitment.requested' order by id`,
    [tenant.tenantId],
  );
  expect(announced.map(({ payload }) => payload.requestId).slice(0, 2)).toEqual([id, id]);
  expect(announced).toHaveLength(4);
});
