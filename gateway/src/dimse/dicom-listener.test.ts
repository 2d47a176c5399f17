// Real: TCP on the loopback, the listener. The peer is scripted byte for byte; the door for bytes is in memory.
import { createHash } from 'node:crypto';
import { AppError } from '@archwire/contracts';
import { afterEach, expect, test } from 'vitest';
import type { DicomListenerOptions } from './dicom-listener.ts';
import { FakeIngest } from './testing/fake-ingest.ts';
import {
  associateRequest,
  asyncItem,
  COMMAND,
  CT,
  echo,
  echoCommand,
  EXPLICIT,
  LAST,
  pData,
  pdv,
  releaseRequest,
  roleItem,
  store,
  storeCommand,
  userIdentityItem,
} from './testing/peer-pdus.ts';
import { echoOnce, RawPeer } from './testing/raw-peer.ts';
import { ADMITTED, HOME, startListener, type TestListener } from './testing/start-listener.ts';

const running: TestListener[] = [];
const start = async (options: Parameters<typeof startListener>[0] = {}): Promise<TestListener> => {
  const listener = await startListener(options);
  running.push(listener);
  return listener;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((listener) => listener.stop()));
});

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const PIXELS = Buffer.alloc(100_000, 'pixels of an image');

test('C-STORE: the bytes, the source and the negotiated syntax reach the door, and Success comes back', async () => {
  const listener = await start();
  const peer = await RawPeer.associate(listener.port, { callingAe: 'PANO', calledAe: 'ARCHWIRE' });
  peer.send(store(PIXELS, { messageId: 7 }));
  expect(await peer.receiveCommand()).toMatchObject({
    CommandField: 0x8001,
    MessageIDBeingRespondedTo: 7,
    CommandDataSetType: 0x0101,
    Status: 0,
    AffectedSOPClassUID: CT,
    AffectedSOPInstanceUID: '2.25.77',
  });
  peer.send(releaseRequest());
  expect((await peer.receive())?.type).toBe(6);
  await peer.closed();
  expect(listener.ingest.kept).toEqual([
    {
      source: {
        ...HOME,
        via: 'dimse',
        callingAe: 'PANO',
        calledAe: 'ARCHWIRE',
        address: '127.0.0.1',
        receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      },
      command: { SOPClassUID: CT, SOPInstanceUID: '2.25.77', TransferSyntaxUID: EXPLICIT },
      length: PIXELS.length,
      sha256: sha256(PIXELS),
    },
  ]);
  expect(await listener.metrics()).toEqual([
    'archwire_dimse_associations_total 1',
    'archwire_dimse_associations_ended_total{outcome="released"} 1',
    'archwire_dimse_stored_objects_total 1',
    'archwire_dimse_stored_bytes_total 100000',
  ]);
  expect(
    listener.lines
      .filter(({ level }) => level === 'info')
      .map(({ message, fields }) => ({ message, fields })),
  ).toEqual([
    {
      message: 'association accepted',
      fields: { callingAe: 'PANO', calledAe: 'ARCHWIRE', address: '127.0.0.1', contexts: 2, accepted: 2 },
    },
    {
      message: 'association ended',
      fields: {
        callingAe: 'PANO',
        calledAe: 'ARCHWIRE',
        address: '127.0.0.1',
        outcome: 'released',
        objectCount: 1,
        byteCount: 100_000,
        failureCount: 0,
      },
    },
  ]);
});

test('however the message is cut into PDVs, PDUs and segments, the same bytes arrive', async () => {
  const listener = await start({ ingest: new FakeIngest({ highWater: 20_000 }) });
  const peer = await RawPeer.associate(listener.port);
  const command = storeCommand();
  const third = Math.floor(PIXELS.length / 3);
  const shapes = [
    // Everything in one PDU, the command in two PDVs, PDVs without bytes between.
    pData(
      pdv(3, COMMAND, command.subarray(0, 11)),
      pdv(3, COMMAND, Buffer.alloc(0)),
      pdv(3, COMMAND | LAST, command.subarray(11)),
      pdv(3, 0, Buffer.alloc(0)),
      pdv(3, 0, PIXELS.subarray(0, third)),
      pdv(3, 0, PIXELS.subarray(third, 2 * third)),
      pdv(3, 0, PIXELS.subarray(2 * third)),
      pdv(3, LAST, Buffer.alloc(0)),
    ),
    store(PIXELS, { fragment: 1_001 }),
    store(PIXELS, { fragment: 131_000 }),
  ];
  for (const bytes of shapes) {
    // Single bytes across the headers, then pieces of odd length.
    for (let at = 0; at < 200; at++) peer.send(bytes.subarray(at, at + 1));
    for (let at = 200; at < bytes.length; at += 7_919) {
      peer.send(bytes.subarray(at, at + 7_919));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await peer.receiveCommand())?.['Status']).toBe(0);
  }
  expect(listener.ingest.kept.map((kept) => [kept.length, kept.sha256])).toEqual(
    shapes.map(() => [PIXELS.length, sha256(PIXELS)]),
  );
  expect(listener.ingest.drains).toBeGreaterThan(3);
  peer.destroy();
});

