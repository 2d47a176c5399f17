// Real: the whole server as a process of its own, PostgreSQL, DCMTK's termscu, TCP; the descriptors and rows that stay behind are counted.
import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@archwire/database/testing';
import { startArchwire, temporaryFolder, waitFor, type Archwire } from '@archwire/test-data/processes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { associateRequest, echo, releaseRequest } from '../dimse/testing/peer-pdus.ts';
import { runTool } from '../dimse/testing/peer-process.ts';
import { echoOnce, RawPeer } from '../dimse/testing/raw-peer.ts';
import { openConnections } from './testing/open-connections.ts';

let folder: string;
let database: TestDatabase;
let server: Archwire;

beforeAll(async () => {
  folder = await temporaryFolder();
  database = await createTestDatabase();
  server = await startArchwire({
    dataDir: join(folder, 'data'),
    env: { DATABASE_URL: database.ownerUrl, ARCHWIRE_SERVICES: 'http,dimse' },
  });
});
afterAll(async () => {
  await server.stop();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const descriptors = (): number => readdirSync(`/proc/${server.pid}/fd`).length;
/** Of the pool of the database and of the journal, which come and go by themselves. */
const SLACK = 20;
const rows = async (): Promise<Record<string, number>> => {
  const tables = await database.owner<{ name: string }>(
    `select c.relname as name from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await database.owner<{ n: string }>(`select count(*) as n from "${name}"`);
    counts[name] = Number(row?.n);
  }
  return counts;
};
const openAssociations = () => server.metric('archwire_dimse_associations_open');

it('200 associations at once are all served, and 2,000 more leave nothing behind but their entries in the log', async () => {
  await echoOnce(server.dimsePort);
  // What a process opens once (pools, listeners) is open now.
  for (let round = 0; round < 50; round++) await echoOnce(server.dimsePort);
  const before = { descriptors: descriptors(), rows: await rows() };

  const peers: RawPeer[] = [];
  for (let n = 0; n < 200; n++)
    peers.push(await RawPeer.associate(server.dimsePort, { callingAe: `PEER${n % 20}` }));
  await waitFor('200 associations', async () => (await openAssociations()) === 200, { seconds: 60 });
  for (const peer of peers) peer.send(echo());
  const answers = await Promise.all(peers.map((peer) => peer.receiveCommand()));
  expect(new Set(answers.map((answer) => answer?.['Status']))).toEqual(new Set([0]));
  // A third of each: in good order, by A-ABORT of a socket that closes, by a reset.
  for (const [n, peer] of peers.entries()) {
    if (n % 3 === 0) peer.send(releaseRequest());
    else if (n % 3 === 1) peer.destroy();
    else peer.reset();
  }
  await waitFor('no association', async () => (await openAssociations()) === 0, { seconds: 60 });

  const lane = async (): Promise<number> => {
    let served = 0;
    for (let n = 0; n < 100; n++) if ((await echoOnce(server.dimsePort)) === 0) served += 1;
    return served;
  };
  const served = await Promise.all(Array.from({ length: 20 }, lane));
  expect(served.reduce((a, b) => a + b)).toBe(2000);

  await waitFor('no association', async () => (await openAssociations()) === 0, { seconds: 60 });
  await waitFor('no connection', async () => openConnections(server.dimsePort) === 0);
  expect(descriptors() - before.descriptors).toBeLessThan(SLACK);
  const after = await rows();
  const grown = Object.entries(after)
    .filter(([table, count]) => count > (before.rows[table] ?? 0))
    .map(([table]) => table)
    // A line for each association, kept to 2,000 a group, and what processes say of themselves every minute.
    .filter((table) => !['association_log', 'service_node', 'throughput_minute', 'outbox'].includes(table));
  expect(grown).toEqual([]);
}, 300_000);

it('refuses whoever calls by another title or on no context, and a call to end the server ends nothing', async () => {
  const refused = await RawPeer.open(server.dimsePort);
  refused.send(associateRequest({ contexts: [] }));
  expect((await refused.receive())?.type).toBe(3);
  await runTool('termscu', ['-aec', 'ARCHWIRE', '127.0.0.1', String(server.dimsePort)]);
  expect(await echoOnce(server.dimsePort)).toBe(0);
}, 120_000);
