import { eachItem } from '../associate-items.ts';
import { FIXED_LENGTH } from '../associate-request.ts';
import { PDU_HEADER_LENGTH } from '../pdu.ts';
import { FIND_MODELS, NO_FIND_OPTIONS, type FindOptions } from './query-models.ts';

const USER_INFORMATION = 0x50;
const EXTENDED_NEGOTIATION = 0x56;
const ITEM_HEADER_LENGTH = 4;
/** Relational queries, combined date and time, fuzzy names (PS3.4 table C.5.1-1); what follows is not granted. */
const GRANTED = 3;

/** What a proposer's Service Class Application Information turns on for a FIND class. */
export const findOptions = (information: Buffer | undefined): FindOptions =>
  information === undefined
    ? NO_FIND_OPTIONS
    : {
        relational: information[0] === 1,
        combinedDateTime: information[1] === 1,
        fuzzy: information[2] === 1,
        emptyValue: false,
      };

/** What we grant of it: as long as what was proposed. */
const grant = (information: Buffer): Buffer =>
  Buffer.from(information.map((byte, at) => (at < GRANTED && byte === 1 ? 1 : 0)));

const item = (uid: string, information: Buffer): Buffer => {
  const head = Buffer.alloc(ITEM_HEADER_LENGTH + 2);
  head.writeUInt8(EXTENDED_NEGOTIATION, 0);
  head.writeUInt16BE(2 + uid.length + information.length, 2);
  head.writeUInt16BE(uid.length, 4);
  return Buffer.concat([head, Buffer.from(uid, 'latin1'), information]);
};

/**
 * Adds the answers to SOP Class Extended Negotiation (PS3.7 D.3.3.5) to an A-ASSOCIATE-AC, which the library cannot
 * write: at the end of its user information, the last item of the PDU.
 */
export const withFindNegotiation = (
  accept: Buffer,
  proposed: ReadonlyMap<string, Buffer>,
  accepted: ReadonlySet<string>,
): Buffer => {
  const items = [...proposed]
    .filter(([uid]) => FIND_MODELS.has(uid) && accepted.has(uid))
    .map(([uid, information]) => item(uid, grant(information)));
  if (items.length === 0) return accept;
  const answers = Buffer.concat(items);
  const bytes = Buffer.concat([accept, answers]);
  eachItem(accept, PDU_HEADER_LENGTH + FIXED_LENGTH, accept.length, (type, start, end) => {
    if (type === USER_INFORMATION) bytes.writeUInt16BE(end - start + answers.length, start - 2);
    return true;
  });
  bytes.writeUInt32BE(bytes.length - PDU_HEADER_LENGTH, 2);
  return bytes;
};
