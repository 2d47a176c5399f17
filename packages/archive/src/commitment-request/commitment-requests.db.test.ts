// Real: PostgreSQL 18 (embedded), row-level security.
import { createTestDatabase, type TestDatabase, type TestTenant } from '@archwire/database/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createCommitmentRequests, type CommitmentRequests } from './commitment-requests.ts';

let database: TestDatabase;
let tenant: TestTenant;
let requests: CommitmentRequests;
let device: string;

let count = 0;
const addDevice = async (owner: TestTenant): Promise<string> =>
  await database.db.withTenant(owner.tenantId, async (trx) => {
    // AE titles are known to the whole installation.
    const aeTitle = `VNA${(count += 1)}`;
    const { rows }: { rows: { id: string }[] } = await trx.raw(
      'insert into device (tenant_id, location_id, name, ae_title) values (?, ?, ?, ?) returning id',
      [owner.tenantId, owner.locationId, aeTitle, aeTitle],
    );
    return rows[0]?.id ?? '';
  });

beforeAll(async () => {
  database = await createTestDatabase();
  requests = createCommitmentRequests(database.db);
});
beforeEach(async () => {
  tenant = await database.tenant();
  device = await addDevice(tenant);
});
afterAll(async () => await database.close());

const references = ['2.25.1', '2.25.2', '2.25.3'].map((SOPInstanceUID) => ({
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
  SOPInstanceUID,
}));

it('keeps what a peer says about each instance, also when it says it twice', async () => {
  const { tenantId } = tenant;
  const TransactionUID = await requests.begin(tenantId, device, [...references, ...references.slice(0, 1)]);
  expect(TransactionUID).toMatch(/^2\.25\.[1-9][0-9]{0,38}$/);
  expect(await requests.state(tenantId, TransactionUID)).toEqual({
    answered: false,
    committed: 0,
    failed: [],
    open: 3,
  });
  const result = {
    TransactionUID,
    committed: ['2.25.1', '2.25.99'],
    failed: new Map([['2.25.2', 0x0112]]),
  };
  await requests.record(tenantId, device, result);
  await requests.record(tenantId, device, result);
  expect(await requests.state(tenantId, TransactionUID)).toEqual({
    answered: true,
    committed: 1,
    failed: [{ SOPInstanceUID: '2.25.2', failureReason: 0x0112 }],
    open: 1,
  });
});

it('believes nobody but the device that was asked', async () => {
  const { tenantId } = tenant;
  const TransactionUID = await requests.begin(tenantId, device, references);
  const result = { TransactionUID, committed: ['2.25.1'], failed: new Map<string, number>() };
  const other = await addDevice(tenant);
  await expect(requests.record(tenantId, other, result)).rejects.toMatchObject({ kind: 'not-found' });
  const stranger = await database.tenant();
  await expect(requests.record(stranger.tenantId, device, result)).rejects.toMatchObject({
    kind: 'not-found',
  });
  await expect(requests.state(stranger.tenantId, TransactionUID)).rejects.toMatchObject({
    kind: 'not-found',
  });
  expect(await requests.state(tenantId, TransactionUID)).toMatchObject({ answered: false, open: 3 });
});

it('forgets a request that the peer did not take, and never one that it answered', async () => {
  const { tenantId } = tenant;
  const first = await requests.begin(tenantId, device, references);
  await requests.withdraw(tenantId, first);
  await expect(requests.state(tenantId, first)).rejects.toMatchObject({ kind: 'not-found' });
  const second = await requests.begin(tenantId, device, references);
  await requests.record(tenantId, device, {
    TransactionUID: second,
    committed: ['2.25.1'],
    failed: new Map(),
  });
  await requests.withdraw(tenantId, second);
  expect(await requests.state(tenantId, second)).toMatchObject({ answered: true, committed: 1 });
});
