import { CommandField as Field, RESPONSE } from './command-field.ts';

/** `CommandDataSetType` of a message without a data set (PS3.7 section E.1). */
export const NO_DATA_SET = 0x0101;
/** Any other value says that a data set follows. */
const DATA_SET = 0x0000;

/** The elements of a command set that a receiver acts on (PS3.7 annex E). Names are PS3.6 keywords; what is absent is `null`. */
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
  readonly ErrorComment: string | null;
  readonly Priority: number | null;
  /** AE title without padding. */
  readonly MoveDestination: string | null;
  readonly MoveOriginatorApplicationEntityTitle: string | null;
  readonly MoveOriginatorMessageID: number | null;
  readonly EventTypeID: number | null;
  readonly ActionTypeID: number | null;
  /** Tags as eight hexadecimal digits. */
  readonly AttributeIdentifierList: readonly string[] | null;
  readonly NumberOfRemainingSuboperations: number | null;
  readonly NumberOfCompletedSuboperations: number | null;
  readonly NumberOfFailedSuboperations: number | null;
  readonly NumberOfWarningSuboperations: number | null;
}

/** Elements of requests and responses beside those that every message has; absent ones are not written, nor are empty texts. */
export interface CommandElements {
  readonly AffectedSOPClassUID?: string;
  readonly RequestedSOPClassUID?: string;
  readonly MoveDestination?: string;
  readonly Priority?: number;
  /** At most 64 printable ASCII characters. */
  readonly ErrorComment?: string;
  readonly ErrorID?: number;
  readonly AffectedSOPInstanceUID?: string;
  readonly RequestedSOPInstanceUID?: string;
  readonly EventTypeID?: number;
  readonly ActionTypeID?: number;
  readonly NumberOfRemainingSuboperations?: number;
  readonly NumberOfCompletedSuboperations?: number;
  readonly NumberOfFailedSuboperations?: number;
  readonly NumberOfWarningSuboperations?: number;
  readonly MoveOriginatorApplicationEntityTitle?: string;
  readonly MoveOriginatorMessageID?: number;
  /** A data set follows. */
  readonly hasDataSet?: boolean;
}

/** A response command set. */
export interface ResponseCommand extends CommandElements {
  readonly CommandField: number;
  readonly MessageIDBeingRespondedTo: number;
  readonly Status: number;
}

/** A request command set. */
export interface RequestCommand extends CommandElements {
  readonly CommandField: number;
  readonly MessageID: number;
}

const readText = (bytes: Buffer, start: number, end: number): string => {
  let last = end;
  while (last > start && (bytes[last - 1] === 0 || bytes[last - 1] === 0x20)) last--;
  return bytes.toString('latin1', start, last);
};

const readTags = (bytes: Buffer, start: number, end: number): readonly string[] => {
  const tags: string[] = [];
  for (let at = start; at + 4 <= end; at += 4) {
    const tag = bytes.readUInt16LE(at) * 0x10000 + bytes.readUInt16LE(at + 2);
    tags.push(tag.toString(16).padStart(8, '0').toUpperCase());
  }
  return tags;
};

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const nothing = (): Mutable<ReceivedCommand> => ({
  CommandField: -1,
  MessageID: -1,
  hasDataSet: false,
  SOPClassUID: '',
  SOPInstanceUID: '',
  MessageIDBeingRespondedTo: null,
  Status: null,
  ErrorComment: null,
  Priority: null,
  MoveDestination: null,
  MoveOriginatorApplicationEntityTitle: null,
  MoveOriginatorMessageID: null,
  EventTypeID: null,
  ActionTypeID: null,
  AttributeIdentifierList: null,
  NumberOfRemainingSuboperations: null,
  NumberOfCompletedSuboperations: null,
  NumberOfFailedSuboperations: null,
  NumberOfWarningSuboperations: null,
});

/** Texts, and the list of tags; `false` when the element is none of them. */
const takeText = (
  into: Mutable<ReceivedCommand>,
  element: number,
  bytes: Buffer,
  start: number,
  end: number,
): boolean => {
  switch (element) {
    case 0x0002:
      into.SOPClassUID = readText(bytes, start, end);
      return true;
    case 0x0003:
      into.SOPClassUID ||= readText(bytes, start, end);
      return true;
    case 0x0600:
      into.MoveDestination = readText(bytes, start, end).trimStart();
      return true;
    case 0x0902:
      into.ErrorComment = readText(bytes, start, end);
      return true;
    case 0x1000:
      into.SOPInstanceUID = readText(bytes, start, end);
      return true;
    case 0x1001:
      into.SOPInstanceUID ||= readText(bytes, start, end);
      return true;
    case 0x1005:
      into.AttributeIdentifierList = readTags(bytes, start, end);
      return true;
    case 0x1030:
      into.MoveOriginatorApplicationEntityTitle = readText(bytes, start, end).trimStart();
      return true;
    default:
      return false;
  }
};

const NUMBERS: ReadonlyMap<
  number,
  {
    [Key in keyof ReceivedCommand]: number extends ReceivedCommand[Key] ? Key : never;
  }[keyof ReceivedCommand]
> = new Map([
  [0x0100, 'CommandField'],
  [0x0110, 'MessageID'],
  [0x0120, 'MessageIDBeingRespondedTo'],
  [0x0700, 'Priority'],
  [0x0900, 'Status'],
  [0x1002, 'EventTypeID'],
  [0x1008, 'ActionTypeID'],
  [0x1020, 'NumberOfRemainingSuboperations'],
  [0x1021, 'NumberOfCompletedSuboperations'],
  [0x1022, 'NumberOfFailedSuboperations'],
  [0x1023, 'NumberOfWarningSuboperations'],
  [0x1031, 'MoveOriginatorMessageID'],
]);

