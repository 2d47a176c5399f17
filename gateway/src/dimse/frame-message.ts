import { PDU_HEADER_LENGTH, PDV_HEADER_LENGTH, PduType } from './pdu.ts';

/** Free bytes that `frameMessage` wants before the command set or the data set. */
export const MESSAGE_HEAD_ROOM = PDU_HEADER_LENGTH + PDV_HEADER_LENGTH;

/** Message control header: bit 0 is a command, bit 1 the last fragment (PS3.8 E.2). */
const COMMAND = 0x01;
const LAST = 0x02;

const writeHeads = (target: Buffer, at: number, contextId: number, length: number, control: number): void => {
  target.writeUInt16BE(PduType.Data << 8, at);
  target.writeUInt32BE(length + PDV_HEADER_LENGTH, at + 2);
  target.writeUInt32BE(length + 2, at + 6);
  target.writeUInt8(contextId, at + 10);
  target.writeUInt8(control, at + 11);
};

/**
 * Wraps a command set, or a data set, in P-DATA-TF. `bytes` begins with `MESSAGE_HEAD_ROOM` free bytes, which are used: one PDU is written
 * in place. A peer with a small maximum (0 is unlimited, PS3.8 D.1) gets several PDUs of one PDV each.
 */
export const frameMessage = (
  bytes: Buffer,
  contextId: number,
  peerMaxPduLength: number,
  kind: 'command' | 'data-set' = 'command',
): Buffer => {
  const control = kind === 'command' ? COMMAND : 0;
  const length = bytes.length - MESSAGE_HEAD_ROOM;
  const most = peerMaxPduLength === 0 ? length : peerMaxPduLength - PDV_HEADER_LENGTH;
  if (length <= most) {
    writeHeads(bytes, 0, contextId, length, control | LAST);
    return bytes;
  }
  const parts: Buffer[] = [];
  for (let at = 0; at < length; at += most) {
    const size = Math.min(most, length - at);
    const part = Buffer.allocUnsafe(MESSAGE_HEAD_ROOM + size);
    writeHeads(part, 0, contextId, size, at + size === length ? control | LAST : control);
    bytes.copy(part, MESSAGE_HEAD_ROOM, MESSAGE_HEAD_ROOM + at);
    parts.push(part);
  }
  return Buffer.concat(parts);
};
