import dimse from 'dcmjs-dimse';
import { expect, test } from 'vitest';
import { readCommand, writeRequest, writeResponse } from './command-codec.ts';
import { MESSAGE_HEAD_ROOM, frameMessage } from './frame-message.ts';
import { echoCommand, storeCommand } from './testing/peer-pdus.ts';

test('a command set that the library writes is read alike', () => {
  const request = new dimse.requests.CStoreRequest(
    new dimse.Dataset(
      { SOPClassUID: '1.2.840.10008.5.1.4.1.1.2', SOPInstanceUID: '2.25.5' },
      '1.2.840.10008.1.2',
    ),
  );
  request.getCommandDataset().setElement('AffectedSOPInstanceUID', '2.25.5');
  const dataset: { setElement(tag: string, value: unknown): void } = request.getCommandDataset();
  dataset.setElement('MessageID', 513);
  expect(readCommand(request.getCommandDataset().getDenaturalizedCommandDataset())).toEqual({
    CommandField: 0x0001,
    MessageID: 513,
    hasDataSet: true,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    SOPInstanceUID: '2.25.5',
    MessageIDBeingRespondedTo: null,
    Status: null,
    ErrorComment: null,
    Priority: 0,
    MoveDestination: null,
    MoveOriginatorApplicationEntityTitle: null,
    MoveOriginatorMessageID: null,
    EventTypeID: null,
    ActionTypeID: null,
    AttributeIdentifierList: null,
    NumberOfRemainingSuboperations: null,
    NumberOfCompletedSuboperations: null,
    NumberOfFailedSuboperations: null,
    NumberOfWarningSuboperations: null,
  });
});

test('the elements of C-MOVE, of its C-STORE and of DIMSE-N are written and read alike by us and by the library', () => {
  const elements = {
    MoveDestination: 'VNA',
    Priority: 2,
    EventTypeID: 1,
    ActionTypeID: 7,
    NumberOfRemainingSuboperations: 400,
    NumberOfCompletedSuboperations: 3,
    NumberOfFailedSuboperations: 2,
    NumberOfWarningSuboperations: 1,
    MoveOriginatorApplicationEntityTitle: 'VIEWER',
    MoveOriginatorMessageID: 65_535,
  };
  const requested = { RequestedSOPClassUID: '1.2.840.10008.1.20.1', RequestedSOPInstanceUID: '2.25.9' };
  const bytes = writeRequest(
    { CommandField: 0x0130, MessageID: 3, ...requested, ...elements, hasDataSet: true },
    0,
  );
  expect(readCommand(bytes)).toMatchObject({
    ...elements,
    SOPClassUID: '1.2.840.10008.1.20.1',
    SOPInstanceUID: '2.25.9',
    hasDataSet: true,
  });
  expect(new dimse.Dataset(bytes).getElements()).toMatchObject({
    CommandGroupLength: bytes.length - 12,
    ...requested,
    ...elements,
  });
});

test('the attributes that an N-GET asks for are read as tags', () => {
  const list = Buffer.from('0000051008000000400052000800 1000'.replace(' ', ''), 'hex');
  const request = writeRequest({ CommandField: 0x0110, MessageID: 1 }, 0);
  expect(readCommand(Buffer.concat([request, list]))?.AttributeIdentifierList).toEqual([
    '00400052',
    '00080010',
  ]);
});

test('a request that we write is read alike by the library, and has the length it says', () => {
  const bytes = writeRequest(
    { CommandField: 0x0030, MessageID: 65_534, AffectedSOPClassUID: '1.2.840.10008.1.1' },
    0,
  );
  expect(new dimse.Dataset(bytes).getElements()).toMatchObject({
    CommandGroupLength: bytes.length - 12,
    AffectedSOPClassUID: '1.2.840.10008.1.1',
    CommandField: 0x0030,
    MessageID: 65_534,
    CommandDataSetType: 0x0101,
  });
});

test('a response that we write is read alike by the library, and has the length it says', () => {
  const bytes = writeResponse(
    {
      CommandField: 0x8001,
      MessageIDBeingRespondedTo: 65_535,
      Status: 0xa700,
      AffectedSOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
      AffectedSOPInstanceUID: '2.25.55',
      ErrorComment: 'odd',
    },
    0,
  );
  expect(readCommand(bytes)).toMatchObject({ MessageIDBeingRespondedTo: 65_535, Status: 0xa700 });
  expect(new dimse.Dataset(bytes).getElements()).toMatchObject({
    CommandGroupLength: bytes.length - 12,
    AffectedSOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    CommandField: 0x8001,
    MessageIDBeingRespondedTo: 65_535,
    CommandDataSetType: 0x0101,
    Status: 0xa700,
    ErrorComment: 'odd',
    AffectedSOPInstanceUID: '2.25.55',
  });
});

test('what is not a command set is not taken for one', () => {
  expect(readCommand(Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toBeUndefined();
  expect(readCommand(Buffer.alloc(0))).toBeUndefined();
  expect(readCommand(echoCommand(1).subarray(0, -1))).toBeUndefined();
  const overrun = storeCommand();
  overrun.writeUInt32LE(0xffff_fff0, 12 + 4);
  expect(readCommand(overrun)).toBeUndefined();
});

test('a peer with a small maximum gets the command in several PDUs, none larger than it asked for', () => {
  const response = {
    CommandField: 0x8030,
    MessageIDBeingRespondedTo: 1,
    Status: 0,
    AffectedSOPClassUID: '1.2.840.10008.1.1',
    AffectedSOPInstanceUID: '',
    ErrorComment: 'x'.repeat(64),
  };
  const whole = writeResponse(response, 0);
  const framed = frameMessage(writeResponse(response, MESSAGE_HEAD_ROOM), 7, 128);
  const parts: Buffer[] = [];
  for (let at = 0; at < framed.length;) {
    const length = framed.readUInt32BE(at + 2);
    const value = framed.subarray(at + 12, at + 6 + length);
    parts.push(value);
    const last = at + 6 + length === framed.length;
    expect([
      length <= 128,
      ...framed.subarray(at, at + 2),
      framed.readUInt32BE(at + 6),
      framed[at + 10],
      framed[at + 11],
    ]).toEqual([true, 0x04, 0x00, value.length + 2, 7, last ? 0x03 : 0x01]);
    at += 6 + length;
  }
  expect(parts.length).toBe(2);
  expect(Buffer.concat(parts)).toEqual(whole);
});
