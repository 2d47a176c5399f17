// Real: sockets of the loopback; the peers are scripts that say byte for byte what a test tells them to.
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { storedBuffer } from '@archwire/dicom';
import { generateFile, SECONDARY_CAPTURE } from '../testing/generate-file.ts';
import { scriptedPeer, type PeerScript, type ScriptedPeer } from '../testing/scripted-peer.ts';
import { oneTimeLease } from './one-time-lease.ts';
import type { SendableInstance } from './sendable-instance.ts';
import { storeInstances, type MoveOriginator } from './store-instances.ts';

const EXPLICIT = '1.2.840.10008.1.2.1';
const IMPLICIT = '1.2.840.10008.1.2';
const JPEG = '1.2.840.10008.1.2.4.50';

const peers: ScriptedPeer[] = [];
const peer = async (script: PeerScript = {}): Promise<ScriptedPeer> => {
  const started = await scriptedPeer(script);
  peers.push(started);
  return started;
};
afterEach(async () => {
  await Promise.all(peers.splice(0).map((started) => started.close()));
});

const instance = (number: number, rows = 8): SendableInstance => {
  const { file, sopClass, sopInstance } = generateFile(`2.25.${number}`, rows);
  return {
    SOPClassUID: sopClass,
    SOPInstanceUID: sopInstance,
    TransferSyntaxUID: EXPLICIT,
    open: async () => storedBuffer(file),
  };
};
const three = [instance(1), instance(2), instance(3)];

const limits = {
  connectTimeoutMs: 20_000,
  associateTimeoutMs: 20_000,
  answerTimeoutMs: 20_000,
  releaseTimeoutMs: 200,
};
const send = async (
  to: { readonly port: number },
  instances: readonly SendableInstance[],
  more: {
    readonly moveOriginator?: MoveOriginator;
    readonly transcode?: () => Buffer;
    readonly answerTimeoutMs?: number;
  } = {},
) => {
  const results: unknown[] = [];
  const { moveOriginator, transcode, answerTimeoutMs = limits.answerTimeoutMs } = more;
  for await (const { instance: sent, result } of storeInstances(instances, {
    lease: oneTimeLease(
      { host: '127.0.0.1', port: to.port, tls: null, calledAe: 'PEER', callingAe: 'US' },
      { ...limits, answerTimeoutMs },
    ),
    async *transcode() {
      if (transcode === undefined) throw new Error('no codec');
      yield transcode();
    },
    ...(moveOriginator === undefined ? {} : { moveOriginator }),
  })) {
    const { outcome } = result;
    results.push([
      sent.SOPInstanceUID,
      outcome,
      outcome === 'failed'
        ? 'status' in result.failure
          ? result.failure.status
          : result.failure.at
        : result.status,
    ]);
  }
  return results;
};
const all = (outcome: string, detail: unknown) =>
  three.map(({ SOPInstanceUID }) => [SOPInstanceUID, outcome, detail]);

test('one association, one context for the stored syntax and one for the uncompressed, bytes as they are stored', async () => {
  const to = await peer();
  expect(await send(to, three)).toEqual(all('stored', 0));
  expect(to.requests.map(({ contexts }) => contexts)).toEqual([
    [
      { id: 1, abstractSyntax: SECONDARY_CAPTURE, transferSyntaxes: [EXPLICIT, IMPLICIT] },
      { id: 3, abstractSyntax: SECONDARY_CAPTURE, transferSyntaxes: [EXPLICIT] },
    ],
  ]);
  expect(to.messages.map(({ command }) => command.MessageID)).toEqual([1, 2, 3]);
  for (const [at, { dataSet }] of to.messages.entries()) {
    const { file } = generateFile(`2.25.${at + 1}`);
    expect(dataSet.equals(file.subarray(file.length - dataSet.length))).toBe(true);
    expect(dataSet.readUInt32LE(0)).toBe(0x00160008);
  }
  expect(to.pdus.at(-1)).toBe(5);
});

