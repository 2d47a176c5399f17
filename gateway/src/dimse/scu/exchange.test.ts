// Real: sockets of the loopback; the peers are scripts that say byte for byte what a test tells them to.
import { afterEach, expect, test } from 'vitest';
import { writeDataSet, type DicomJson } from '@archwire/dicom';
import { CommandField } from '../command-field.ts';
import { FakeIngest } from '../testing/fake-ingest.ts';
import { generateFile, SECONDARY_CAPTURE } from '../testing/generate-file.ts';
import { scriptedPeer, type PeerScript, type ScriptedPeer } from '../testing/scripted-peer.ts';
import { find } from './find.ts';
import { get } from './get.ts';
import type { Lease } from './lease.ts';
import { move } from './move.ts';
import { oneTimeLease } from './one-time-lease.ts';
import { queryContexts } from './query-contexts.ts';
import { receiveInto } from './receive-into.ts';
import type { ServePeer } from './serve-peer.ts';

const FIND = '1.2.840.10008.5.1.4.1.2.2.1';
const MOVE = '1.2.840.10008.5.1.4.1.2.2.2';
const GET = '1.2.840.10008.5.1.4.1.2.2.3';
const EXPLICIT = '1.2.840.10008.1.2.1';
const PENDING = 0xff00;

const peers: ScriptedPeer[] = [];
const leases: Lease[] = [];
afterEach(async () => {
  await Promise.all(leases.splice(0).map((lease) => lease.done()));
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
});
const open = async (
  script: PeerScript,
  contexts = queryContexts([FIND, MOVE, GET]),
  serve?: ServePeer,
  answerTimeoutMs = 20_000,
) => {
  const peer = await scriptedPeer(script);
  peers.push(peer);
  const lease = await oneTimeLease(
    {
      host: '127.0.0.1',
      port: peer.port,
      tls: null,
      calledAe: 'PEER',
      callingAe: 'US',
      ...(serve === undefined ? {} : { serve }),
    },
    { answerTimeoutMs, releaseTimeoutMs: 200 },
  )(contexts);
  leases.push(lease);
  return { peer, lease };
};
const identifier: DicomJson = { '00080052': { vr: 'CS', Value: ['STUDY'] }, '00100010': { vr: 'PN' } };
const name = (text: string, characterSet: string): Buffer =>
  writeDataSet({ '00100010': { vr: 'PN', Value: [{ Alphabetic: text }] } }, EXPLICIT, characterSet);
const all = async <T>(answers: AsyncIterable<T>): Promise<T[]> => {
  const got: T[] = [];
  for await (const answer of answers) got.push(answer);
  return got;
};

test('answers are decoded from the character set that each one names', async () => {
  const { lease } = await open({
    onMessage: (message, hand) => {
      hand.respond(message, { Status: PENDING }, name('Müller^Jörg', 'ISO_IR 100'));
      hand.respond(message, { Status: 0xff01 }, name('Люкceмбypг', 'ISO_IR 144'));
      hand.respond(message);
    },
  });
  const answers = await all(find(lease, { sopClass: FIND, identifier }));
  expect(answers.map((answer) => answer['00100010']?.Value?.[0])).toEqual([
    { Alphabetic: 'Müller^Jörg' },
    { Alphabetic: 'Люкceмбypг' },
  ]);
});

test('a limit ends the query by C-CANCEL, what still comes is passed over, and the association stays', async () => {
  let asked: Parameters<NonNullable<PeerScript['onMessage']>>[0] | undefined;
  const { lease, peer } = await open({
    onMessage: (message, hand) => {
      if (message.command.CommandField === CommandField.CCancel) {
        if (asked) hand.respond(asked, { Status: PENDING }, name('Late', ''));
        if (asked) hand.respond(asked, { Status: 0xfe00 });
        return;
      }
      asked = message;
      for (let number = 0; number < 4; number++)
        hand.respond(message, { Status: PENDING }, name(`N${number}`, ''));
    },
  });
  expect(await all(find(lease, { sopClass: FIND, identifier, limit: 2 }))).toHaveLength(2);
  expect(peer.messages[1]?.command).toMatchObject({
    CommandField: CommandField.CCancel,
    MessageIDBeingRespondedTo: 1,
  });
  expect(lease.association.established).toBe(true);
});