test('an object in single bytes does not become a hundred thousand pieces in memory', async () => {
  const listener = await start();
  const peer = await RawPeer.associate(listener.port);
  const parts = [pdv(3, COMMAND | LAST, storeCommand())];
  for (let at = 0; at < PIXELS.length; at++)
    parts.push(pdv(3, at + 1 === PIXELS.length ? LAST : 0, PIXELS.subarray(at, at + 1)));
  for (let at = 0; at < parts.length; at += 10_000) peer.send(pData(...parts.slice(at, at + 10_000)));
  expect((await peer.receiveCommand())?.['Status']).toBe(0);
  const { kept, writes } = listener.ingest;
  expect([kept.map(({ sha256: digest }) => digest), writes]).toEqual([
    [sha256(PIXELS)],
    Math.ceil(PIXELS.length / (16_384 - 2_047)),
  ]);
  peer.destroy();
});

test('a pipelined second command waits for the answer to the first', async () => {
  const listener = await start({ ingest: new FakeIngest({ finishDelayMs: 30 }) });
  const peer = await RawPeer.associate(listener.port);
  peer.send(
    Buffer.concat([
      store(PIXELS, { messageId: 1, sopInstance: '2.25.1' }),
      store(PIXELS, { messageId: 2, sopInstance: '2.25.2' }),
      echo(3),
      releaseRequest(),
    ]),
  );
  const answers = [await peer.receiveCommand(), await peer.receiveCommand(), await peer.receiveCommand()];
  expect(
    answers.map((answer) => [
      answer?.['MessageIDBeingRespondedTo'],
      answer?.['CommandField'],
      answer?.['Status'],
    ]),
  ).toEqual([
    [1, 0x8001, 0],
    [2, 0x8001, 0],
    [3, 0x8030, 0],
  ]);
  expect((await peer.receive())?.type).toBe(6);
});

test('what is not granted is not answered: asynchronous operations, user identity', async () => {
  const listener = await start();
  const peer = await RawPeer.open(listener.port);
  peer.send(
    associateRequest({ userItems: [asyncItem(0, 0), userIdentityItem('someone'), roleItem(CT, 1, 1)] }),
  );
  const answer = await peer.receive();
  const body = answer?.body ?? Buffer.alloc(0);
  const userInformation = body.subarray(body.lastIndexOf(Buffer.from([0x50, 0x00])) + 4);
  const items: number[] = [];
  for (let at = 0; at < userInformation.length; at += 4 + userInformation.readUInt16BE(at + 2)) {
    items.push(userInformation.readUInt8(at));
  }
  expect({ type: answer?.type, items }).toEqual({ type: 2, items: [0x51, 0x52, 0x54, 0x55] });
  peer.destroy();
});

test('a command that is not served is answered so, with or without a data set', async () => {
  const listener = await start();
  const peer = await RawPeer.associate(listener.port);
  peer.send(store(PIXELS, { commandField: 0x0020 }));
  const find = await peer.receiveCommand();
  peer.send(
    pData(pdv(3, COMMAND | LAST, storeCommand({ commandField: 0x0021, dataSetType: 0x0101, messageId: 2 }))),
  );
  const move = await peer.receiveCommand();
  // C-CANCEL has no answer.
  peer.send(pData(pdv(3, COMMAND | LAST, storeCommand({ commandField: 0x0fff, dataSetType: 0x0101 }))));
  peer.send(pData(pdv(3, COMMAND | LAST, storeCommand({ dataSetType: 0x0101, messageId: 4 }))));
  const storeWithoutData = await peer.receiveCommand();
  expect(
    [find, move, storeWithoutData].map((it) => [it?.['CommandField'], it?.['Status'], it?.['ErrorComment']]),
  ).toEqual([
    [0x8020, 0x0211, 'This operation is not served here.'],
    [0x8021, 0x0211, 'This operation is not served here.'],
    [0x8001, 0xc000, 'Not a readable DICOM data set. Check the export of the sender.'],
  ]);
  expect(listener.ingest.begun).toBe(0);
  peer.destroy();
});

