// Real: sockets of the loopback, our listener; the peer is a script. What is asked is kept in memory here, in PostgreSQL in its own test.
import { afterEach, expect, test } from 'vitest';
import type { CommitmentRequests, CommitmentResult } from '@archwire/archive';
import { AppError } from '@archwire/contracts';
import { readIdentifier, writeDataSet } from '@archwire/dicom';
import { CommandField } from '../command-field.ts';
import {
  scriptedPeer,
  type PeerMessage,
  type PeerScript,
  type ScriptedPeer,
} from '../testing/scripted-peer.ts';
import { ADMITTED, startListener } from '../testing/start-listener.ts';
import { createCommitmentResultService } from './commitment-result-service.ts';
import { exchange } from './exchange.ts';
import { oneTimeLease } from './one-time-lease.ts';
import { queryContexts } from './query-contexts.ts';
import { requestCommitment } from './request-commitment.ts';

const PUSH_MODEL = '1.2.840.10008.1.20.1';
const INSTANCE = '1.2.840.10008.1.20.1.1';
const EXPLICIT = '1.2.840.10008.1.2.1';

const peers: ScriptedPeer[] = [];
afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
});

const memory = () => {
  const kept: CommitmentResult[] = [];
  const withdrawn: string[] = [];
  const requests: CommitmentRequests = {
    begin: async () => '2.25.42',
    withdraw: async (_, transactionUid) => void withdrawn.push(transactionUid),
    record: async (_tenant, _device, result) => {
      if (result.TransactionUID !== '2.25.42') throw new AppError('not-found', 'Never asked.');
      kept.push(result);
    },
    state: async () => ({ answered: true, committed: 0, failed: [], open: 0 }),
  };
  return { kept, withdrawn, requests };
};
const ask = async (script: PeerScript, waitMs: number) => {
  const peer = await scriptedPeer(script);
  peers.push(peer);
  const { requests, ...seen } = memory();
  const asking = requestCommitment(
    { host: '127.0.0.1', port: peer.port, tls: null, calledAe: 'PEER', callingAe: 'US' },
    {
      tenantId: 'tenant',
      deviceId: 'device',
      references: [{ SOPClassUID: '1.2.840.10008.5.1.4.1.1.7', SOPInstanceUID: '2.25.1' }],
      waitMs,
      limits: { releaseTimeoutMs: 500, answerTimeoutMs: 20_000 },
    },
    requests,
  );
  return { peer, asking, ...seen };
};
const event = (transactionUid: string) =>
  writeDataSet(
    {
      '00081195': { vr: 'UI', Value: [transactionUid] },
      '00081199': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['2.25.1'] } }] },
      '00081198': {
        vr: 'SQ',
        Value: [{ '00081155': { vr: 'UI', Value: ['2.25.2'] }, '00081197': { vr: 'US', Value: [0x0112] } }],
      },
    },
    EXPLICIT,
    '',
  );
const report = {
  CommandField: CommandField.NEventReport,
  MessageID: 7,
  AffectedSOPClassUID: PUSH_MODEL,
  AffectedSOPInstanceUID: INSTANCE,
  EventTypeID: 2,
};
const isAction = ({ command }: PeerMessage): boolean => command.CommandField === CommandField.NAction;

test('the request names transaction and instances; the answer on the same association is kept and acknowledged', async () => {
  const { asking, kept, peer, withdrawn } = await ask(
    {
      onMessage: (message, hand) => {
        if (!isAction(message)) return;
        hand.respond(message);
        hand.request(1, report, event('2.25.42'));
      },
    },
    20_000,
  );
  expect(await asking).toBe('2.25.42');
  expect(peer.messages[0]?.command).toMatchObject({
    SOPClassUID: PUSH_MODEL,
    SOPInstanceUID: INSTANCE,
    ActionTypeID: 1,
  });
  expect(readIdentifier(peer.messages[0]?.dataSet ?? Buffer.alloc(0), EXPLICIT).dataSet).toEqual({
    '00081195': { vr: 'UI', Value: ['2.25.42'] },
    '00081199': {
      vr: 'SQ',
      Value: [
        {
          '00081150': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
          '00081155': { vr: 'UI', Value: ['2.25.1'] },
        },
      ],
    },
  });
  expect(peer.messages[1]?.command).toMatchObject({ MessageIDBeingRespondedTo: 7, Status: 0 });
  expect(peer.requests[0]?.roles.get(PUSH_MODEL)).toEqual({ scu: true, scp: false });
  expect(kept).toEqual([
    { TransactionUID: '2.25.42', committed: ['2.25.1'], failed: new Map([['2.25.2', 0x0112]]) },
  ]);
  expect(withdrawn).toEqual([]);
  expect(peer.pdus.at(-1)).toBe(5);
});

