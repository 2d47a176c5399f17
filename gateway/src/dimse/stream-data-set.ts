import { bufferPool, POOLED_LENGTH } from './buffer-pool.ts';
import { PDU_HEADER_LENGTH, PDV_HEADER_LENGTH, PduType } from './pdu.ts';

/** Message control header of a data set's last fragment (PS3.8 E.2); every other one is 0. */
const LAST = 0x02;
const HEADS = PDU_HEADER_LENGTH + PDV_HEADER_LENGTH;
/** Where the peer sets no limit (0). */
const LARGEST_PDU = 131_072;

/** Buffers of the pool in turn: while one is on its way the other is filled. */
class Batches {
  readonly #send: (bytes: Buffer) => Promise<void>;
  #onWay: Promise<void> = Promise.resolve();
  #sending: Buffer | null = null;
  #spare: Buffer | null = null;
  current: Buffer = bufferPool.take();

  constructor(send: (bytes: Buffer) => Promise<void>) {
    this.#send = send;
  }

  /** Sends the first `length` bytes; `current` is then free memory again. */
  async next(length: number): Promise<void> {
    const [filled, before] = [this.current, this.#sending];
    const previous = this.#onWay;
    this.#onWay = this.#send(filled.subarray(0, length));
    // Whoever waits for it hears of it.
    this.#onWay.catch(() => {});
    this.#sending = filled;
    this.current = this.#spare ?? bufferPool.take();
    this.#spare = null;
    await previous;
    this.#spare = before;
  }

  /** What was never sent, or is known to be on the wire, goes back to the pool. */
  async done(isWhole: boolean): Promise<void> {
    if (isWhole) {
      await this.#onWay;
      if (this.#sending !== null) bufferPool.give(this.#sending);
    }
    bufferPool.give(this.current);
    if (this.#spare !== null) bufferPool.give(this.#spare);
  }
}

/**
 * Sends a data set as P-DATA-TF: fragments as large as the peer takes them, many to a write. What is in memory does not depend
 * on the size of the object: two writes, and a chunk of `source`, which is done with when the next one is asked for.
 * `send` resolves when the bytes are on the wire: their memory is then used again.
 * @returns the bytes of the data set. @throws whatever `source` or `send` throws; the message is then not whole, and the
 * association is good for nothing but an abort.
 */
export const streamDataSet = async (
  source: AsyncIterable<Buffer> | Iterable<Buffer>,
  to: {
    readonly contextId: number;
    /** 0 is unlimited. */
    readonly peerMaxPduLength: number;
    /** The framed command that the data set belongs to, when it is to travel with the first bytes. */
    readonly command?: Buffer;
    readonly send: (bytes: Buffer) => Promise<void>;
  },
): Promise<number> => {
  const limit = to.peerMaxPduLength === 0 ? LARGEST_PDU : Math.min(to.peerMaxPduLength, LARGEST_PDU);
  const most = limit - PDV_HEADER_LENGTH;
  const batches = new Batches(to.send);
  let start = to.command?.copy(batches.current) ?? 0;
  let length = 0;
  let total = 0;

  const close = (control: number): void => {
    const batch = batches.current;
    batch.writeUInt16BE(PduType.Data << 8, start);
    batch.writeUInt32BE(length + PDV_HEADER_LENGTH, start + 2);
    batch.writeUInt32BE(length + 2, start + 6);
    batch.writeUInt8(to.contextId, start + 10);
    batch.writeUInt8(control, start + 11);
    start += HEADS + length;
    length = 0;
  };

  let isWhole = false;
  try {
    for await (const chunk of source) {
      let at = 0;
      while (at < chunk.length) {
        // Closed only when more is there: which fragment is the last one shows at the end.
        if (length === most) {
          close(0);
          if (start + HEADS + most > POOLED_LENGTH) {
            await batches.next(start);
            start = 0;
          }
        }
        const size = Math.min(most - length, chunk.length - at);
        chunk.copy(batches.current, start + HEADS + length, at, at + size);
        length += size;
        at += size;
      }
      total += chunk.length;
    }
    close(LAST);
    await batches.next(start);
    isWhole = true;
  } finally {
    await batches.done(isWhole);
  }
  return total;
};