test('C-STORE that cannot be kept is read to its end, answered, and the association goes on', async () => {
  const errors = [
    new AppError('invalid', 'x', { details: { reason: 'uid-mismatch' } }),
    new AppError('invalid', 'x', { details: { reason: 'not-dicom' } }),
    new AppError('storage-full', 'x'),
    new AppError('unavailable', 'x'),
    new Error('a bug'),
  ];
  const takeFinishError = (): Error | undefined => errors.shift();
  const listener = await start({ ingest: new FakeIngest({ finishError: takeFinishError }) });
  const peer = await RawPeer.associate(listener.port);
  const statuses: unknown[] = [];
  for (let messageId = 1; messageId <= 6; messageId++) {
    peer.send(store(PIXELS, { messageId }));
    statuses.push((await peer.receiveCommand())?.['Status']);
  }
  peer.send(store(PIXELS, { sopInstance: 'not-a-uid' }));
  statuses.push((await peer.receiveCommand())?.['Status']);
  peer.send(store(PIXELS, { sopClass: '1.2.840.10008.5.1.4.31' }));
  statuses.push((await peer.receiveCommand())?.['Status']);
  expect(statuses).toEqual([0xa900, 0xc000, 0xa700, 0x0110, 0x0110, 0x0000, 0x0117, 0x0122]);
  expect([listener.ingest.open, listener.ingest.kept.length]).toEqual([0, 1]);
  peer.destroy();
});

test('a full or missing target is told before the first byte is kept', async () => {
  const listener = await start({
    ingest: new FakeIngest({ beginError: () => new AppError('storage-full', 'x') }),
  });
  const peer = await RawPeer.associate(listener.port);
  peer.send(store(PIXELS));
  expect(await peer.receiveCommand()).toMatchObject({
    Status: 0xa700,
    ErrorComment: 'Storage is full. Free disk space on the server, then resend.',
  });
  expect(await echoOnce(listener.port)).toBe(0);
  peer.destroy();
});

test('a door that throws while it takes bytes ends one object, not the process', async () => {
  let failures = 1;
  const listener = await start({
    ingest: new FakeIngest({ writeError: () => (failures-- > 0 ? new Error('a bug') : undefined) }),
  });
  const peer = await RawPeer.associate(listener.port);
  peer.send(Buffer.concat([store(PIXELS, { messageId: 1 }), store(PIXELS, { messageId: 2 })]));
  const statuses = [(await peer.receiveCommand())?.['Status'], (await peer.receiveCommand())?.['Status']];
  expect({ statuses, open: listener.ingest.open }).toEqual({ statuses: [0x0110, 0], open: 0 });
  peer.destroy();
});

const rejection = async (
  listener: TestListener,
  request: Parameters<typeof associateRequest>[0],
): Promise<readonly number[] | null> => {
  const peer = await RawPeer.open(listener.port);
  peer.send(associateRequest(request));
  const answer = await peer.receive();
  await peer.closed();
  return answer && [answer.type, ...answer.body];
};