test('a peer that answers later is not waited for, and the request stays', async () => {
  const { asking, kept, withdrawn } = await ask({}, 0);
  expect(await asking).toBe('2.25.42');
  expect({ kept, withdrawn }).toEqual({ kept: [], withdrawn: [] });
});

test('a report of another transaction, or of none, is refused', async () => {
  const { asking, kept, peer } = await ask(
    {
      onMessage: (message, hand) => {
        if (isAction(message)) {
          hand.respond(message);
          hand.request(1, report, event('2.25.43'));
        } else if (hand.messageNumber === 2) hand.request(1, report, Buffer.alloc(0));
        else hand.socket.end();
      },
    },
    20_000,
  );
  await asking;
  expect(kept).toEqual([]);
  expect(peer.messages.slice(1).map(({ command }) => command.Status === 0)).toEqual([false, false]);
});

test('a peer that refuses, does not offer it, or dies leaves nothing behind', async () => {
  const refuses = await ask({ onMessage: (message, hand) => hand.respond(message, { Status: 0x0110 }) }, 0);
  await expect(refuses.asking).rejects.toMatchObject({ name: 'DimseFailure', status: 0x0110 });
  const without = await ask({ answer: () => ({ result: 3 }) }, 0);
  await expect(without.asking).rejects.toMatchObject({ name: 'DimseFailure', status: null });
  const dies = await ask({ onMessage: (_, hand) => hand.abort() }, 0);
  await expect(dies.asking).rejects.toMatchObject({ failure: { at: 'aborted' } });
  expect([refuses, without, dies].map(({ withdrawn }) => withdrawn)).toEqual([
    ['2.25.42'],
    ['2.25.42'],
    ['2.25.42'],
  ]);
});

const PEER_IS_SCP = new Map([[PUSH_MODEL, { scu: false, scp: true }]]);
const reportTo = async (port: number, transactionUid: string) => {
  const lease = await oneTimeLease({
    host: '127.0.0.1',
    port,
    tls: null,
    calledAe: 'ARCHWIRE',
    callingAe: 'VNA',
    roles: PEER_IS_SCP,
  })(queryContexts([PUSH_MODEL]));
  const statuses: unknown[] = [];
  for await (const { command } of exchange(lease, {
    commandField: CommandField.NEventReport,
    sopClass: PUSH_MODEL,
    elements: { AffectedSOPClassUID: PUSH_MODEL, AffectedSOPInstanceUID: INSTANCE, EventTypeID: 2 },
    dataSet: readIdentifier(event(transactionUid), EXPLICIT).dataSet,
  }))
    statuses.push([command.Status, command.EventTypeID]);
  const { roles } = lease.association.peer;
  await lease.done();
  return { statuses, role: roles.get(PUSH_MODEL) };
};

test('a report on an association of the peer is kept, when it was asked for and a registered device brings it', async () => {
  const { kept, requests } = memory();
  let deviceId: string | null = 'device';
  const listener = await startListener({
    services: [createCommitmentResultService(requests)],
    admit: async () => ({ admitted: true, source: { ...ADMITTED, deviceId } }),
  });
  expect(await reportTo(listener.port, '2.25.42')).toEqual({
    statuses: [[0, 2]],
    role: { scu: false, scp: true },
  });
  expect(kept).toEqual([
    { TransactionUID: '2.25.42', committed: ['2.25.1'], failed: new Map([['2.25.2', 0x0112]]) },
  ]);
  expect((await reportTo(listener.port, '2.25.43')).statuses).toEqual([[0x0110, 2]]);
  deviceId = null;
  expect((await reportTo(listener.port, '2.25.42')).statuses).toEqual([[0x0124, 2]]);
  expect(kept).toHaveLength(1);
  await listener.stop();
});
