import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const IMPLICIT = '1.2.840.10008.1.2';
const EXPLICIT = '1.2.840.10008.1.2.1';
const APPLICATION_CONTEXT = '1.2.840.10008.3.1.1.1';
export const VERIFICATION = '1.2.840.10008.1.1';
export const STUDY_ROOT_FIND = '1.2.840.10008.5.1.4.1.2.2.1';

const C_STORE = 0x0001;
const RESPONSE = 0x8000;
/** Message control header (PS3.8 E.2). */
const COMMAND = 1;
const LAST = 2;

const text = (value: string): Buffer => Buffer.from(value.length % 2 ? `${value}\0` : value, 'latin1');
const item = (type: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(4);
  head.writeUInt8(type, 0);
  head.writeUInt16BE(body.length, 2);
  return Buffer.concat([head, body]);
};
const pdu = (type: number, body: Buffer): Buffer => {
  const head = Buffer.alloc(6);
  head.writeUInt8(type, 0);
  head.writeUInt32BE(body.length, 2);
  return Buffer.concat([head, body]);
};
const plain = (value: string): Buffer => Buffer.from(value, 'latin1');

/** Context 1 for what is asked; further ones for what is to come back, of which the caller is the SCP (PS3.7 D.3.3.4). */
const associateRequest = (
  calledAe: string,
  callingAe: string,
  abstractSyntax: string,
  stored: readonly string[],
): Buffer => {
  const fixed = Buffer.alloc(68);
  fixed.writeUInt16BE(1, 0);
  fixed.write(calledAe.padEnd(16), 4, 'latin1');
  fixed.write(callingAe.padEnd(16), 20, 'latin1');
  const maxPdu = Buffer.alloc(4);
  maxPdu.writeUInt32BE(131_072);
  const contexts = [abstractSyntax, ...stored].map((syntax, at) =>
    item(
      0x20,
      Buffer.from([1 + at * 2, 0, 0, 0]),
      item(0x30, plain(syntax)),
      item(0x40, plain(at === 0 ? IMPLICIT : EXPLICIT)),
    ),
  );
  const roles = stored.map((syntax) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(syntax.length);
    return item(0x54, length, plain(syntax), Buffer.from([0, 1]));
  });
  const user = item(0x50, item(0x51, maxPdu), item(0x52, plain('2.25.1')), ...roles);
  return pdu(0x01, Buffer.concat([fixed, item(0x10, plain(APPLICATION_CONTEXT)), ...contexts, user]));
};

