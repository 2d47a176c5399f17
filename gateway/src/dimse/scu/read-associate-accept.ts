import { eachItem, itemText, type VisitItem } from '../associate-items.ts';
import { FIXED_LENGTH, readRole, type RoleSelection } from '../associate-request.ts';
import { providerFault, type ProtocolFault } from '../protocol-fault.ts';

export interface AssociateAccept {
  /** Transfer syntax of each accepted presentation context, by its id. */
  readonly accepted: ReadonlyMap<number, string>;
  /** Result/Reason of each answered context, by its id; 0 is acceptance (PS3.8 table 9-18). */
  readonly results: ReadonlyMap<number, number>;
  /** What the peer takes in one P-DATA-TF; 0 is unlimited, also when it does not say. */
  readonly maxPduLength: number;
  /** The roles that the peer grants us, by abstract syntax; without an entry we are SCU only (PS3.7 D.3.3.4). */
  readonly roles: ReadonlyMap<string, RoleSelection>;
  readonly implementationClassUid: string | null;
  readonly implementationVersionName: string | null;
}

/** Reads A-ASSOCIATE-AC (PS3.8 section 9.3.3) without its six-byte header. Unknown items are passed over. */
export const readAssociateAccept = (bytes: Buffer): AssociateAccept | ProtocolFault => {
  const accepted = new Map<number, string>();
  const results = new Map<number, number>();
  const roles = new Map<string, RoleSelection>();
  let maxPduLength = 0;
  let implementationClassUid: string | null = null;
  let implementationVersionName: string | null = null;

  const readUserItem: VisitItem = (type, start, end) => {
    if (type === 0x51) {
      if (end - start !== 4) return false;
      maxPduLength = bytes.readUInt32BE(start);
    } else if (type === 0x52) implementationClassUid = itemText(bytes, start, end) || null;
    else if (type === 0x54) {
      const role = readRole(bytes, start, end);
      if (!role) return false;
      roles.set(role[0], role[1]);
    } else if (type === 0x55) implementationVersionName = itemText(bytes, start, end) || null;
    return true;
  };

  const isWhole =
    bytes.length >= FIXED_LENGTH &&
    eachItem(bytes, FIXED_LENGTH, bytes.length, (type, start, end) => {
      if (type === 0x50) return eachItem(bytes, start, end, readUserItem);
      if (type !== 0x21) return true;
      if (end - start < 4) return false;
      const id = bytes.readUInt8(start);
      const result = bytes.readUInt8(start + 2);
      let transferSyntax = '';
      const isContextWhole = eachItem(bytes, start + 4, end, (kind, from, to) => {
        if (kind === 0x40) transferSyntax = itemText(bytes, from, to);
        return true;
      });
      results.set(id, result);
      // The transfer syntax of a context that was not accepted means nothing (PS3.8 section 9.3.3.2).
      if (result === 0) accepted.set(id, transferSyntax);
      return isContextWhole;
    });
  // Fragments carry six bytes of header: less room is no room.
  const isRoom = maxPduLength === 0 || maxPduLength >= MIN_PDU_LENGTH;
  return isWhole && isRoom
    ? { accepted, results, maxPduLength, roles, implementationClassUid, implementationVersionName }
    : providerFault('InvalidPduParameter', 'A-ASSOCIATE-AC has an item that does not fit');
};

/** As for peers that call us (PS3.8 D.1 sets no minimum). */
const MIN_PDU_LENGTH = 128;