test('admission: who is refused is told why and recorded; an outage asks for another try', async () => {
  const admit: DicomListenerOptions['admit'] = async ({ calledAe, callingAe }) => {
    if (callingAe === 'OUTAGE') throw new AppError('unavailable', 'The database is away.');
    if (callingAe === 'HANG') return new Promise(() => {});
    if (calledAe !== 'ARCHWIRE') return { admitted: false, reason: 'called-ae' };
    return callingAe === 'KNOWN'
      ? { admitted: true, source: ADMITTED }
      : { admitted: false, reason: 'calling-ae' };
  };
  const listener = await start({ admit, limits: { admissionTimeoutMs: 50 } });
  expect([
    await rejection(listener, { calledAe: 'OTHER', callingAe: 'KNOWN' }),
    await rejection(listener, { callingAe: 'STRANGER' }),
    await rejection(listener, { callingAe: 'OUTAGE' }),
    await rejection(listener, { callingAe: 'HANG' }),
    await rejection(listener, { callingAe: 'KNOWN', maxPduLength: 6 }),
    await rejection(listener, { callingAe: 'KNOWN', maxPduLength: 127 }),
    await rejection(listener, { callingAe: 'KNOWN', protocolVersion: 2 }),
    await rejection(listener, { callingAe: 'KNOWN', applicationContext: '1.2.3' }),
    await rejection(listener, { callingAe: 'KNOWN', contexts: [] }),
  ]).toEqual([
    [3, 0, 1, 1, 7],
    [3, 0, 1, 1, 3],
    [3, 0, 2, 3, 1],
    [3, 0, 2, 3, 1],
    [3, 0, 1, 1, 1],
    [3, 0, 1, 1, 1],
    [3, 0, 1, 2, 2],
    [3, 0, 1, 1, 2],
    [3, 0, 1, 1, 1],
  ]);
  const known = { calledAe: 'ARCHWIRE', callingAe: 'KNOWN', address: '127.0.0.1' };
  expect(listener.refusals).toEqual([
    { ...known, calledAe: 'OTHER', reason: 'called-ae' },
    { ...known, callingAe: 'STRANGER', reason: 'calling-ae' },
    { ...known, callingAe: 'OUTAGE', reason: 'unavailable' },
    { ...known, callingAe: 'HANG', reason: 'unavailable' },
    { ...known, reason: 'max-pdu-length' },
    { ...known, reason: 'max-pdu-length' },
    { ...known, reason: 'protocol-version' },
    { ...known, reason: 'application-context' },
    { ...known, reason: 'no-contexts' },
  ]);
  const peer = await RawPeer.associate(listener.port, { callingAe: 'KNOWN', maxPduLength: 128 });
  peer.destroy();
});

test('peers with the smallest and with no maximum get whole answers', async () => {
  const listener = await start({
    ingest: new FakeIngest({ finishError: () => new AppError('storage-full', 'x') }),
  });
  const unlimited = await RawPeer.associate(listener.port, { maxPduLength: 0 });
  unlimited.send(store(PIXELS));
  expect((await unlimited.receiveCommand())?.['Status']).toBe(0xa700);
  unlimited.destroy();
  const small = await RawPeer.associate(listener.port, { maxPduLength: 128 });
  small.send(store(PIXELS));
  const parts = [await small.receive(), await small.receive()];
  expect(parts.map((part) => [part?.type, (part?.body.length ?? 999) <= 128, part?.body[5]])).toEqual([
    [4, true, 0x01],
    [4, true, 0x03],
  ]);
  small.destroy();
});

test('one AE title cannot take all associations', async () => {
  const listener = await start({ limits: { maxAssociationsPerAe: 2 } });
  const first = await RawPeer.associate(listener.port);
  const second = await RawPeer.associate(listener.port);
  expect(await rejection(listener, {})).toEqual([3, 0, 2, 3, 2]);
  expect(await echoOnce(listener.port)).toBe(0);
  first.destroy();
  await first.closed();
  second.send(releaseRequest());
  await second.closed();
  expect(await echoOnce(listener.port)).toBe(0);
  const third = await RawPeer.associate(listener.port);
  third.destroy();
});

test('stop: what is under way is finished and answered, what is idle is aborted, nothing new gets in', async () => {
  const listener = await start({
    ingest: new FakeIngest({ finishDelayMs: 100 }),
    limits: { stopTimeoutMs: 5_000 },
  });
  const idle = await RawPeer.associate(listener.port);
  const silent = await RawPeer.open(listener.port);
  const busy = await RawPeer.associate(listener.port, { callingAe: 'BUSY' });
  const bytes = store(PIXELS);
  busy.send(bytes.subarray(0, 50_000));
  await new Promise((resolve) => setTimeout(resolve, 30));
  const stopped = listener.stop();
  busy.send(bytes.subarray(50_000));
  expect((await busy.receiveCommand())?.['Status']).toBe(0);
  busy.send(releaseRequest());
  expect((await busy.receive())?.type).toBe(6);
  expect(await idle.receive()).toEqual({ type: 7, body: Buffer.from([0, 0, 0, 0]) });
  await silent.closed();
  await stopped;
  await expect(RawPeer.open(listener.port)).rejects.toThrow('ECONNREFUSED');
  expect(listener.ingest.kept.length).toBe(1);
});

