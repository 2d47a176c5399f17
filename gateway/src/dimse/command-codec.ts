/** `CommandDataSetType` of a message without a data set (PS3.7 section E.1). */
export const NO_DATA_SET = 0x0101;
/** Any other value says that a data set follows. */
const DATA_SET = 0x0000;

/** The elements of a command set that a receiver acts on (PS3.7 annex E). Names are PS3.6 keywords. */
export interface ReceivedCommand {
  readonly CommandField: number;
  readonly MessageID: number;
  readonly hasDataSet: boolean;
  /** Affected, or Requested when only that is present (DIMSE-N). Empty when the command names none. */
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
  /** Of a response: what it answers, and how; of a C-CANCEL what it ends; `null` in another request. */
  readonly MessageIDBeingRespondedTo: number | null;
  readonly Status: number | null;
}

/** A response command set. UIDs are left out when empty. */
export interface ResponseCommand {
  readonly CommandField: number;
  readonly MessageIDBeingRespondedTo: number;
  readonly Status: number;
  readonly AffectedSOPClassUID: string;
  readonly AffectedSOPInstanceUID: string;
  /** At most 64 printable ASCII characters; absent on success. */
  readonly ErrorComment?: string;
  /** A data set follows. */
  readonly hasDataSet?: boolean;
}

const readUid = (bytes: Buffer, start: number, end: number): string => {
  let last = end;
  while (last > start && (bytes[last - 1] === 0 || bytes[last - 1] === 0x20)) last--;
  return bytes.toString('latin1', start, last);
};

/**
 * Reads a command set: group 0000 in Implicit VR Little Endian (PS3.7 section 6.3.1).
 * @returns `undefined` when the bytes are no command set, or lack Command Field or, in a request, Message ID.
 */
export const readCommand = (bytes: Buffer): ReceivedCommand | undefined => {
  let CommandField = -1;
  let MessageID = -1;
  let MessageIDBeingRespondedTo: number | null = null;
  let Status: number | null = null;
  let dataSetType = NO_DATA_SET;
  let SOPClassUID = '';
  let SOPInstanceUID = '';
  let at = 0;
  while (at + 8 <= bytes.length) {
    const element = bytes.readUInt16LE(at + 2);
    const length = bytes.readUInt32LE(at + 4);
    const start = at + 8;
    const end = start + length;
    if (bytes.readUInt16LE(at) !== 0 || end > bytes.length) return undefined;
    if (element === 0x0002 || (element === 0x0003 && SOPClassUID === ''))
      SOPClassUID = readUid(bytes, start, end);
    else if (element === 0x1000 || (element === 0x1001 && SOPInstanceUID === ''))
      SOPInstanceUID = readUid(bytes, start, end);
    else if (length >= 2) {
      if (element === 0x0100) CommandField = bytes.readUInt16LE(start);
      else if (element === 0x0110) MessageID = bytes.readUInt16LE(start);
      else if (element === 0x0120) MessageIDBeingRespondedTo = bytes.readUInt16LE(start);
      else if (element === 0x0900) Status = bytes.readUInt16LE(start);
      else if (element === 0x0800) dataSetType = bytes.readUInt16LE(start);
    }
    at = end;
  }
  if (at !== bytes.length || CommandField < 0) return undefined;
  // C-CANCEL and responses name the message they belong to instead.
  const isRequest = CommandField < 0x8000 && CommandField !== 0x0fff;
  if (isRequest && MessageID < 0) return undefined;
  const hasDataSet = dataSetType !== NO_DATA_SET;
  return {
    CommandField,
    MessageID,
    hasDataSet,
    SOPClassUID,
    SOPInstanceUID,
    MessageIDBeingRespondedTo,
    Status,
  };
};

const even = (length: number): number => length + (length & 1);

/** Encodes a response command set into `target` at `from`; returns the end. */
class Writer {
  readonly bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  short(element: number, value: number): void {
    this.#head(element, 2);
    this.at = this.bytes.writeUInt16LE(value, this.at);
  }

  text(element: number, value: string, padding: number): void {
    if (value === '') return;
    this.#head(element, even(value.length));
    this.at += this.bytes.write(value, this.at, 'latin1');
    if (value.length & 1) this.at = this.bytes.writeUInt8(padding, this.at);
  }

  groupLength(length: number): void {
    this.#head(0x0000, 4);
    this.at = this.bytes.writeUInt32LE(length, this.at);
  }

  #head(element: number, length: number): void {
    this.at = this.bytes.writeUInt16LE(0x0000, this.at);
    this.at = this.bytes.writeUInt16LE(element, this.at);
    this.at = this.bytes.writeUInt32LE(length, this.at);
  }
}

const GROUP_LENGTH_ELEMENT = 12;
const SHORT_ELEMENT = 10;
const textLength = (value: string): number => (value === '' ? 0 : 8 + even(value.length));

/** Writes a response after `headRoom` free bytes, for the PDU and PDV headers that the caller puts there. */
export const writeResponse = (response: ResponseCommand, headRoom: number): Buffer => {
  const comment = response.ErrorComment ?? '';
  const group =
    4 * SHORT_ELEMENT +
    textLength(response.AffectedSOPClassUID) +
    textLength(response.AffectedSOPInstanceUID) +
    textLength(comment);
  const writer = new Writer(Buffer.allocUnsafe(headRoom + GROUP_LENGTH_ELEMENT + group), headRoom);
  writer.groupLength(group);
  writer.text(0x0002, response.AffectedSOPClassUID, 0);
  writer.short(0x0100, response.CommandField);
  writer.short(0x0120, response.MessageIDBeingRespondedTo);
  writer.short(0x0800, response.hasDataSet === true ? DATA_SET : NO_DATA_SET);
  writer.short(0x0900, response.Status);
  writer.text(0x0902, comment, 0x20);
  writer.text(0x1000, response.AffectedSOPInstanceUID, 0);
  return writer.bytes;
};

/** A request command set without a data set of its own, as C-ECHO-RQ is (PS3.7 section 9.3.5.1). */
export interface RequestCommand {
  readonly CommandField: number;
  readonly MessageID: number;
  readonly AffectedSOPClassUID: string;
}

/** Writes a request after `headRoom` free bytes, as `writeResponse` does. */
export const writeRequest = (request: RequestCommand, headRoom: number): Buffer => {
  const group = 3 * SHORT_ELEMENT + textLength(request.AffectedSOPClassUID);
  const writer = new Writer(Buffer.allocUnsafe(headRoom + GROUP_LENGTH_ELEMENT + group), headRoom);
  writer.groupLength(group);
  writer.text(0x0002, request.AffectedSOPClassUID, 0);
  writer.short(0x0100, request.CommandField);
  writer.short(0x0110, request.MessageID);
  writer.short(0x0800, NO_DATA_SET);
  return writer.bytes;
};
