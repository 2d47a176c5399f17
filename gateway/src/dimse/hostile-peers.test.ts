// Real: TCP on the loopback, the listener, the descriptors and memory of this process. The hostile peer is scripted.
import { readdirSync } from 'node:fs';
import { AppError } from '@archwire/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeIngest } from './testing/fake-ingest.ts';
import {
  abortRequest,
  associateRequest,
  COMMAND,
  CT,
  echo,
  EXPLICIT,
  LAST,
  pData,
  pdu,
  pdv,
  releaseRequest,
  store,
  storeCommand,
} from './testing/peer-pdus.ts';
import { echoOnce, RawPeer } from './testing/raw-peer.ts';
import { seededRandom } from './testing/seeded-random.ts';
import { startListener, type TestListener } from './testing/start-listener.ts';

const PIXELS = Buffer.alloc(300_000, 'pixels of an image');
const LIMITS = { requestTimeoutMs: 1_000, stallTimeoutMs: 1_500, closeTimeoutMs: 300, maxConnections: 100 };

const descriptors = (): number => readdirSync('/proc/self/fd').length;

let ingest: FakeIngest;
let listener: TestListener;
let descriptorsBefore = 0;
let memoryBefore = 0;

beforeAll(async () => {
  ingest = new FakeIngest({ highWater: 100_000 });
  listener = await startListener({ ingest, limits: LIMITS });
  // Once, so that what is made lazily is there before anything is counted.
  await echoOnce(listener.port);
  descriptorsBefore = descriptors();
  memoryBefore = process.memoryUsage().rss;
});
afterAll(() => listener.stop());

const eventually = async (isSo: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 200 && !isSo(); tries++)
    await new Promise((resolve) => setTimeout(resolve, 25));
};

/** Still answers, and holds nothing of whoever was there before. */
const expectUnharmed = async (): Promise<void> => {
  const status = await echoOnce(listener.port);
  await eventually(() => ingest.open === 0 && descriptors() <= descriptorsBefore);
  expect({
    status,
    openSinks: ingest.open,
    leakedDescriptors: Math.max(0, descriptors() - descriptorsBefore),
    grewOver150Mb: process.memoryUsage().rss - memoryBefore > 150e6,
    open: (await listener.metrics()).filter((line) => line.startsWith('archwire_dimse_associations_open')),
  }).toEqual({ status: 0, openSinks: 0, leakedDescriptors: 0, grewOver150Mb: false, open: [] });
};

/** What a peer hears that says these bytes and then only listens. */
const say = async (...bytes: readonly Buffer[]): Promise<string[]> => {
  const peer = await RawPeer.open(listener.port);
  for (const part of bytes) peer.send(part);
  const heard: string[] = [];
  for (let next = await peer.receive(); next; next = await peer.receive()) {
    heard.push(next.type === 2 ? 'accept' : `${next.type}:${next.body.toString('hex')}`);
  }
  return heard;
};

const ABORT = {
  unknownPdu: '7:00000201',
  unexpectedPdu: '7:00000202',
  invalidParameter: '7:00000206',
  user: '7:00000000',
};
const huge = (type: number): Buffer => pdu(type, Buffer.from('x'), 0xffff_fff0);
const storeStart = pData(pdv(3, COMMAND | LAST, storeCommand()));