/**
 * Reads a command set: group 0000 in Implicit VR Little Endian (PS3.7 section 6.3.1).
 * @returns `undefined` when the bytes are no command set, or lack Command Field or, in a request, Message ID.
 */
export const readCommand = (bytes: Buffer): ReceivedCommand | undefined => {
  const command = nothing();
  let at = 0;
  while (at + 8 <= bytes.length) {
    const element = bytes.readUInt16LE(at + 2);
    const length = bytes.readUInt32LE(at + 4);
    const start = at + 8;
    const end = start + length;
    if (bytes.readUInt16LE(at) !== 0 || end > bytes.length) return undefined;
    if (!takeText(command, element, bytes, start, end) && length >= 2) {
      const value = bytes.readUInt16LE(start);
      const keyword = NUMBERS.get(element);
      if (keyword !== undefined) command[keyword] = value;
      else if (element === 0x0800) command.hasDataSet = value !== NO_DATA_SET;
    }
    at = end;
  }
  if (at !== bytes.length || command.CommandField < 0) return undefined;
  // C-CANCEL and responses name the message they belong to instead.
  const isRequest = command.CommandField < RESPONSE && command.CommandField !== Field.CCancel;
  return isRequest && command.MessageID < 0 ? undefined : command;
};

const even = (length: number): number => length + (length & 1);
const HEADER = 8;
const GROUP_LENGTH = HEADER + 4;

/** Writes elements in the order it is told them, which must ascend (PS3.7 section 6.3.1). */
class Writer {
  readonly #elements: (readonly [element: number, value: number | string, padding: number])[] = [];
  #length = 0;

  short(element: number, value: number | undefined): void {
    if (value === undefined) return;
    this.#elements.push([element, value, 0]);
    this.#length += HEADER + 2;
  }

  text(element: number, value: string | undefined, padding: number): void {
    if (value === undefined || value === '') return;
    this.#elements.push([element, value, padding]);
    this.#length += HEADER + even(value.length);
  }

  /** Everything behind `headRoom` free bytes. */
  bytes(headRoom: number): Buffer {
    const target = Buffer.allocUnsafe(headRoom + GROUP_LENGTH + this.#length);
    let at = this.#head(target, headRoom, 0x0000, 4);
    at = target.writeUInt32LE(this.#length, at);
    for (const [element, value, padding] of this.#elements) {
      if (typeof value === 'number') {
        at = this.#head(target, at, element, 2);
        at = target.writeUInt16LE(value, at);
      } else {
        at = this.#head(target, at, element, even(value.length));
        at += target.write(value, at, 'latin1');
        if (value.length & 1) at = target.writeUInt8(padding, at);
      }
    }
    return target;
  }

  #head(target: Buffer, from: number, element: number, length: number): number {
    let at = target.writeUInt16LE(0x0000, from);
    at = target.writeUInt16LE(element, at);
    return target.writeUInt32LE(length, at);
  }
}

const NUL = 0;
const SPACE = 0x20;

const writeCommand = (
  command: CommandElements & {
    readonly CommandField: number;
    readonly MessageID?: number;
    readonly MessageIDBeingRespondedTo?: number;
    readonly Status?: number;
  },
  headRoom: number,
): Buffer => {
  const writer = new Writer();
  writer.text(0x0002, command.AffectedSOPClassUID, NUL);
  writer.text(0x0003, command.RequestedSOPClassUID, NUL);
  writer.short(0x0100, command.CommandField);
  writer.short(0x0110, command.MessageID);
  writer.short(0x0120, command.MessageIDBeingRespondedTo);
  writer.text(0x0600, command.MoveDestination, SPACE);
  writer.short(0x0700, command.Priority);
  writer.short(0x0800, command.hasDataSet === true ? DATA_SET : NO_DATA_SET);
  writer.short(0x0900, command.Status);
  writer.text(0x0902, command.ErrorComment, SPACE);
  writer.short(0x0903, command.ErrorID);
  writer.text(0x1000, command.AffectedSOPInstanceUID, NUL);
  writer.text(0x1001, command.RequestedSOPInstanceUID, NUL);
  writer.short(0x1002, command.EventTypeID);
  writer.short(0x1008, command.ActionTypeID);
  writer.short(0x1020, command.NumberOfRemainingSuboperations);
  writer.short(0x1021, command.NumberOfCompletedSuboperations);
  writer.short(0x1022, command.NumberOfFailedSuboperations);
  writer.short(0x1023, command.NumberOfWarningSuboperations);
  writer.text(0x1030, command.MoveOriginatorApplicationEntityTitle, SPACE);
  writer.short(0x1031, command.MoveOriginatorMessageID);
  return writer.bytes(headRoom);
};

/** Writes a response after `headRoom` free bytes, for the PDU and PDV headers that the caller puts there. */
export const writeResponse = (response: ResponseCommand, headRoom: number): Buffer =>
  writeCommand(response, headRoom);

/** Writes a request after `headRoom` free bytes, as `writeResponse` does. */
export const writeRequest = (request: RequestCommand, headRoom: number): Buffer =>
  writeCommand(request, headRoom);

/** Writes C-CANCEL-RQ after `headRoom` free bytes: it has no Message ID, only the one that it ends (PS3.7 section 9.3.2.3). */
export const writeCancel = (messageId: number, headRoom: number): Buffer =>
  writeCommand({ CommandField: Field.CCancel, MessageIDBeingRespondedTo: messageId }, headRoom);
