const ITEM_HEADER_LENGTH = 4;

/** Text of an item without padding; anything but printable ASCII is replaced by `?`, so that it can be logged and shown. */
export const itemText = (bytes: Buffer, start: number, end: number): string =>
  bytes
    .toString('latin1', start, end)
    .replace(/[\0 ]+$/, '')
    .trimStart()
    .replaceAll(/[^\x20-\x7e]/g, '?');

/** `start` and `end` are those of the item's value. `false` ends the walk: the PDU is not as it must be. */
export type VisitItem = (type: number, start: number, end: number) => boolean;

/** Walks the items of an association PDU: calls `visit` for each item (type, reserved, 16-bit length); `false` when one does not fit or `visit` says no. */
export const eachItem = (bytes: Buffer, from: number, to: number, visit: VisitItem): boolean => {
  let at = from;
  while (at < to) {
    if (at + ITEM_HEADER_LENGTH > to) return false;
    const start = at + ITEM_HEADER_LENGTH;
    const end = start + bytes.readUInt16BE(at + 2);
    if (end > to || !visit(bytes.readUInt8(at), start, end)) return false;
    at = end;
  }
  return true;
};