test.each<[name: string, said: readonly Buffer[], heard: readonly string[]]>([
  ['garbage', [Buffer.alloc(5_000, 0xa5)], [ABORT.unknownPdu]],
  ['one byte of garbage', [Buffer.from([0xff])], [ABORT.unknownPdu]],
  ['HTTP', [Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')], [ABORT.unknownPdu]],
  ['TLS on the plain port', [Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3])], [ABORT.unknownPdu]],
  ['P-DATA before the association', [echo()], [ABORT.unexpectedPdu]],
  ['A-RELEASE before the association', [releaseRequest()], [ABORT.unexpectedPdu]],
  ['a second A-ASSOCIATE-RQ', [associateRequest(), associateRequest()], ['accept', ABORT.unexpectedPdu]],
  [
    'A-ASSOCIATE-AC from a requestor',
    [associateRequest(), pdu(2, Buffer.alloc(70))],
    ['accept', ABORT.unexpectedPdu],
  ],
  ['PDU length 0xFFFFFFF0, first PDU', [huge(1)], [ABORT.invalidParameter]],
  ['PDU length 0xFFFFFFF0, P-DATA', [associateRequest(), huge(4)], ['accept', ABORT.invalidParameter]],
  ['PDU length 0xFFFFFFF0, A-RELEASE', [associateRequest(), huge(5)], ['accept', ABORT.invalidParameter]],
  [
    'an A-RELEASE of the wrong length',
    [associateRequest(), pdu(5, Buffer.alloc(9))],
    ['accept', ABORT.invalidParameter],
  ],
  [
    'P-DATA longer than we agreed to',
    [associateRequest(), pData(pdv(3, LAST, Buffer.alloc(200_000)))],
    ['accept', ABORT.invalidParameter],
  ],
  [
    'a PDV longer than its PDU',
    [associateRequest(), pData(pdv(3, LAST, Buffer.alloc(10), 5_000))],
    ['accept', ABORT.invalidParameter],
  ],
  [
    'data on a context that was refused',
    [
      associateRequest({ contexts: [{ id: 3, abstractSyntax: CT, transferSyntaxes: ['1.2.3'] }] }),
      store(PIXELS),
    ],
    ['accept', ABORT.invalidParameter],
  ],
  [
    'data on a context never proposed',
    [associateRequest(), store(PIXELS, { contextId: 99 })],
    ['accept', ABORT.invalidParameter],
  ],
  [
    'data without a command',
    [associateRequest(), pData(pdv(3, LAST, PIXELS.subarray(0, 99)))],
    ['accept', ABORT.user],
  ],
  ['a command inside a data set', [associateRequest(), storeStart, storeStart], ['accept', ABORT.user]],
  [
    'a data set on another context than its command',
    [
      associateRequest({
        contexts: [
          { id: 3, abstractSyntax: CT, transferSyntaxes: [EXPLICIT] },
          { id: 5, abstractSyntax: CT, transferSyntaxes: [EXPLICIT] },
        ],
      }),
      storeStart,
      pData(pdv(5, LAST, PIXELS.subarray(0, 99))),
    ],
    ['accept', ABORT.user],
  ],
  [
    'A-RELEASE inside a data set',
    [associateRequest(), storeStart, releaseRequest()],
    ['accept', ABORT.unexpectedPdu],
  ],
  [
    'a command that is none',
    [associateRequest(), pData(pdv(3, 3, PIXELS.subarray(0, 99)))],
    ['accept', ABORT.user],
  ],
  ['an empty command', [associateRequest(), pData(pdv(3, 3, Buffer.alloc(0)))], ['accept', ABORT.user]],
  [
    'a command without end',
    [associateRequest(), ...Array.from({ length: 5 }, () => pData(pdv(3, COMMAND, Buffer.alloc(15_000))))],
    ['accept', ABORT.user],
  ],
  [
    'an identifier without end',
    [
      associateRequest(),
      pData(pdv(3, 3, storeCommand({ commandField: 0x20 }))),
      ...Array.from({ length: 130 }, () => pData(pdv(3, 0, Buffer.alloc(131_000)))),
    ],
    ['accept', ABORT.user],
  ],
  [
    'a response to nothing',
    [associateRequest(), pData(pdv(3, 3, storeCommand({ commandField: 0x8001, dataSetType: 0x101 })))],
    ['accept', ABORT.user],
  ],
  ['peer maximum PDU 6', [associateRequest({ maxPduLength: 6 }), echo()], ['3:00010101']],
  ['A-ABORT', [associateRequest(), abortRequest()], ['accept']],
  ['A-ABORT inside a data set', [associateRequest(), storeStart, abortRequest()], ['accept']],
])('%s', async (_name, said, heard) => {
  expect(await say(...said)).toEqual(heard);
  await expectUnharmed();
});