/** An element in Implicit VR Little Endian. */
export const element = (group: number, number: number, value: Buffer | string): Buffer => {
  const bytes = typeof value === 'string' ? text(value) : value;
  const head = Buffer.alloc(8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
};
const short = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
const pdv = (control: number, value: Buffer, contextId = 1): Buffer => {
  const head = Buffer.alloc(6);
  head.writeUInt32BE(value.length + 2, 0);
  head.writeUInt8(contextId, 4);
  head.writeUInt8(control, 5);
  return Buffer.concat([head, value]);
};

export interface Timings {
  readonly answers: number;
  readonly firstMs: number;
  readonly allMs: number;
}

/**
 * The least that can ask over DIMSE, so that what is measured is the peer: requests one after the other, of the answers
 * nothing but their status is read, and what a C-GET sends is acknowledged and thrown away.
 */
export class DimseClient {
  readonly #socket: Socket;
  readonly #abstractSyntax: string;
  #buffer: Buffer = Buffer.alloc(0);
  #onPdu: (type: number, body: Buffer) => void = () => {};
  #onEnd: (error: Error) => void = () => {};
  #messageId = 0;

  private constructor(socket: Socket, abstractSyntax: string) {
    this.#socket = socket;
    this.#abstractSyntax = abstractSyntax;
    socket.on('data', (chunk: Buffer) => {
      let at = 0;
      const bytes = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
      while (bytes.length - at >= 6) {
        const end = at + 6 + bytes.readUInt32BE(at + 2);
        if (end > bytes.length) break;
        this.#onPdu(bytes.readUInt8(at), bytes.subarray(at + 6, end));
        at = end;
      }
      this.#buffer = bytes.subarray(at);
    });
    socket.on('error', (error) => this.#onEnd(error));
    socket.on('close', () => this.#onEnd(new Error('The peer closed the connection.')));
  }

  /** Connects and associates. */
  static async open(
    peer: { readonly dimsePort: number; readonly calledAe: string },
    abstractSyntax: string,
    callingAe = 'BENCH',
    stored: readonly string[] = [],
  ): Promise<DimseClient> {
    const socket = connect({ host: '127.0.0.1', port: peer.dimsePort, noDelay: true });
    await once(socket, 'connect');
    const client = new DimseClient(socket, abstractSyntax);
    await new Promise<void>((resolve, reject) => {
      client.#onEnd = reject;
      client.#onPdu = (type, body) => {
        // Result of the one context: fixed part, application context item, then id, reserved, result.
        const accepted = type === 2 && body.readUInt8(68 + 4 + body.readUInt16BE(70) + 4 + 2) === 0;
        if (accepted) resolve();
        else reject(new Error(`The peer refused the association or its context (PDU type ${type}).`));
      };
      socket.write(associateRequest(peer.calledAe, callingAe, abstractSyntax, stored));
    });
    return client;
  }

  /** One request; `dataSet` is in Implicit VR Little Endian. @throws when the last status is not Success. */
  async request(commandField: number, dataSet: Buffer | null): Promise<Timings> {
    this.#messageId += 1;
    const body = Buffer.concat([
      element(0, 0x0002, this.#abstractSyntax),
      element(0, 0x0100, short(commandField)),
      element(0, 0x0110, short(this.#messageId)),
      ...(dataSet === null ? [] : [element(0, 0x0700, short(0))]),
      element(0, 0x0800, short(dataSet === null ? 0x0101 : 0)),
    ]);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(body.length);
    const command = Buffer.concat([element(0, 0x0000, length), body]);
    const from = performance.now();
    let answers = 0;
    let firstMs = 0;
    let storing = 0;
    const last = new Promise<number>((resolve, reject) => {
      this.#onEnd = reject;
      this.#onPdu = (type, bytes) => {
        if (type !== 4) return reject(new Error(`The peer answered with PDU type ${type}.`));
        for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt32BE(at)) {
          const control = bytes.readUInt8(at + 5);
          if (control === LAST && storing > 0) {
            this.#acknowledge(bytes.readUInt8(at + 4), storing);
            storing = 0;
          }
          if ((control & COMMAND) === 0) continue;
          const received = bytes.subarray(at + 6, at + 4 + bytes.readUInt32BE(at));
          if (wordOf(received, 0x0100) === C_STORE) {
            storing = wordOf(received, 0x0110);
            continue;
          }
          const status = wordOf(received, 0x0900);
          if (status === 0xff00 || status === 0xff01) {
            if (answers === 0) firstMs = performance.now() - from;
            answers += 1;
          } else resolve(status);
        }
      };
    });
    this.#socket.write(
      dataSet === null
        ? pdu(4, pdv(3, command))
        : Buffer.concat([pdu(4, pdv(3, command)), pdu(4, pdv(2, dataSet))]),
    );
    const status = await last;
    if (status !== 0) throw new Error(`The peer ended with status 0x${status.toString(16)}.`);
    return { answers, firstMs, allMs: performance.now() - from };
  }

  #acknowledge(contextId: number, messageId: number): void {
    const body = Buffer.concat([
      element(0, 0x0100, short(C_STORE | RESPONSE)),
      element(0, 0x0120, short(messageId)),
      element(0, 0x0800, short(0x0101)),
      element(0, 0x0900, short(0)),
    ]);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(body.length);
    const command = Buffer.concat([element(0, 0x0000, length), body]);
    this.#socket.write(pdu(4, pdv(COMMAND | LAST, command, contextId)));
  }

  async release(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#onEnd = () => {};
    this.#onPdu = () => this.#socket.end();
    this.#socket.write(pdu(5, Buffer.alloc(4)));
    await closed;
  }
}

/** A US element of a command set; -1 when it is not there. */
const wordOf = (command: Buffer, number: number): number => {
  for (let at = 0; at + 8 <= command.length; at += 8 + command.readUInt32LE(at + 4)) {
    if (command.readUInt16LE(at + 2) === number) return command.readUInt16LE(at + 8);
  }
  return -1;
};
