import { eachItem, itemText as text, type VisitItem } from './associate-items.ts';
import { providerFault, type ProtocolFault } from './protocol-fault.ts';

/** One presentation context as proposed (PS3.8 section 9.3.2.2). */
export interface ProposedContext {
  readonly id: number;
  readonly abstractSyntax: string;
  /** In the proposer's order. */
  readonly transferSyntaxes: readonly string[];
}

/** SCP/SCU Role Selection (PS3.7 D.3.3.4): the roles that the proposer offers to play. */
export interface RoleSelection {
  readonly scu: boolean;
  readonly scp: boolean;
}

export interface AssociateRequest {
  /** A bit field; bit 0 is version 1, the only one there is. */
  readonly protocolVersion: number;
  /** Without padding; anything but printable ASCII is replaced by `?`, so that it can be logged and shown. */
  readonly calledAe: string;
  readonly callingAe: string;
  readonly applicationContext: string;
  readonly contexts: readonly ProposedContext[];
  /** 0 is unlimited; also when the peer leaves the item out. */
  readonly maxPduLength: number;
  readonly implementationClassUid: string;
  /** By abstract syntax. */
  readonly roles: ReadonlyMap<string, RoleSelection>;
  /** Service Class Application Information by SOP class (PS3.7 D.3.3.5). */
  readonly extended: ReadonlyMap<string, Buffer>;
}

/** Bytes before the items of A-ASSOCIATE-RQ and A-ASSOCIATE-AC. */
export const FIXED_LENGTH = 68;
/** PS3.7 annex A.2.1, the only one there is. */
export const APPLICATION_CONTEXT = '1.2.840.10008.3.1.1.1';

const readContext = (bytes: Buffer, start: number, end: number): ProposedContext | undefined => {
  if (end - start < 4) return undefined;
  let abstractSyntax = '';
  const transferSyntaxes: string[] = [];
  const whole = eachItem(bytes, start + 4, end, (type, from, to) => {
    if (type === 0x30) abstractSyntax = text(bytes, from, to);
    else if (type === 0x40) transferSyntaxes.push(text(bytes, from, to));
    return true;
  });
  return whole && abstractSyntax !== ''
    ? { id: bytes.readUInt8(start), abstractSyntax, transferSyntaxes }
    : undefined;
};

export const readRole = (
  bytes: Buffer,
  start: number,
  end: number,
): readonly [string, RoleSelection] | undefined => {
  if (end - start < 4) return undefined;
  const uidEnd = start + 2 + bytes.readUInt16BE(start);
  if (uidEnd + 2 > end) return undefined;
  return [text(bytes, start + 2, uidEnd), { scu: bytes[uidEnd] === 1, scp: bytes[uidEnd + 1] === 1 }];
};

const readExtended = (bytes: Buffer, start: number, end: number): readonly [string, Buffer] | undefined => {
  if (end - start < 2) return undefined;
  const uidEnd = start + 2 + bytes.readUInt16BE(start);
  return uidEnd > end
    ? undefined
    : [text(bytes, start + 2, uidEnd), Buffer.from(bytes.subarray(uidEnd, end))];
};

const invalid = (reasonText: string): ProtocolFault => providerFault('InvalidPduParameter', reasonText);

/**
 * Reads A-ASSOCIATE-RQ (PS3.8 section 9.3.2) without its six-byte header. Unknown items are passed over, as the standard asks.
 * Asynchronous operations and user identity are not read: neither is granted, and the answer to both is to leave them out.
 */
export const readAssociateRequest = (bytes: Buffer): AssociateRequest | ProtocolFault => {
  if (bytes.length < FIXED_LENGTH) return invalid('A-ASSOCIATE-RQ too short');
  const contexts: ProposedContext[] = [];
  const roles = new Map<string, RoleSelection>();
  const extended = new Map<string, Buffer>();
  const ids = new Set<number>();
  let applicationContext = '';
  let maxPduLength = 0;
  let implementationClassUid = '';

  const readUserItem: VisitItem = (type, start, end) => {
    if (type === 0x51) {
      if (end - start !== 4) return false;
      maxPduLength = bytes.readUInt32BE(start);
    } else if (type === 0x52) {
      implementationClassUid = text(bytes, start, end);
    } else if (type === 0x54) {
      const role = readRole(bytes, start, end);
      if (!role) return false;
      roles.set(role[0], role[1]);
    } else if (type === 0x56) {
      const information = readExtended(bytes, start, end);
      if (!information) return false;
      extended.set(information[0], information[1]);
    }
    return true;
  };

  const whole = eachItem(bytes, FIXED_LENGTH, bytes.length, (type, start, end) => {
    if (type === 0x10) applicationContext = text(bytes, start, end);
    else if (type === 0x20) {
      const context = readContext(bytes, start, end);
      // Two meanings of one id: whatever comes on it later could be stored under the wrong transfer syntax.
      if (!context || ids.has(context.id)) return false;
      ids.add(context.id);
      contexts.push(context);
    } else if (type === 0x50) return eachItem(bytes, start, end, readUserItem);
    return true;
  });
  if (!whole) return invalid('A-ASSOCIATE-RQ has an item that does not fit or a repeated context id');

  return {
    protocolVersion: bytes.readUInt16BE(0),
    calledAe: text(bytes, 4, 20),
    callingAe: text(bytes, 20, 36),
    applicationContext,
    contexts,
    maxPduLength,
    implementationClassUid,
    roles,
    extended,
  };
};
