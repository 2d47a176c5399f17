// Real: the listener over TCP; a scripted peer. The services are small ones made for the test.
import { afterEach, expect, test } from 'vitest';
import { readCommand, writeRequest, writeResponse } from './command-codec.ts';
import type { DimseRequest, DimseResult, DimseService } from './dimse-service.ts';
import { CANCELLED, PENDING, SUCCESS } from './dimse-status.ts';
import {
  COMMAND,
  CT,
  echo,
  EXPLICIT,
  IMPLICIT,
  LAST,
  pData,
  pdv,
  releaseRequest,
  roleItem,
} from './testing/peer-pdus.ts';
import { RawPeer } from './testing/raw-peer.ts';
import { startListener, type TestListener } from './testing/start-listener.ts';

const GET = '1.2.840.10008.5.1.4.1.2.2.3';
const MPPS = '1.2.840.10008.3.1.2.3.3';

let listener: TestListener | undefined;
afterEach(async () => {
  await listener?.stop();
});

const service = (
  more: Partial<DimseService> & Pick<DimseService, 'perform' | 'commandField'>,
): DimseService => ({
  name: 'TEST',
  abstractSyntaxes: new Set([GET, MPPS]),
  transferSyntaxes: new Set([IMPLICIT]),
  needsDataSet: false,
  ...more,
});
/** Asks the peer to store, again and again, as C-GET does. */
const storing = (perform: (request: DimseRequest) => Promise<DimseResult>): DimseService =>
  service({ commandField: 0x0010, abstractSyntaxes: new Set([GET]), storesAtPeer: true, perform });

const open = async (...services: readonly DimseService[]): Promise<RawPeer> => {
  listener = await startListener({ services });
  return await RawPeer.associate(listener.port, {
    contexts: [
      { id: 1, abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: [IMPLICIT] },
      { id: 3, abstractSyntax: CT, transferSyntaxes: [EXPLICIT] },
      { id: 5, abstractSyntax: GET, transferSyntaxes: [IMPLICIT] },
      { id: 7, abstractSyntax: MPPS, transferSyntaxes: [IMPLICIT] },
    ],
    userItems: [roleItem(CT, 0, 1)],
  });
};
const request = (contextId: number, CommandField: number, MessageID: number, dataSet?: Buffer): Buffer => {
  const command = writeRequest({ CommandField, MessageID, hasDataSet: dataSet !== undefined }, 0);
  const sent = pData(pdv(contextId, COMMAND | LAST, command));
  return dataSet === undefined ? sent : Buffer.concat([sent, pData(pdv(contextId, LAST, dataSet))]);
};
const stored = (MessageIDBeingRespondedTo: number, Status = 0): Buffer =>
  pData(
    pdv(3, COMMAND | LAST, writeResponse({ CommandField: 0x8001, MessageIDBeingRespondedTo, Status }, 0)),
  );
/** Command and bytes of the next message with a data set. */
const receiveMessage = async (peer: RawPeer) => {
  const first = await peer.receive();
  const command = readCommand(Buffer.from(first?.body.subarray(6) ?? ''));
  const parts: Buffer[] = [];
  for (;;) {
    const pdu = await peer.receive();
    if (pdu?.type !== 4) throw new Error(`PDU of type ${pdu?.type} inside a data set`);
    parts.push(pdu.body.subarray(6));
    if ((pdu.body[5] ?? 0) & LAST) return { command, dataSet: Buffer.concat(parts) };
  }
};