test('stop: a peer that does not come to an end is aborted when the time is up', async () => {
  const listener = await start({ limits: { stopTimeoutMs: 100, closeTimeoutMs: 100 } });
  const peer = await RawPeer.associate(listener.port);
  peer.send(store(PIXELS).subarray(0, 50_000));
  await new Promise((resolve) => setTimeout(resolve, 30));
  await listener.stop();
  expect(await peer.receive()).toEqual({ type: 7, body: Buffer.from([0, 0, 0, 0]) });
  expect([listener.ingest.open, listener.ingest.aborted]).toEqual([0, 1]);
});

test('the clock: silence before the request, inside an object and between objects each ends in its own way', async () => {
  const listener = await start({
    limits: { requestTimeoutMs: 500, stallTimeoutMs: 500, idleTimeoutMs: 900, closeTimeoutMs: 200 },
    ingest: new FakeIngest({ finishDelayMs: 1_500 }),
  });
  const silent = await RawPeer.open(listener.port);
  const stalled = await RawPeer.associate(listener.port);
  stalled.send(store(PIXELS).subarray(0, 50_000));
  const idle = await RawPeer.associate(listener.port);
  const waiting = await RawPeer.associate(listener.port);
  waiting.send(store(PIXELS));
  expect(await silent.receive()).toBeNull();
  expect(await stalled.receive()).toEqual({ type: 7, body: Buffer.from([0, 0, 0, 0]) });
  expect(await idle.receive()).toEqual({ type: 7, body: Buffer.from([0, 0, 0, 0]) });
  // Longer than every timeout, but it is we who keep the peer waiting.
  expect((await waiting.receiveCommand())?.['Status']).toBe(0);
  waiting.destroy();
  expect([listener.ingest.open, listener.ingest.aborted]).toEqual([0, 1]);
});

test('a request that trickles in byte by byte buys no time', async () => {
  const listener = await start({ limits: { requestTimeoutMs: 200 } });
  const peer = await RawPeer.open(listener.port);
  const request = associateRequest();
  let at = 0;
  const timer = setInterval(() => peer.send(request.subarray(at, ++at)), 20);
  await peer.closed();
  clearInterval(timer);
  expect(at).toBeLessThan(request.length);
  expect(await echoOnce(listener.port)).toBe(0);
});

test('a mistake of ours costs one association, not the process', async () => {
  const listener = await start({
    admit: async ({ callingAe }) => ({
      admitted: true,
      source: {
        ...ADMITTED,
        get tenantId(): string {
          if (callingAe === 'UNLUCKY') throw new Error('a bug');
          return 'tenant';
        },
      },
    }),
  });
  const peer = await RawPeer.open(listener.port);
  peer.send(associateRequest({ callingAe: 'UNLUCKY' }));
  expect(await peer.receive()).toEqual({ type: 7, body: Buffer.from([0, 0, 0, 0]) });
  await peer.closed();
  expect(listener.lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
    'association failed',
  ]);
  expect(await echoOnce(listener.port)).toBe(0);
});

test('a peer that asks and never reads is not let to fill our memory', async () => {
  const listener = await start({ limits: { stallTimeoutMs: 300 } });
  const peer = await RawPeer.associate(listener.port);
  peer.socket.pause();
  const questions = Buffer.concat(
    Array.from({ length: 1_000 }, () => pData(pdv(1, COMMAND | LAST, echoCommand(1)))),
  );
  const before = process.memoryUsage().rss;
  for (let round = 0; round < 200 && !peer.socket.destroyed; round++) {
    if (!peer.socket.write(questions)) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  const timedOut = 'archwire_dimse_associations_ended_total{outcome="timed-out"} 1';
  for (let tries = 0; tries < 200 && !(await listener.metrics()).includes(timedOut); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(150);
  peer.destroy();
  expect(await echoOnce(listener.port)).toBe(0);
  expect(await listener.metrics()).toContain(timedOut);
});
