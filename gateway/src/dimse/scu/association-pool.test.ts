// Real: sockets of the loopback; the peers are scripts.
import { afterEach, expect, test } from 'vitest';
import { waitFor } from '@archwire/test-data/processes';
import type { ProposedContext } from '../associate-request.ts';
import { scriptedPeer, type PeerScript, type ScriptedPeer } from '../testing/scripted-peer.ts';
import { createAssociationPool, type AssociationPool, type PoolLimits } from './association-pool.ts';
import { queryContexts } from './query-contexts.ts';

const FIND = queryContexts(['1.2.840.10008.5.1.4.1.2.2.1']);
const MOVE = queryContexts(['1.2.840.10008.5.1.4.1.2.2.2']);
const BOTH = queryContexts(['1.2.840.10008.5.1.4.1.2.2.1', '1.2.840.10008.5.1.4.1.2.2.2']);

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});
const start = async (
  pool: Partial<PoolLimits> = {},
  script: PeerScript = {},
): Promise<{
  readonly peer: ScriptedPeer;
  readonly pool: AssociationPool;
  readonly lease: (contexts?: readonly ProposedContext[]) => ReturnType<AssociationPool['lease']>;
}> => {
  const peer = await scriptedPeer(script);
  const made = createAssociationPool({
    pool: { maxPerPeer: 2, idleMs: 60_000, waitMs: 20_000, ...pool },
    limits: { releaseTimeoutMs: 500 },
  });
  cleanups.push(
    () => peer.close(),
    () => made.close(),
  );
  const to = { host: '127.0.0.1', port: peer.port, tls: null, calledAe: 'PEER', callingAe: 'US' };
  return { peer, pool: made, lease: (contexts = FIND) => made.lease(to, contexts) };
};

test('an association that is given back serves again for what it was opened with', async () => {
  const { peer, pool, lease } = await start();
  const first = await lease(BOTH);
  expect(first.isReused).toBe(false);
  await first.done();
  const second = await lease(MOVE);
  expect(second.isReused).toBe(true);
  expect(second.association).toBe(first.association);
  await second.done();
  expect(peer.requests).toHaveLength(1);
  expect(pool.size).toBe(1);
});

test('one with other contexts makes room for one that fits, and no more are open than may be', async () => {
  const { peer, pool, lease } = await start({ maxPerPeer: 1 });
  await (await lease(FIND)).done();
  const other = await lease(MOVE);
  expect(other.isReused).toBe(false);
  expect(peer.requests).toHaveLength(2);
  expect(pool.size).toBe(1);
  await other.done();
});

test('whoever comes when all are in use waits, first come first served, and not for ever', async () => {
  const { lease } = await start({ maxPerPeer: 1 });
  const first = await lease();
  const order: number[] = [];
  const waiting = [1, 2].map(async (number) => {
    const mine = await lease();
    order.push(number);
    await mine.done();
  });
  await first.done();
  await Promise.all(waiting);
  expect(order).toEqual([1, 2]);
  const { lease: leaseSoon } = await start({ maxPerPeer: 1, waitMs: 100 });
  const kept = await leaseSoon();
  await expect(leaseSoon()).rejects.toMatchObject({ failure: { at: 'busy' } });
  await kept.done();
  await (await leaseSoon()).done();
});

test('one that the peer has closed is not given out, and one that is idle too long is released', async () => {
  const { peer, pool, lease } = await start({ idleMs: 100 });
  const first = await lease();
  await first.done();
  await waitFor('the idle association to be released', async () => pool.size === 0);
  await waitFor('the peer to hear of it', async () => peer.pdus.join() === '1,5');
  await waitFor('the connection to be closed', async () => peer.open() === 0);
  const second = await lease();
  expect(second.isReused).toBe(false);
  second.association.abort();
  await second.done();
  expect(pool.size).toBe(0);
});

test('a peer that refuses leaves its place to the next', async () => {
  const { pool, lease } = await start(
    { maxPerPeer: 1 },
    {
      onAssociate: (socket) => {
        socket.destroy();
        return 'handled';
      },
    },
  );
  for (let round = 0; round < 3; round++)
    await expect(lease()).rejects.toMatchObject({ failure: { at: 'closed' } });
  expect(pool.size).toBe(0);
});

test('closing releases what lies idle at once and what is in use when it is done', async () => {
  const { peer, pool, lease } = await start();
  const [used, idle] = [await lease(), await lease()];
  await idle.done();
  await pool.close();
  expect(peer.pdus).toEqual([1, 1, 5]);
  await used.done();
  expect(peer.pdus).toEqual([1, 1, 5, 5]);
  expect(pool.size).toBe(0);
});