test('a request is found by its command and its class, and its answer carries what the service gave', async () => {
  const seen: unknown[] = [];
  const answering = (name: string, commandField: number): DimseService =>
    service({
      name,
      commandField,
      abstractSyntaxes: new Set([MPPS]),
      perform: async ({ command, dataSet, context }) => {
        seen.push([name, command.MessageID, dataSet.toString(), context.id]);
        return {
          status: SUCCESS,
          elements: { AffectedSOPInstanceUID: '2.25.4', EventTypeID: 2 },
          dataSet: Buffer.from('back'),
        };
      },
    });
  const elsewhere = service({ commandField: 0x0010, perform: async () => ({ status: SUCCESS }) });
  const peer = await open(answering('N-CREATE', 0x0140), answering('N-SET', 0x0120), elsewhere);
  peer.send(request(7, 0x0120, 9, Buffer.from('some')));
  const { command, dataSet } = await receiveMessage(peer);
  expect(command).toMatchObject({
    CommandField: 0x8120,
    MessageIDBeingRespondedTo: 9,
    Status: 0,
    SOPInstanceUID: '2.25.4',
    EventTypeID: 2,
    hasDataSet: true,
  });
  expect(dataSet.toString()).toBe('back');
  peer.send(request(5, 0x0140, 10));
  expect(await peer.receiveCommand()).toMatchObject({ CommandField: 0x8140, Status: 0x0122 });
  peer.send(request(7, 0x0150, 11));
  expect(await peer.receiveCommand()).toMatchObject({ CommandField: 0x8150, Status: 0x0211 });
  expect(seen).toEqual([['N-SET', 9, 'some', 7]]);
  peer.destroy();
});

test('a service that needs a data set is not asked without one, nor with one that is too long', async () => {
  let asked = 0;
  const perform = async (): Promise<DimseResult> => {
    asked++;
    return { status: SUCCESS };
  };
  const peer = await open(service({ commandField: 0x0130, needsDataSet: true, perform }));
  peer.send(request(7, 0x0130, 1));
  expect(await peer.receiveCommand()).toMatchObject({ CommandField: 0x8130, Status: 0xc000 });
  peer.destroy();
  await listener?.stop();
  listener = await startListener({
    services: [service({ commandField: 0x0130, perform })],
    limits: { maxIdentifierLength: 10 },
  });
  const long = await RawPeer.associate(listener.port, {
    contexts: [{ id: 7, abstractSyntax: MPPS, transferSyntaxes: [IMPLICIT] }],
  });
  long.send(request(7, 0x0130, 1, Buffer.alloc(11)));
  expect((await long.receive())?.type).toBe(7);
  expect(asked).toBe(0);
});

test('a request that cannot be cancelled is answered before the next one, or the release, is looked at', async () => {
  const order: number[] = [];
  const slow = service({
    commandField: 0x0120,
    perform: async ({ command: { MessageID } }) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push(MessageID);
      return { status: SUCCESS };
    },
  });
  const peer = await open(slow);
  peer.send(Buffer.concat([request(7, 0x0120, 1), request(7, 0x0120, 2), echo(3), releaseRequest()]));
  const answered: unknown[] = [];
  for (let n = 0; n < 3; n++) answered.push((await peer.receiveCommand())?.['MessageIDBeingRespondedTo']);
  expect([answered, order, (await peer.receive())?.type]).toEqual([[1, 2, 3], [1, 2], 6]);
});

test('C-STORE to the peer on its own association, one after the other, the responses routed back', async () => {
  const pixels = Buffer.alloc(50_000, 7);
  const statuses: unknown[] = [];
  const peer = await open(
    storing(async ({ invoke, pending }) => {
      for (const SOPInstanceUID of ['2.25.1', '2.25.2']) {
        const command = {
          CommandField: 0x0001,
          AffectedSOPClassUID: CT,
          AffectedSOPInstanceUID: SOPInstanceUID,
        };
        const response = await invoke({ contextId: 3, command, dataSet: [pixels] });
        statuses.push(response.Status);
        await pending([{ status: PENDING, elements: { NumberOfCompletedSuboperations: statuses.length } }]);
      }
      return { status: SUCCESS };
    }),
  );
  peer.send(request(5, 0x0010, 1));
  for (const [n, status] of [0, 0xb000].entries()) {
    const { command, dataSet } = await receiveMessage(peer);
    expect(command).toMatchObject({ CommandField: 1, MessageID: n + 1, SOPInstanceUID: `2.25.${n + 1}` });
    expect(dataSet.equals(pixels)).toBe(true);
    peer.send(stored(n + 1, status));
    expect(await peer.receiveCommand()).toMatchObject({
      Status: 0xff00,
      NumberOfCompletedSuboperations: n + 1,
    });
  }
  expect(await peer.receiveCommand()).toMatchObject({ CommandField: 0x8010, Status: 0 });
  expect(statuses).toEqual([0, 0xb000]);
  peer.destroy();
});