test('Move Originator elements are there when it is a C-MOVE, and only then', async () => {
  const to = await peer();
  await send(to, [instance(1)]);
  await send(to, [instance(1)], { moveOriginator: { aeTitle: 'MOVER', messageId: 77 } });
  expect(
    to.messages.map(({ command }) => [
      command.MoveOriginatorApplicationEntityTitle,
      command.MoveOriginatorMessageID,
    ]),
  ).toEqual([
    [null, null],
    ['MOVER', 77],
  ]);
});

test('warnings and failures belong to their instance; the next ones go on', async () => {
  const statuses = [0xb000, 0xa700, 0];
  const to = await peer({
    onMessage: (message, hand) =>
      hand.respond(message, { Status: statuses[hand.messageNumber - 1] ?? 0, ErrorComment: 'full' }),
  });
  expect(await send(to, three)).toEqual([
    ['2.25.1', 'warning', 0xb000],
    ['2.25.2', 'failed', 0xa700],
    ['2.25.3', 'stored', 0],
  ]);
});

test('an answer to another message ends the association: nothing after it can be trusted', async () => {
  const to = await peer({
    onMessage: (message, hand) => hand.respond(message, { MessageIDBeingRespondedTo: 99 }),
  });
  expect(await send(to, three)).toEqual(all('failed', 'protocol'));
});

test('a peer that dies: before it associates, in the middle of a data set, after the command, instead of the answer', async () => {
  const closed = await peer();
  await closed.close();
  expect(await send(closed, three)).toEqual(all('failed', 'connection-refused'));
  const hangsUp = await peer({ onAssociate: (socket) => (socket.destroy(), 'handled') });
  expect(await send(hangsUp, three)).toEqual(all('failed', 'closed'));
  const aborts = await peer({ onMessage: (_, hand) => hand.abort() });
  expect(await send(aborts, three)).toEqual(all('failed', 'aborted'));
  const second = await peer({
    onMessage: (message, hand) => (hand.messageNumber === 2 ? hand.socket.destroy() : hand.respond(message)),
  });
  expect(await send(second, three)).toEqual([
    ['2.25.1', 'stored', 0],
    ['2.25.2', 'failed', 'closed'],
    ['2.25.3', 'failed', 'closed'],
  ]);
  const half = await peer({ onData: (_, hand) => hand.socket.resetAndDestroy() });
  expect(await send(half, [instance(1, 8_000), instance(2)])).toEqual([
    ['2.25.1', 'failed', 'closed'],
    ['2.25.2', 'failed', 'closed'],
  ]);
});

test('a peer that stops reading, one that never answers, one that answers late', async () => {
  const deaf = await peer({ onData: (_, { socket }) => void socket.pause() });
  expect(await send(deaf, [instance(1, 40_000), instance(2)], { answerTimeoutMs: 500 })).toEqual([
    ['2.25.1', 'failed', 'answer-timeout'],
    ['2.25.2', 'failed', 'answer-timeout'],
  ]);
  const mute = await peer({ onMessage: () => {} });
  expect(await send(mute, [instance(1)], { answerTimeoutMs: 500 })).toEqual([
    ['2.25.1', 'failed', 'answer-timeout'],
  ]);
  const late = await peer({
    onMessage: (message, hand) => void setTimeout(() => hand.respond(message), 300),
  });
  expect(await send(late, [instance(1)])).toEqual([['2.25.1', 'stored', 0]]);
});

