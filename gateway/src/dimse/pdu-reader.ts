import { PDU_HEADER_LENGTH, PDV_HEADER_LENGTH, PduType } from './pdu.ts';
import { providerFault, type ProtocolFault } from './protocol-fault.ts';

/** Receives what a `PduReader` finds, in the order of the wire. Any of these may call `block()`. */
export interface PduHandler {
  /** Says whether a PDU of this type may come now; a fault ends the reading. */
  expects(type: number): ProtocolFault | undefined;
  /** A whole PDU other than P-DATA-TF, without its six-byte header. */
  control(type: number, body: Buffer): void;
  /**
   * Bytes of one fragment. They are a view of what the socket gave, not a copy. A fragment that arrives in several
   * pieces is reported in several calls; `last` is true only with the final piece of the last fragment of a message.
   */
  fragment(contextId: number, isCommand: boolean, bytes: Buffer, last: boolean): void;
  fault(fault: ProtocolFault): void;
}

const EMPTY = Buffer.alloc(0);

/**
 * Cuts a byte stream into PDUs and PDVs (PS3.8 section 9.3) without gathering P-DATA: fragments are handed on as they come,
 * so memory does not depend on what a length field claims. Synchronous: whoever cannot take more calls `block()`, and the
 * bytes not yet looked at wait here until `unblock()`.
 */
export class PduReader {
  readonly #handler: PduHandler;
  readonly #limits: { readonly maxPduLength: number; readonly maxControlPduLength: number };
  readonly #header = Buffer.alloc(PDU_HEADER_LENGTH);
  #headerFilled = 0;
  #phase: 'pdu-header' | 'control' | 'pdv-header' | 'pdv' = 'pdu-header';
  #type = 0;
  #pduLeft = 0;
  #pdvLeft = 0;
  #contextId = 0;
  #isCommand = false;
  #isLast = false;
  #control: Buffer[] = [];
  #waiting: Buffer = EMPTY;
  #blocked = false;
  #reading = false;
  #ended = false;

  constructor(
    handler: PduHandler,
    limits: { readonly maxPduLength: number; readonly maxControlPduLength: number },
  ) {
    this.#handler = handler;
    this.#limits = limits;
  }

  get blocked(): boolean {
    return this.#blocked;
  }

  /** Inside a PDU: the peer owes us bytes. */
  get midPdu(): boolean {
    return this.#phase !== 'pdu-header' || this.#headerFilled > 0;
  }

  block(): void {
    this.#blocked = true;
  }

