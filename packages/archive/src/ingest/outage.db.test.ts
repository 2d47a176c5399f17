// Real: PostgreSQL behind a TCP relay that is cut and comes back; the journal on this disk.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openDatabase } from '@archwire/database';
import { createTestDatabase } from '@archwire/database/testing';
import { createFilesystemStore } from '@archwire/storage-adapters';
import { afterAll, expect, it } from 'vitest';

import { openArchive } from '../stores/open-archive.ts';
import { testObject } from './test-object.ts';

const home = mkdtempSync(join(tmpdir(), 'archwire-outage-'));
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Relay {
  readonly port: number;
  cut(): Promise<void>;
  mend(): Promise<void>;
}

const startRelay = async (target: URL): Promise<Relay> => {
  const sockets = new Set<Socket>();
  const listen = async (port: number): Promise<Server> => {
    const server = createServer((socket) => {
      const onward = connect(Number(target.port), target.hostname);
      for (const one of [socket, onward]) {
        sockets.add(one);
        one.on('error', () => undefined).on('close', () => sockets.delete(one));
      }
      socket.pipe(onward).pipe(socket);
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  let server = await listen(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    async cut() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
    async mend() {
      server = await listen(address.port);
    },
  };
};

it('acknowledges while PostgreSQL is away, with few headers in memory, and indexes everything when it is back', async () => {
  const testDatabase = await createTestDatabase();
  const tenant = await testDatabase.tenant('Away');
  const url = new URL(testDatabase.ownerUrl);
  const relay = await startRelay(new URL(url));
  url.hostname = '127.0.0.1';
  url.port = String(relay.port);
  const database = await openDatabase({ connectionString: url.href, dataDir: home });
  const store = await createFilesystemStore({
    name: 'archive',
    root: join(home, 'store'),
    signing: { secret: Buffer.alloc(32), baseUrl: '/objects' },
  });
  const archive = await openArchive({
    database,
    folder: join(home, 'journal'),
    archive: { name: 'archive', store },
    log,
    journal: { segmentSize: 4 << 20, spares: 0, headroom: 0, graceMs: 0 },
    settle: { idleMs: 0, pollMs: 50 },
  });
  await archive.replayed;
  const source = {
    tenantId: tenant.tenantId,
    locationId: tenant.locationId,
    deviceId: null,
    via: 'dimse',
    callingAe: 'SENSOR',
    calledAe: 'ARCHWIRE',
    address: null,
    issuer: tenant.issuer,
    receivedAt: '2026-01-05T10:12:00.000Z',
  } as const;
  const outcomes: Promise<string>[] = [];
  const sendMany = async (from: number, to: number): Promise<void> => {
    for (let n = from; n < to; n += 1) {
      const object = testObject({ uid: `1.2.5.${n}`, number: n });
      const sink = archive.ingest.begin(source, object.command);
      sink.write(object.dataSet);
      outcomes.push((await sink.finish()).indexed);
    }
  };
  await sendMany(0, 50);
  await relay.cut();
  await sendMany(50, 2600);
  expect(archive.indexer.backlog().rows).toBeGreaterThan(2000);
  await relay.mend();
  await sendMany(2600, 2620);
  const settled = await Promise.all(outcomes);
  expect(settled.filter((outcome) => outcome === 'conflict')).toEqual([]);
  const count = async (name: string): Promise<unknown> =>
    (
      await testDatabase.owner<{ n: number; uids: number }>(
        'select count(*)::int as n, count(distinct sop_uid)::int as uids from instance where tenant_id = $1 and store = $2',
        [tenant.tenantId, name],
      )
    )[0];
  await expect
    .poll(() => count('archive'), { timeout: 30_000, interval: 200 })
    .toEqual({ n: 2620, uids: 2620 });
  expect(
    await testDatabase.owner('select unsettled_count, instance_count from series where tenant_id = $1', [
      tenant.tenantId,
    ]),
  ).toEqual([{ unsettled_count: 0, instance_count: 2620 }]);
  await expect.poll(() => archive.journal.held().ranges).toBe(0);
  await archive.stop();
  await relay.cut();
  await database.close();
  await testDatabase.close();
});
