// Real: the listener over TCP, the archive on its own disk, PostgreSQL (embedded). The peers are scripts.
import { writeDataSet, type DicomJson } from '@archwire/dicom';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sampleObject } from '../../dicomweb/testing/sample-object.ts';
import { readCommand, writeRequest, writeResponse } from '../command-codec.ts';
import { COMMAND, CT, EXPLICIT, IMPLICIT, LAST, pData, pdv, roleItem } from '../testing/peer-pdus.ts';
import { echoOnce, RawPeer } from '../testing/raw-peer.ts';
import { startRetrieve, type RunningRetrieve } from '../testing/start-retrieve.ts';

const STUDY_ROOT_GET = '1.2.840.10008.5.1.4.1.2.2.3';
let server: RunningRetrieve;

beforeAll(async () => {
  server = await startRetrieve();
});
beforeEach(async () => {
  server.tenant = await server.database.tenant();
});
afterAll(async () => {
  await server.stop();
});

describe('a scripted peer', () => {
  const STUDY = '1.2.3.5';
  const CONTEXTS = [
    { id: 1, abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: [IMPLICIT] },
    { id: 3, abstractSyntax: STUDY_ROOT_GET, transferSyntaxes: [IMPLICIT] },
    { id: 5, abstractSyntax: CT, transferSyntaxes: [EXPLICIT] },
  ];
  const open = async (more: object = {}): Promise<RawPeer> =>
    await RawPeer.associate(server.port, { contexts: CONTEXTS, userItems: [roleItem(CT, 0, 1)], ...more });
  const ask = (identifier: DicomJson): Buffer => {
    const command = writeRequest({ CommandField: 0x0010, MessageID: 1, Priority: 0, hasDataSet: true }, 0);
    return Buffer.concat([
      pData(pdv(3, COMMAND | LAST, command)),
      pData(pdv(3, LAST, writeDataSet(identifier, IMPLICIT, ''))),
    ]);
  };
  const study: DicomJson = {
    '00080052': { vr: 'CS', Value: ['STUDY'] },
    '0020000D': { vr: 'UI', Value: [STUDY] },
  };
  const respond = (MessageIDBeingRespondedTo: number, Status: number): Buffer =>
    pData(
      pdv(5, COMMAND | LAST, writeResponse({ CommandField: 0x8001, MessageIDBeingRespondedTo, Status }, 0)),
    );
  /** The next message, its data set read. */
  const receive = async (peer: RawPeer) => {
    const first = await peer.receive();
    if (first?.type !== 4) return { type: first?.type, command: undefined, dataSet: Buffer.alloc(0) };
    const command = readCommand(Buffer.from(first.body.subarray(6)));
    const parts: Buffer[] = [];
    while (command?.hasDataSet === true) {
      const pdu = await peer.receive();
      if (pdu?.type !== 4) return { type: pdu?.type, command, dataSet: Buffer.concat(parts) };
      parts.push(pdu.body.subarray(6));
      if ((pdu.body[5] ?? 0) & LAST) break;
    }
    return { type: 4, command, dataSet: Buffer.concat(parts) };
  };
  const put = async (count: number, size = 16): Promise<void> => {
    const files = Array.from({ length: count }, (_, n) =>
      sampleObject({ study: STUDY, series: `${STUDY}.1`, instance: n + 1, seed: n, size }),
    );
    await server.put(...files);
  };
  /** Answers every C-STORE by `statusOf`; the messages that were not C-STOREs. */
  const play = async (peer: RawPeer, statusOf: (n: number) => number) => {
    const answers: (readonly [number | null | undefined, unknown[], Buffer])[] = [];
    for (let n = 1; ;) {
      const { type, command, dataSet } = await receive(peer);
      if (type !== 4 || command === undefined) return { type, answers };
      if (command.CommandField === 1) {
        peer.send(respond(command.MessageID, statusOf(n)));
        n++;
        continue;
      }
      const { Status } = command;
      answers.push([
        Status,
        [
          command.NumberOfRemainingSuboperations,
          command.NumberOfCompletedSuboperations,
          command.NumberOfFailedSuboperations,
          command.NumberOfWarningSuboperations,
        ],
        dataSet,
      ]);
      if (Status !== 0xff00) return { type, answers };
    }
  };
  const uidOf = (n: number): string => `${STUDY}.1.${n}`;

  test('that answers warnings and failures gets counters for each, and the list of what failed', async () => {
    await put(4);
    const peer = await open();
    peer.send(ask(study));
    const { answers } = await play(peer, (n) => [0, 0xb000, 0xa700, 0xc123][n - 1] ?? 0);
    expect(answers.map(([status, counters]) => [status, counters])).toEqual([
      [0xff00, [3, 1, 0, 0]],
      [0xff00, [2, 1, 0, 1]],
      [0xff00, [1, 1, 1, 1]],
      [0xb000, [null, 1, 2, 1]],
    ]);
    expect(answers.at(-1)?.[2].toString('latin1')).toContain(`${uidOf(3)}\\${uidOf(4)}`);
    peer.destroy();
  });

  test('that keeps nothing is told that nothing could be sent', async () => {
    await put(2);
    const peer = await open();
    peer.send(ask(study));
    const { answers } = await play(peer, () => 0x0110);
    expect(answers.at(-1)?.slice(0, 2)).toEqual([0xa702, [null, 0, 2, 0]]);
    peer.destroy();
  });

  test('without a context for the class, or that does not offer to be SCP, gets failures, not a hang', async () => {
    await put(2);
    const before = server.sendLines.length;
    for (const contexts of [CONTEXTS.slice(0, 2), CONTEXTS]) {
      const peer = await open({ contexts, userItems: [] });
      peer.send(ask(study));
      const { answers } = await play(peer, () => 0);
      expect(answers.at(-1)?.slice(0, 2)).toEqual([0xa702, [null, 0, 2, 0]]);
      peer.destroy();
    }
    // Each of them once.
    expect(server.sendLines.slice(before).map(({ message, fields }) => ({ message, ...fields }))).toEqual(
      [1, 2].map(() =>
        expect.objectContaining({ message: 'instance not sent', callingAe: 'PEER', at: 'no-context' }),
      ),
    );
  });

  test('that cancels gets no more than is on its way', async () => {
    await put(6);
    const peer = await open();
    peer.send(ask(study));
    const first = await receive(peer);
    const cancel = writeResponse({ CommandField: 0x0fff, MessageIDBeingRespondedTo: 1, Status: 0 }, 0);
    peer.send(
      Buffer.concat([pData(pdv(3, COMMAND | LAST, cancel)), respond(first.command?.MessageID ?? 0, 0)]),
    );
    const { answers } = await play(peer, () => 0);
    expect(answers.at(-1)?.slice(0, 2)).toEqual([0xfe00, [5, 1, 0, 0]]);
    peer.send(pData(pdv(1, COMMAND | LAST, writeRequest({ CommandField: 0x30, MessageID: 9 }, 0))));
    expect(await peer.receiveCommand()).toMatchObject({ Status: 0 });
    peer.destroy();
  });

  test('that goes away, aborts or breaks the protocol in the middle costs nothing', async () => {
    await put(4, 600);
    for (const leave of [
      (peer: RawPeer) => peer.reset(),
      (peer: RawPeer) => peer.send(Buffer.from([7, 0, 0, 0, 0, 4, 0, 0, 0, 0])),
      (peer: RawPeer) => peer.send(respond(999, 0)),
      (peer: RawPeer) => peer.send(ask(study)),
      (peer: RawPeer) => peer.send(Buffer.from('GET / HTTP/1.1\r\n\r\n')),
    ]) {
      const peer = await open();
      peer.send(ask(study));
      await peer.receive();
      leave(peer);
      await peer.closed();
    }
    expect(await echoOnce(server.port)).toBe(0);
    await expect
      .poll(
        async () =>
          (await server.metrics()).filter((line) => line.startsWith('archwire_dimse_associations_open')),
        {
          timeout: 30_000,
        },
      )
      .toEqual([]);
  });
});