test('truncation: an object that stops anywhere leaves nothing behind', async () => {
  const whole = Buffer.concat([associateRequest(), store(PIXELS)]);
  const kept = ingest.kept.length;
  const random = seededRandom(7);
  for (let round = 0; round < 40; round++) {
    const peer = await RawPeer.open(listener.port);
    peer.send(whole.subarray(0, Math.floor(random() * (whole.length - 1))));
    peer.socket.end();
    await peer.closed();
  }
  await expectUnharmed();
  expect(ingest.kept.length).toBe(kept);
});

test('reset in the middle of an object, 40 times', async () => {
  const before = { begun: ingest.begun, kept: ingest.kept.length };
  for (let round = 0; round < 40; round++) {
    const peer = await RawPeer.associate(listener.port);
    peer.send(store(PIXELS).subarray(0, 150_000));
    await eventually(() => ingest.open > 0);
    peer.reset();
    await eventually(() => ingest.open === 0);
  }
  await expectUnharmed();
  expect({ begun: ingest.begun - before.begun, kept: ingest.kept.length - before.kept }).toEqual({
    begun: 40,
    kept: 0,
  });
});

const mutate = (bytes: Buffer, random: () => number): Buffer => {
  const copy = Buffer.from(bytes);
  const times = 1 + Math.floor(random() * 8);
  for (let time = 0; time < times; time++) {
    const at = Math.floor(random() * copy.length);
    const kind = random();
    if (kind < 0.6) copy[at] = Math.floor(random() * 256);
    else if (kind < 0.8) copy[at] = 0xff;
    else copy.copyWithin(at, Math.floor(random() * copy.length), copy.length);
  }
  return copy;
};

test.each([
  ['A-ASSOCIATE', associateRequest(), Buffer.alloc(0)],
  ['C-STORE', Buffer.alloc(0), store(PIXELS.subarray(0, 2_000), { fragment: 300 })],
])('%s mutated 300 ways', async (_name, request, message) => {
  const random = seededRandom(request.length + 11);
  for (let round = 0; round < 300; round++) {
    const peer = await RawPeer.open(listener.port);
    peer.send(request.length > 0 ? mutate(request, random) : associateRequest());
    if (message.length > 0) peer.send(mutate(message, random));
    // A whole message after it: whatever state the first has left, the listener takes it or ends the association.
    peer.send(store(PIXELS.subarray(0, 100)));
    peer.socket.end();
    await peer.closed();
  }
  await expectUnharmed();
});

test('500 silent connections: who speaks is served, then and after', async () => {
  const silent: RawPeer[] = [];
  for (let count = 0; count < 500; count++) silent.push(await RawPeer.open(listener.port));
  expect(await echoOnce(listener.port)).toBe(0);
  for (const peer of silent) await peer.closed();
  await expectUnharmed();
});

test('associations that fill every place: the next is asked to come again', async () => {
  const peers: RawPeer[] = [];
  for (let count = 0; count < LIMITS.maxConnections; count++) {
    peers.push(await RawPeer.associate(listener.port, { callingAe: `PEER${count}` }));
  }
  const refused = await RawPeer.open(listener.port);
  expect(await refused.receive()).toEqual({ type: 3, body: Buffer.from([0, 2, 3, 2]) });
  await refused.closed();
  for (const peer of peers) peer.destroy();
  await eventually(() => descriptors() <= descriptorsBefore);
  await expectUnharmed();
});

test('a target that is full or gone, and a handler that rejects, many times over', async () => {
  const errors = [new AppError('storage-full', 'x'), new AppError('unavailable', 'x'), new Error('a bug')];
  const broken = await startListener({
    ingest: new FakeIngest({ finishError: () => errors[Math.floor(broken.ingest.finished % 3)] }),
  });
  const peer = await RawPeer.associate(broken.port);
  const statuses = new Set<unknown>();
  for (let messageId = 1; messageId <= 60; messageId++) {
    peer.send(store(PIXELS, { messageId }));
    statuses.add((await peer.receiveCommand())?.['Status']);
  }
  expect({
    statuses,
    kept: broken.ingest.kept,
    open: broken.ingest.open,
    echo: await echoOnce(broken.port),
  }).toEqual({
    statuses: new Set([0xa700, 0x0110]),
    kept: [],
    open: 0,
    echo: 0,
  });
  peer.destroy();
  await broken.stop();
  await expectUnharmed();
});
