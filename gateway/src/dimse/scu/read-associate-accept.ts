import { eachItem, itemText, type VisitItem } from '../associate-items.ts';
import { FIXED_LENGTH } from '../associate-request.ts';
import { providerFault, type ProtocolFault } from '../protocol-fault.ts';

export interface AssociateAccept {
  /** Transfer syntax of each accepted presentation context, by its id. */
  readonly accepted: ReadonlyMap<number, string>;
  /** What the peer takes in one P-DATA-TF; 0 is unlimited, also when it does not say. */
  readonly maxPduLength: number;
  readonly implementationClassUid: string | null;
  readonly implementationVersionName: string | null;
}

/** Reads A-ASSOCIATE-AC (PS3.8 section 9.3.3) without its six-byte header. Unknown items are passed over. */
export const readAssociateAccept = (bytes: Buffer): AssociateAccept | ProtocolFault => {
  const accepted = new Map<number, string>();
  let maxPduLength = 0;
  let implementationClassUid: string | null = null;
  let implementationVersionName: string | null = null;

  const readUserItem: VisitItem = (type, start, end) => {
    if (type === 0x51) {
      if (end - start !== 4) return false;
      maxPduLength = bytes.readUInt32BE(start);
    } else if (type === 0x52) implementationClassUid = itemText(bytes, start, end) || null;
    else if (type === 0x55) implementationVersionName = itemText(bytes, start, end) || null;
    return true;
  };

  const isWhole =
    bytes.length >= FIXED_LENGTH &&
    eachItem(bytes, FIXED_LENGTH, bytes.length, (type, start, end) => {
      if (type === 0x50) return eachItem(bytes, start, end, readUserItem);
      if (type !== 0x21) return true;
      if (end - start < 4) return false;
      const id = bytes.readUInt8(start);
      let transferSyntax = '';
      const isContextWhole = eachItem(bytes, start + 4, end, (kind, from, to) => {
        if (kind === 0x40) transferSyntax = itemText(bytes, from, to);
        return true;
      });
      // The transfer syntax of a context that was not accepted means nothing (PS3.8 section 9.3.3.2).
      if (bytes.readUInt8(start + 2) === 0) accepted.set(id, transferSyntax);
      return isContextWhole;
    });
  return isWhole
    ? { accepted, maxPduLength, implementationClassUid, implementationVersionName }
    : providerFault('InvalidPduParameter', 'A-ASSOCIATE-AC has an item that does not fit');
};