test('more answers than are taken wait at the peer, not in memory', async () => {
  const answer = name('x'.repeat(60), '');
  const { lease } = await open({
    onMessage: (message, hand) => {
      for (let number = 0; number < 2_000; number++) hand.respond(message, { Status: PENDING }, answer);
      hand.respond(message);
    },
  });
  let count = 0;
  for await (const _ of find(lease, { sopClass: FIND, identifier })) {
    count++;
    if (count % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(count).toBe(2_000);
});

test('failures: a status, a service that was not accepted, another message id, an answer that is no data set', async () => {
  const refuses = await open({
    onMessage: (message, hand) => hand.respond(message, { Status: 0xa700, ErrorComment: 'busy' }),
  });
  await expect(all(find(refuses.lease, { sopClass: FIND, identifier }))).rejects.toMatchObject({
    name: 'DimseFailure',
    status: 0xa700,
    comment: 'busy',
  });
  const without = await open({ answer: () => ({ result: 3 }) });
  await expect(all(find(without.lease, { sopClass: FIND, identifier }))).rejects.toMatchObject({
    name: 'DimseFailure',
    status: null,
  });
  const wrong = await open({
    onMessage: (message, hand) => hand.respond(message, { MessageIDBeingRespondedTo: 9 }),
  });
  await expect(all(find(wrong.lease, { sopClass: FIND, identifier }))).rejects.toMatchObject({
    failure: { at: 'protocol' },
  });
  const garbage = await open({
    onMessage: (message, hand) =>
      hand.respond(message, { Status: PENDING }, Buffer.from([8, 0, 5, 0, 255, 255, 255])),
  });
  await expect(all(find(garbage.lease, { sopClass: FIND, identifier }))).rejects.toMatchObject({
    kind: 'invalid',
  });
  expect(garbage.lease.association.established).toBe(false);
});

test('an abort, a hang-up and silence in the middle of the answers', async () => {
  const after = (end: (hand: Parameters<NonNullable<PeerScript['onMessage']>>[1]) => void) =>
    open(
      {
        onMessage: (message, hand) => {
          hand.respond(message, { Status: PENDING }, name('One', ''));
          end(hand);
        },
      },
      undefined,
      undefined,
      500,
    );
  const outcome = async ({ lease }: { readonly lease: Lease }) => {
    await expect(all(find(lease, { sopClass: FIND, identifier }))).rejects.toMatchObject({
      name: 'AssociationError',
    });
  };
  await outcome(await after((hand) => hand.abort()));
  await outcome(await after(({ socket }) => void socket.resetAndDestroy()));
  await outcome(await after(() => {}));
  await outcome(await after(({ socket }) => void socket.write(Buffer.from([4, 0, 0, 0, 1]))));
});

test('C-MOVE tells its counters, and what failed', async () => {
  const { lease, peer } = await open({
    onMessage: (message, hand) => {
      hand.respond(message, {
        Status: PENDING,
        NumberOfRemainingSuboperations: 1,
        NumberOfCompletedSuboperations: 1,
      });
      hand.respond(
        message,
        { Status: 0xb000, NumberOfCompletedSuboperations: 1, NumberOfFailedSuboperations: 1 },
        writeDataSet({ '00080058': { vr: 'UI', Value: ['2.25.9'] } }, EXPLICIT, ''),
      );
    },
  });
  expect(await all(move(lease, { sopClass: MOVE, identifier, destination: 'VNA' }))).toEqual([
    { remaining: 1, completed: 1, failed: null, warning: null, status: null, failedInstances: [] },
    { remaining: null, completed: 1, failed: 1, warning: null, status: 0xb000, failedInstances: ['2.25.9'] },
  ]);
  expect(peer.messages[0]?.command.MoveDestination).toBe('VNA');
});

const storeOf = (number: number) => ({
  CommandField: CommandField.CStore,
  MessageID: 100 + number,
  AffectedSOPClassUID: SECONDARY_CAPTURE,
  AffectedSOPInstanceUID: `2.25.${number}`,
  Priority: 0,
});
const source = {
  tenantId: 'tenant',
  locationId: 'location',
  deviceId: null,
  issuer: 'CLINIC',
  via: 'dimse' as const,
  callingAe: 'US',
  calledAe: 'PEER',
  address: null,
};
const getContexts = [
  ...queryContexts([GET]),
  { id: 3, abstractSyntax: SECONDARY_CAPTURE, transferSyntaxes: [EXPLICIT] },
];
const dataSet = generateFile('2.25.1', 300).file.subarray(400);

test('C-GET: what cannot be kept is answered with a failure, and the next one is still taken', async () => {
  const ingest = new FakeIngest({
    highWater: 10_000,
    finishError: () => (ingest.finished === 1 ? new Error('disk') : undefined),
  });
  const { lease, peer } = await open(
    {
      onMessage: (message, hand) => {
        if (message.command.CommandField === CommandField.CGet) hand.request(3, storeOf(1), dataSet);
        else if (message.command.MessageIDBeingRespondedTo === 101) hand.request(3, storeOf(2), dataSet);
        else {
          const get = peer.messages[0];
          if (get) hand.respond(get, { Status: 0xb000, NumberOfCompletedSuboperations: 1 });
        }
      },
    },
    getContexts,
    receiveInto(ingest, source),
  );
  expect(await all(get(lease, { sopClass: GET, identifier }))).toMatchObject([
    { status: 0xb000, completed: 1 },
  ]);
  expect(peer.messages.slice(1).map(({ command }) => command.Status)).toEqual([0x0110, 0]);
  expect(ingest.kept.map(({ length }) => length)).toEqual([dataSet.length]);
});

test('C-GET: a peer that dies in the middle of an instance leaves nothing behind', async () => {
  const ingest = new FakeIngest();
  const { lease } = await open(
    {
      onMessage: (_, hand) => {
        hand.request(3, { ...storeOf(1), hasDataSet: true });
        // Its data set begins and never ends.
        hand.socket.write(Buffer.from([4, 0, 0, 0, 0, 100, 0, 0, 0, 96, 3, 0, 1, 2]), () =>
          hand.socket.destroy(),
        );
      },
    },
    getContexts,
    receiveInto(ingest, source),
  );
  await expect(all(get(lease, { sopClass: GET, identifier }))).rejects.toMatchObject({
    name: 'AssociationError',
  });
  expect({ open: ingest.open, kept: ingest.kept.length }).toEqual({ open: 0, kept: 0 });
});

test('a request that nobody serves is answered, and the own one goes on', async () => {
  const { lease, peer } = await open({
    onMessage: (message, hand) => {
      if (message.command.CommandField === CommandField.CFind)
        hand.request(1, { ...storeOf(1), AffectedSOPClassUID: FIND }, Buffer.alloc(20));
      else {
        const asked = peer.messages[0];
        if (asked) hand.respond(asked);
      }
    },
  });
  expect(await all(find(lease, { sopClass: FIND, identifier }))).toEqual([]);
  expect(peer.messages[1]?.command.Status).toBe(0x0211);
});
