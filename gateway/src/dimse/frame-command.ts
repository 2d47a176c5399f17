import { PDU_HEADER_LENGTH, PDV_HEADER_LENGTH, PduType } from './pdu.ts';

/** Free bytes that `frameCommand` wants before the command set. */
export const COMMAND_HEAD_ROOM = PDU_HEADER_LENGTH + PDV_HEADER_LENGTH;

const writeHeads = (target: Buffer, at: number, contextId: number, length: number, last: boolean): void => {
  target.writeUInt16BE(PduType.Data << 8, at);
  target.writeUInt32BE(length + PDV_HEADER_LENGTH, at + 2);
  target.writeUInt32BE(length + 2, at + 6);
  target.writeUInt8(contextId, at + 10);
  target.writeUInt8(last ? 0x03 : 0x01, at + 11);
};

/**
 * Wraps a command set in P-DATA-TF. `bytes` begins with `COMMAND_HEAD_ROOM` free bytes, which are used: one PDU is written
 * in place. A peer with a small maximum (0 is unlimited, PS3.8 D.1) gets several PDUs of one PDV each.
 */
export const frameCommand = (bytes: Buffer, contextId: number, peerMaxPduLength: number): Buffer => {
  const length = bytes.length - COMMAND_HEAD_ROOM;
  const most = peerMaxPduLength === 0 ? length : peerMaxPduLength - PDV_HEADER_LENGTH;
  if (length <= most) {
    writeHeads(bytes, 0, contextId, length, true);
    return bytes;
  }
  const parts: Buffer[] = [];
  for (let at = 0; at < length; at += most) {
    const size = Math.min(most, length - at);
    const part = Buffer.allocUnsafe(COMMAND_HEAD_ROOM + size);
    writeHeads(part, 0, contextId, size, at + size === length);
    bytes.copy(part, COMMAND_HEAD_ROOM, COMMAND_HEAD_ROOM + at);
    parts.push(part);
  }
  return Buffer.concat(parts);
};
