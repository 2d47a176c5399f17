import { IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME } from '@archwire/dicom';
import type { ProposedContext, RoleSelection } from '../associate-request.ts';
import { APPLICATION_CONTEXT, FIXED_LENGTH } from '../associate-request.ts';
import { PDU_HEADER_LENGTH, PduType } from '../pdu.ts';

const text = (value: string): Buffer => Buffer.from(value, 'latin1');

/** Item type, a reserved byte, a 16-bit length, the value (PS3.8 section 9.3.2). */
const item = (type: number, ...parts: readonly Buffer[]): Buffer => {
  const value = Buffer.concat(parts);
  const head = Buffer.alloc(4);
  head.writeUInt8(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value]);
};

/** A UID behind its 16-bit length, then what belongs to it (PS3.7 D.3.3.4, D.3.3.5). */
const ofClass = (type: number, uid: string, value: Buffer): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(uid.length);
  return item(type, length, text(uid), value);
};

/** A-ASSOCIATE-RQ (PS3.8 section 9.3.2) with its header. AE titles have at most 16 characters. */
export const writeAssociateRequest = (request: {
  readonly calledAe: string;
  readonly callingAe: string;
  readonly contexts: readonly ProposedContext[];
  /** What we take in one P-DATA-TF. */
  readonly maxPduLength: number;
  readonly roles?: ReadonlyMap<string, RoleSelection>;
  readonly extended?: ReadonlyMap<string, Buffer>;
}): Buffer => {
  const fixed = Buffer.alloc(FIXED_LENGTH);
  fixed.writeUInt16BE(1, 0);
  fixed.write(request.calledAe.padEnd(16).slice(0, 16), 4, 'latin1');
  fixed.write(request.callingAe.padEnd(16).slice(0, 16), 20, 'latin1');
  const maxPduLength = Buffer.alloc(4);
  maxPduLength.writeUInt32BE(request.maxPduLength);
  const body = Buffer.concat([
    fixed,
    item(0x10, text(APPLICATION_CONTEXT)),
    ...request.contexts.map(({ id, abstractSyntax, transferSyntaxes }) =>
      item(
        0x20,
        Buffer.from([id, 0, 0, 0]),
        item(0x30, text(abstractSyntax)),
        ...transferSyntaxes.map((uid) => item(0x40, text(uid))),
      ),
    ),
    item(
      0x50,
      item(0x51, maxPduLength),
      item(0x52, text(IMPLEMENTATION_CLASS_UID)),
      ...[...(request.roles ?? [])].map(([uid, { scu, scp }]) =>
        ofClass(0x54, uid, Buffer.from([scu ? 1 : 0, scp ? 1 : 0])),
      ),
      item(0x55, text(IMPLEMENTATION_VERSION_NAME)),
      ...[...(request.extended ?? [])].map(([uid, information]) => ofClass(0x56, uid, information)),
    ),
  ]);
  const head = Buffer.alloc(PDU_HEADER_LENGTH);
  head.writeUInt8(PduType.AssociateRequest, 0);
  head.writeUInt32BE(body.length, 2);
  return Buffer.concat([head, body]);
};