describe('limits', () => {
  test('more instances than may be sent at once, and more retrieves, are refused', async () => {
    const small = await startRetrieve({ most: { mostAtOnce: 1, mostSubOperations: 2 } });
    try {
      const contexts = [
        { id: 3, abstractSyntax: STUDY_ROOT_GET, transferSyntaxes: [IMPLICIT] },
        { id: 5, abstractSyntax: CT, transferSyntaxes: [EXPLICIT] },
      ];
      const ask = (study: string): Buffer => {
        const command = writeRequest(
          { CommandField: 0x0010, MessageID: 1, Priority: 0, hasDataSet: true },
          0,
        );
        const identifier = {
          '00080052': { vr: 'CS', Value: ['STUDY'] },
          '0020000D': { vr: 'UI', Value: [study] },
        };
        return Buffer.concat([
          pData(pdv(3, COMMAND | LAST, command)),
          pData(pdv(3, LAST, writeDataSet(identifier, IMPLICIT, ''))),
        ]);
      };
      const open = async (): Promise<RawPeer> =>
        await RawPeer.associate(small.port, { contexts, userItems: [roleItem(CT, 0, 1)] });
      const three = [1, 2, 3].map((instance) => sampleObject({ instance, seed: instance }));
      await small.put(...three, sampleObject({ study: '1.2.3.2', series: '1.2.3.2.1' }));
      const greedy = await open();
      greedy.send(ask('1.2.3.1'));
      expect(await greedy.receiveCommand()).toMatchObject({ CommandField: 0x8010, Status: 0xa701 });
      const slow = await open();
      slow.send(ask('1.2.3.2'));
      expect(await slow.receiveCommand()).toMatchObject({ CommandField: 1 });
      greedy.send(ask('1.2.3.2'));
      expect(await greedy.receiveCommand()).toMatchObject({ CommandField: 0x8010, Status: 0xa702 });
      slow.destroy();
      greedy.destroy();
    } finally {
      await small.stop();
    }
  });
});