test('half a PDU and then nothing, garbage for an answer, a data set where an answer was due', async () => {
  const half = await peer({ onMessage: (_, { socket }) => void socket.write(Buffer.from([4, 0, 0, 0])) });
  expect(await send(half, [instance(1)], { answerTimeoutMs: 500 })).toEqual([
    ['2.25.1', 'failed', 'answer-timeout'],
  ]);
  const garbage = await peer({ onMessage: (_, { socket }) => void socket.write(Buffer.alloc(64, 0xff)) });
  expect(await send(garbage, [instance(1)])).toEqual([['2.25.1', 'failed', 'protocol']]);
  const data = Buffer.from([4, 0, 0, 0, 0, 8, 0, 0, 0, 4, 1, 2, 0, 0]);
  const wrong = await peer({ onMessage: (_, { socket }) => void socket.write(data) });
  expect(await send(wrong, [instance(1)])).toEqual([['2.25.1', 'failed', 'protocol']]);
});

test('a peer that takes another syntax gets the instance rewritten, or an honest failure', async () => {
  const rewritten = Buffer.from('08001600020000003100', 'hex');
  const implicitOnly: PeerScript = {
    answer: ({ transferSyntaxes }) => ({
      result: transferSyntaxes.includes(IMPLICIT) ? 0 : 4,
      transferSyntax: IMPLICIT,
    }),
  };
  const jpeg = { ...instance(1), TransferSyntaxUID: JPEG };
  const to = await peer(implicitOnly);
  expect(await send(to, [jpeg], { transcode: () => rewritten })).toEqual([['2.25.1', 'stored', 0]]);
  expect(to.messages[0]).toMatchObject({ contextId: 1, dataSet: rewritten });
  // What cannot be rewritten is known before its command is sent: the others still go.
  expect(await send(to, [jpeg, { ...instance(2), TransferSyntaxUID: IMPLICIT }])).toEqual([
    ['2.25.1', 'failed', 'transcode'],
    ['2.25.2', 'stored', 0],
  ]);
  const nothing = await peer({ answer: () => ({ result: 3 }) });
  expect(await send(nothing, three)).toEqual(all('failed', 'no-context'));
});

test('bytes that cannot be read: at the start the others go on, in the middle they go over a new association', async () => {
  const broken = (after: number): SendableInstance => ({
    ...instance(2, 4_000),
    open: async () => ({
      length: 4_100_000,
      read: async (offset, length) => {
        if (offset >= after) throw new Error('disk');
        return generateFile('2.25.2', 4_000).file.subarray(offset, offset + length);
      },
    }),
  });
  const to = await peer();
  expect(await send(to, [instance(1), broken(0), instance(3)])).toEqual([
    ['2.25.1', 'stored', 0],
    ['2.25.2', 'failed', 'unreadable'],
    ['2.25.3', 'stored', 0],
  ]);
  expect(to.requests).toHaveLength(1);
  expect(await send(to, [instance(1), broken(1_000_000), instance(3)])).toEqual([
    ['2.25.1', 'stored', 0],
    ['2.25.2', 'failed', 'unreadable'],
    ['2.25.3', 'stored', 0],
  ]);
  expect(to.requests).toHaveLength(3);
});

test('more classes than one association has contexts for become two associations', async () => {
  const to = await peer();
  const many = Array.from({ length: 70 }, (_, at) => ({
    ...instance(at + 1),
    SOPClassUID: `1.2.840.10008.5.1.4.1.1.2.${at + 1}`,
  }));
  const results = await send(to, many);
  expect(results.filter((result) => JSON.stringify(result).includes('stored'))).toHaveLength(70);
  expect(to.requests.map(({ contexts }) => contexts.length)).toEqual([128, 12]);
});

test('who stops asking stops the sending, and the association is released', async () => {
  const to = await peer();
  for await (const { result } of storeInstances(three, {
    lease: oneTimeLease(
      { host: '127.0.0.1', port: to.port, tls: null, calledAe: 'PEER', callingAe: 'US' },
      limits,
    ),
    transcode: () => {
      throw new Error('no codec');
    },
  })) {
    expect(result.outcome).toBe('stored');
    break;
  }
  await turn();
  expect(to.messages).toHaveLength(1);
  expect(to.pdus.at(-1)).toBe(5);
});
