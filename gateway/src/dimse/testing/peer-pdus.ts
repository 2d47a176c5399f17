/** PDUs as a peer sends them, written by hand from PS3.8 section 9.3, so that wrong ones can be written too. */

const text = (value: string): Buffer => Buffer.from(value, 'latin1');

const item = (type: number, body: Buffer): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt8(type, 0);
  head.writeUInt16BE(body.length, 2);
  return Buffer.concat([head, body]);
};

export const pdu = (type: number, body: Buffer, claimedLength = body.length): Buffer => {
  const head = Buffer.alloc(6);
  head.writeUInt8(type, 0);
  head.writeUInt32BE(claimedLength, 2);
  return Buffer.concat([head, body]);
};

export interface PeerContext {
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntaxes: readonly string[];
}

export interface PeerRequest {
  readonly calledAe?: string;
  readonly callingAe?: string;
  readonly contexts?: readonly PeerContext[];
  readonly maxPduLength?: number;
  readonly protocolVersion?: number;
  readonly applicationContext?: string;
  /** More User Information sub-items. */
  readonly userItems?: readonly Buffer[];
}

export const CT = '1.2.840.10008.5.1.4.1.1.2';
export const VERIFICATION = '1.2.840.10008.1.1';
export const IMPLICIT = '1.2.840.10008.1.2';
export const EXPLICIT = '1.2.840.10008.1.2.1';

export const DEFAULT_CONTEXTS: readonly PeerContext[] = [
  { id: 1, abstractSyntax: VERIFICATION, transferSyntaxes: [IMPLICIT] },
  { id: 3, abstractSyntax: CT, transferSyntaxes: [EXPLICIT, IMPLICIT] },
];

export const roleItem = (abstractSyntax: string, scu: number, scp: number): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(abstractSyntax.length);
  return item(0x54, Buffer.concat([length, text(abstractSyntax), Buffer.from([scu, scp])]));
};

export const asyncItem = (invoked: number, performed: number): Buffer => {
  const body = Buffer.alloc(4);
  body.writeUInt16BE(invoked, 0);
  body.writeUInt16BE(performed, 2);
  return item(0x53, body);
};

export const userIdentityItem = (name: string): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(name.length);
  return item(0x58, Buffer.concat([Buffer.from([1, 1]), length, text(name), Buffer.alloc(2)]));
};

export const associateRequest = (request: PeerRequest = {}): Buffer => {
  const fixed = Buffer.alloc(68);
  fixed.writeUInt16BE(request.protocolVersion ?? 1, 0);
  fixed.write((request.calledAe ?? 'ARCHWIRE').padEnd(16), 4, 'latin1');
  fixed.write((request.callingAe ?? 'PEER').padEnd(16), 20, 'latin1');
  const contexts = (request.contexts ?? DEFAULT_CONTEXTS).map(({ id, abstractSyntax, transferSyntaxes }) =>
    item(
      0x20,
      Buffer.concat([
        Buffer.from([id, 0, 0, 0]),
        item(0x30, text(abstractSyntax)),
        ...transferSyntaxes.map((uid) => item(0x40, text(uid))),
      ]),
    ),
  );
  const maxPduLength = Buffer.alloc(4);
  maxPduLength.writeUInt32BE(request.maxPduLength ?? 16_384);
  return pdu(
    0x01,
    Buffer.concat([
      fixed,
      item(0x10, text(request.applicationContext ?? '1.2.840.10008.3.1.1.1')),
      ...contexts,
      item(
        0x50,
        Buffer.concat([item(0x51, maxPduLength), item(0x52, text('2.25.1')), ...(request.userItems ?? [])]),
      ),
    ]),
  );
};

export const pdv = (
  contextId: number,
  control: number,
  value: Buffer,
  claimedLength = value.length + 2,
): Buffer => {
  const head = Buffer.alloc(6);
  head.writeUInt32BE(claimedLength, 0);
  head.writeUInt8(contextId, 4);
  head.writeUInt8(control, 5);
  return Buffer.concat([head, value]);
};

export const pData = (...pdvs: readonly Buffer[]): Buffer => pdu(0x04, Buffer.concat(pdvs));

const element = (number: number, value: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(number, 2);
  head.writeUInt32LE(value.length, 4);
  return Buffer.concat([head, value]);
};
const uid = (value: string): Buffer => text(value.length % 2 ? `${value}\0` : value);
const us = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};

const command = (elements: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(elements);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([element(0x0000, length), body]);
};

export const echoCommand = (messageId: number): Buffer =>
  command([
    element(0x0002, uid(VERIFICATION)),
    element(0x0100, us(0x0030)),
    element(0x0110, us(messageId)),
    element(0x0800, us(0x0101)),
  ]);

export interface PeerStore {
  readonly messageId?: number;
  readonly sopClass?: string;
  readonly sopInstance?: string;
  readonly commandField?: number;
  readonly dataSetType?: number;
}

export const storeCommand = (store: PeerStore = {}): Buffer =>
  command([
    element(0x0002, uid(store.sopClass ?? CT)),
    element(0x0100, us(store.commandField ?? 0x0001)),
    element(0x0110, us(store.messageId ?? 1)),
    element(0x0700, us(0)),
    element(0x0800, us(store.dataSetType ?? 0x0001)),
    element(0x1000, uid(store.sopInstance ?? '2.25.77')),
  ]);

export const LAST = 0x02;
export const COMMAND = 0x01;

export const echo = (messageId = 1): Buffer => pData(pdv(1, COMMAND | LAST, echoCommand(messageId)));

/** A whole C-STORE, the data set in fragments of `fragment` bytes, each in a PDU of its own. */
export const store = (
  dataSet: Buffer,
  options: PeerStore & { readonly contextId?: number; readonly fragment?: number } = {},
): Buffer => {
  const contextId = options.contextId ?? 3;
  const size = options.fragment ?? 16_000;
  const parts = [pData(pdv(contextId, COMMAND | LAST, storeCommand(options)))];
  for (let at = 0; at < dataSet.length; at += size) {
    const last = at + size >= dataSet.length ? LAST : 0;
    parts.push(pData(pdv(contextId, last, dataSet.subarray(at, at + size))));
  }
  return Buffer.concat(parts);
};

export const releaseRequest = (): Buffer => pdu(0x05, Buffer.alloc(4));
export const abortRequest = (): Buffer => pdu(0x07, Buffer.alloc(4));
