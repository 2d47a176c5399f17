import { connect, type Socket } from 'node:net';
import dimse from 'dcmjs-dimse';
import { associateRequest, echo, releaseRequest, type PeerRequest } from './peer-pdus.ts';

export interface ReceivedPdu {
  readonly type: number;
  readonly body: Buffer;
}

/** A peer that says byte for byte what a test tells it to. */
export class RawPeer {
  readonly socket: Socket;
  readonly #pdus: ReceivedPdu[] = [];
  readonly #wakers: (() => void)[] = [];
  #buffer: Buffer = Buffer.alloc(0);
  #closed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk]);
      for (;;) {
        if (this.#buffer.length < 6) break;
        const length = this.#buffer.readUInt32BE(2);
        if (this.#buffer.length < 6 + length) break;
        this.#pdus.push({ type: this.#buffer.readUInt8(0), body: this.#buffer.subarray(6, 6 + length) });
        this.#buffer = this.#buffer.subarray(6 + length);
      }
      this.#wake();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  static open(port: number): Promise<RawPeer> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => resolve(new RawPeer(socket)));
    });
  }

  /** Opens and associates; fails when the association is not accepted. */
  static async associate(port: number, request: PeerRequest = {}): Promise<RawPeer> {
    const peer = await RawPeer.open(port);
    peer.send(associateRequest(request));
    const answer = await peer.receive();
    if (answer?.type !== 2)
      throw new Error(`A-ASSOCIATE answered with PDU type ${answer?.type}: ${answer?.body.toString('hex')}`);
    return peer;
  }

  send(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  /** The next PDU, or `null` when the connection is closed and all has been read. */
  async receive(): Promise<ReceivedPdu | null> {
    for (;;) {
      const next = this.#pdus.shift();
      if (next) return next;
      if (this.#closed) return null;
      await new Promise<void>((resolve) => {
        this.#wakers.push(resolve);
      });
    }
  }

  /** The command set of the next PDU, read by the library. */
  async receiveCommand(): Promise<Record<string, unknown> | null> {
    const answer = await this.receive();
    if (answer?.type !== 4) return null;
    return new dimse.Dataset(Buffer.from(answer.body.subarray(6))).getElements();
  }

  async closed(): Promise<void> {
    while (!this.#closed) {
      await new Promise<void>((resolve) => {
        this.#wakers.push(resolve);
      });
    }
  }

  destroy(): void {
    this.socket.destroy();
  }

  reset(): void {
    this.socket.resetAndDestroy();
  }

  #wake(): void {
    for (const wake of this.#wakers.splice(0)) wake();
  }
}

/** A whole association with one C-ECHO; answers its status. */
export const echoOnce = async (port: number): Promise<number> => {
  const peer = await RawPeer.associate(port, { callingAe: 'ECHO' });
  peer.send(echo());
  const answer = await peer.receiveCommand();
  peer.send(releaseRequest());
  const released = await peer.receive();
  await peer.closed();
  return released?.type === 6 && typeof answer?.['Status'] === 'number' ? answer['Status'] : -1;
};