describe('a peer that takes its time', () => {
  test('holds no more than a few pieces of an object in memory, however large that is', async () => {
    let asked = 0;
    let open = 0;
    let most = 0;
    const length = 300_000_000;
    const head = sampleObject({ study: '1.2.3.8', series: '1.2.3.8.1' });
    const slow = await startRetrieve({
      reader: {
        stored: () => ({
          length,
          read: async (offset, size) => {
            asked += size;
            open += size;
            most = Math.max(most, open);
            const bytes = Buffer.alloc(size);
            if (offset === 0) head.copy(bytes);
            return bytes;
          },
        }),
      },
    });
    try {
      await slow.put(head);
      const peer = await RawPeer.associate(slow.port, {
        contexts: [
          { id: 3, abstractSyntax: STUDY_ROOT_GET, transferSyntaxes: [IMPLICIT] },
          { id: 5, abstractSyntax: CT, transferSyntaxes: [EXPLICIT] },
        ],
        maxPduLength: 0,
        userItems: [roleItem(CT, 0, 1)],
      });
      let received = 0;
      peer.socket.removeAllListeners('data');
      peer.socket.on('data', (chunk: Buffer) => {
        received += chunk.length;
        open -= chunk.length;
      });
      const command = writeRequest({ CommandField: 0x0010, MessageID: 1, Priority: 0, hasDataSet: true }, 0);
      const identifier = {
        '00080052': { vr: 'CS', Value: ['STUDY'] },
        '0020000D': { vr: 'UI', Value: ['1.2.3.8'] },
      };
      peer.send(
        Buffer.concat([
          pData(pdv(3, COMMAND | LAST, command)),
          pData(pdv(3, LAST, writeDataSet(identifier, IMPLICIT, ''))),
        ]),
      );
      await expect.poll(() => received, { timeout: 50_000 }).toBeGreaterThan(1_000_000);
      peer.socket.pause();
      const halted = asked;
      // What the sockets hold, two chunks and two writes; then nothing more is read.
      await expect
        .poll(
          async () => {
            const before = asked;
            await new Promise((resolve) => setTimeout(resolve, 200));
            return asked === before;
          },
          { timeout: 50_000 },
        )
        .toBe(true);
      expect(asked).toBeLessThan(halted + 40_000_000);
      peer.socket.resume();
      await expect
        .poll(() => received, { timeout: 55_000, interval: 20 })
        .toBeGreaterThan(length - 1_000_000);
      expect(most).toBeLessThan(40_000_000);
      peer.destroy();
    } finally {
      await slow.stop();
    }
  });
});
