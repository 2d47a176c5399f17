import { eachItem } from './associate-items.ts';
import { FIXED_LENGTH } from './associate-request.ts';
import { PDU_HEADER_LENGTH } from './pdu.ts';

const USER_INFORMATION = 0x50;
const EXTENDED_NEGOTIATION = 0x56;
const ITEM_HEADER_LENGTH = 4;

const item = ([uid, information]: readonly [string, Buffer]): Buffer => {
  const head = Buffer.alloc(ITEM_HEADER_LENGTH + 2);
  head.writeUInt8(EXTENDED_NEGOTIATION, 0);
  head.writeUInt16BE(2 + uid.length + information.length, 2);
  head.writeUInt16BE(uid.length, 4);
  return Buffer.concat([head, Buffer.from(uid, 'latin1'), information]);
};

/**
 * Adds the answers to SOP Class Extended Negotiation (PS3.7 D.3.3.5), by SOP class, to an A-ASSOCIATE-AC, which the library
 * cannot write: at the end of its user information, the last item of the PDU.
 */
export const withExtendedNegotiation = (
  accept: Buffer,
  answers: Iterable<readonly [string, Buffer]>,
): Buffer => {
  const items = Buffer.concat([...answers].map(item));
  if (items.length === 0) return accept;
  const bytes = Buffer.concat([accept, items]);
  eachItem(accept, PDU_HEADER_LENGTH + FIXED_LENGTH, accept.length, (type, start, end) => {
    if (type === USER_INFORMATION) bytes.writeUInt16BE(end - start + items.length, start - 2);
    return true;
  });
  bytes.writeUInt32BE(bytes.length - PDU_HEADER_LENGTH, 2);
  return bytes;
};