test('C-CANCEL and the end of the association reach the service', async () => {
  const ends: string[] = [];
  const waiting = service({
    commandField: 0x0020,
    perform: async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      ends.push('ended');
      return { status: CANCELLED };
    },
  });
  const peer = await open(waiting);
  peer.send(request(7, 0x0020, 4));
  const cancel = writeResponse({ CommandField: 0x0fff, MessageIDBeingRespondedTo: 3, Status: 0 }, 0);
  peer.send(pData(pdv(7, COMMAND | LAST, cancel)));
  const right = writeResponse({ CommandField: 0x0fff, MessageIDBeingRespondedTo: 4, Status: 0 }, 0);
  peer.send(pData(pdv(7, COMMAND | LAST, right)));
  expect(await peer.receiveCommand()).toMatchObject({ MessageIDBeingRespondedTo: 4, Status: 0xfe00 });
  peer.send(request(7, 0x0020, 5));
  peer.send(echo(6));
  peer.reset();
  await expect.poll(() => ends.length, { timeout: 30_000 }).toBe(2);
});

test('what the peer owes is rejected when it goes; a second command or a response to nothing ends the association', async () => {
  const errors: unknown[] = [];
  const peers: RawPeer[] = [];
  const asking = storing(async ({ invoke }) => {
    try {
      await invoke({ contextId: 3, command: { CommandField: 0x0001 }, dataSet: [Buffer.alloc(10)] });
    } catch (error) {
      errors.push(error);
    }
    return { status: SUCCESS };
  });
  for (const say of [
    (peer: RawPeer) => peer.reset(),
    (peer: RawPeer) => peer.send(request(7, 0x0130, 2)),
    (peer: RawPeer) => peer.send(stored(77)),
  ]) {
    await listener?.stop();
    const peer = await open(asking);
    peers.push(peer);
    peer.send(request(5, 0x0010, 1));
    await receiveMessage(peer);
    say(peer);
    await peer.closed();
  }
  await expect.poll(() => errors.length, { timeout: 30_000 }).toBe(3);
  expect(errors).toEqual(Array.from({ length: 3 }, () => expect.objectContaining({ kind: 'unavailable' })));
});

test('a data set that breaks off half-way ends the association: the peer must not take it for whole', async () => {
  const ends: boolean[] = [];
  const peer = await open(
    storing(async ({ invoke, signal }) => {
      for (const size of [0, 3_000_000]) {
        const broken = async function* () {
          yield Buffer.alloc(size);
          throw new Error('the store is gone');
        };
        await invoke({ contextId: 3, command: { CommandField: 0x0001 }, dataSet: broken() }).catch(() => {});
        // What broke before anything was sent costs the peer nothing.
        ends.push(signal.aborted);
      }
      return { status: SUCCESS };
    }),
  );
  peer.send(request(5, 0x0010, 1));
  await expect(receiveMessage(peer)).rejects.toThrow('PDU of type 7 inside a data set');
  expect(ends).toEqual([false, true]);
});

test('a peer that does not respond is left after the stall time', async () => {
  const ended: unknown[] = [];
  listener = await startListener({
    services: [
      storing(async ({ invoke }) => {
        await invoke({ contextId: 3, command: { CommandField: 0x0001 } }).catch((error: unknown) =>
          ended.push(error),
        );
        return { status: SUCCESS };
      }),
    ],
    limits: { stallTimeoutMs: 200 },
  });
  const peer = await RawPeer.associate(listener.port, {
    contexts: [
      { id: 3, abstractSyntax: CT, transferSyntaxes: [EXPLICIT] },
      { id: 5, abstractSyntax: GET, transferSyntaxes: [IMPLICIT] },
    ],
  });
  peer.send(request(5, 0x0010, 1));
  expect(await peer.receiveCommand()).toMatchObject({ CommandField: 1 });
  expect((await peer.receive())?.type).toBe(7);
  await expect.poll(() => ended.length, { timeout: 30_000 }).toBe(1);
});