  /** Looks at what waited; `blocked` may be true again afterwards. */
  unblock(): void {
    this.#blocked = false;
    // Called from inside a handler: the loop that called it goes on by itself.
    if (this.#reading) return;
    const waiting = this.#waiting;
    this.#waiting = EMPTY;
    if (waiting.length > 0) this.#read(waiting);
  }

  /** Stops for good; later bytes are dropped. */
  end(): void {
    this.#ended = true;
    this.#waiting = EMPTY;
    this.#control = [];
  }

  push(chunk: Buffer): void {
    if (this.#ended) return;
    if (this.#blocked) {
      // The socket is paused after the first chunk that finds us blocked, so this happens once or twice, never per chunk.
      this.#waiting = this.#waiting.length === 0 ? chunk : Buffer.concat([this.#waiting, chunk]);
      return;
    }
    this.#read(chunk);
  }

  #read(chunk: Buffer): void {
    this.#reading = true;
    let at = 0;
    while (at < chunk.length && !this.#ended) {
      if (this.#blocked) {
        this.#waiting = chunk.subarray(at);
        break;
      }
      if (this.#phase === 'pdv') at = this.#readFragment(chunk, at);
      else if (this.#phase === 'pdv-header') at = this.#readPdvHeader(chunk, at);
      else if (this.#phase === 'pdu-header') at = this.#readPduHeader(chunk, at);
      else at = this.#readControl(chunk, at);
    }
    this.#reading = false;
  }

  #readPduHeader(chunk: Buffer, from: number): number {
    let at = from;
    let head = chunk;
    let headAt = at;
    if (this.#headerFilled > 0 || chunk.length - at < PDU_HEADER_LENGTH) {
      at = this.#gatherHeader(chunk, at);
      // The type byte alone already tells a peer that does not speak DICOM.
      const fault = this.#typeFault(this.#header.readUInt8(0));
      if (fault) return this.#fail(fault, at);
      if (this.#headerFilled < PDU_HEADER_LENGTH) return at;
      this.#headerFilled = 0;
      head = this.#header;
      headAt = 0;
    } else {
      const fault = this.#typeFault(chunk.readUInt8(at));
      if (fault) return this.#fail(fault, at);
      at += PDU_HEADER_LENGTH;
    }
    this.#type = head.readUInt8(headAt);
    this.#pduLeft = head.readUInt32BE(headAt + 2);
    if (this.#type === PduType.Data) {
      if (this.#pduLeft > this.#limits.maxPduLength) {
        return this.#fail(
          providerFault('InvalidPduParameter', 'P-DATA-TF longer than the negotiated maximum'),
          at,
        );
      }
      this.#phase = this.#pduLeft === 0 ? 'pdu-header' : 'pdv-header';
      return at;
    }
    if (this.#pduLeft > this.#limits.maxControlPduLength) {
      return this.#fail(providerFault('InvalidPduParameter', 'PDU longer than any of its kind can be'), at);
    }
    this.#phase = 'control';
    if (this.#pduLeft === 0) this.#finishControl(EMPTY);
    return at;
  }

  #typeFault(type: number): ProtocolFault | undefined {
    if (type < PduType.AssociateRequest || type > PduType.Abort) {
      return providerFault('UnrecognizedPdu', 'unknown PDU type');
    }
    return this.#handler.expects(type);
  }

  #readControl(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#pduLeft);
    const part = chunk.subarray(at, end);
    this.#pduLeft -= part.length;
    if (this.#pduLeft > 0) this.#control.push(part);
    else this.#finishControl(part);
    return end;
  }

  #finishControl(lastPart: Buffer): void {
    const body = this.#control.length === 0 ? lastPart : Buffer.concat([...this.#control, lastPart]);
    this.#control = [];
    this.#phase = 'pdu-header';
    this.#handler.control(this.#type, body);
  }

  #readPdvHeader(chunk: Buffer, from: number): number {
    let at = from;
    let head = chunk;
    let headAt = at;
    if (this.#headerFilled === 0 && this.#pduLeft < PDV_HEADER_LENGTH) {
      return this.#fail(providerFault('InvalidPduParameter', 'P-DATA-TF ends inside a PDV header'), at);
    }
    if (this.#headerFilled > 0 || chunk.length - at < PDV_HEADER_LENGTH) {
      at = this.#gatherHeader(chunk, at);
      if (this.#headerFilled < PDV_HEADER_LENGTH) return at;
      this.#headerFilled = 0;
      head = this.#header;
      headAt = 0;
    } else {
      at += PDV_HEADER_LENGTH;
    }
    // The item length counts the context id and the message control header.
    const itemLength = head.readUInt32BE(headAt);
    if (itemLength < 2 || itemLength > this.#pduLeft - 4) {
      return this.#fail(providerFault('InvalidPduParameter', 'PDV length does not fit its P-DATA-TF'), at);
    }
    this.#pdvLeft = itemLength - 2;
    this.#pduLeft -= itemLength + 4;
    this.#contextId = head.readUInt8(headAt + 4);
    const control = head.readUInt8(headAt + 5);
    this.#isCommand = (control & 1) !== 0;
    this.#isLast = (control & 2) !== 0;
    this.#phase = 'pdv';
    if (this.#pdvLeft === 0) this.#finishFragment(EMPTY);
    return at;
  }

  #readFragment(chunk: Buffer, at: number): number {
    const end = at + this.#pdvLeft;
    if (end > chunk.length) {
      const part = at === 0 ? chunk : chunk.subarray(at);
      this.#pdvLeft -= part.length;
      this.#handler.fragment(this.#contextId, this.#isCommand, part, false);
      return chunk.length;
    }
    this.#finishFragment(chunk.subarray(at, end));
    return end;
  }

  #finishFragment(bytes: Buffer): void {
    this.#pdvLeft = 0;
    this.#phase = this.#pduLeft === 0 ? 'pdu-header' : 'pdv-header';
    this.#handler.fragment(this.#contextId, this.#isCommand, bytes, this.#isLast);
  }

  #gatherHeader(chunk: Buffer, at: number): number {
    const wanted = Math.min(PDU_HEADER_LENGTH - this.#headerFilled, chunk.length - at);
    chunk.copy(this.#header, this.#headerFilled, at, at + wanted);
    this.#headerFilled += wanted;
    return at + wanted;
  }

  #fail(fault: ProtocolFault, at: number): number {
    this.end();
    this.#handler.fault(fault);
    return at;
  }
}
