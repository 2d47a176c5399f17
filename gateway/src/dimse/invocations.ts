import { AppError } from '@archwire/contracts';
import { writeRequest, type ReceivedCommand } from './command-codec.ts';
import type { Invocation } from './dimse-service.ts';
import { frameMessage, MESSAGE_HEAD_ROOM } from './frame-message.ts';
import type { MessageLink } from './message-link.ts';
import { userFault } from './protocol-fault.ts';
import { streamDataSet } from './stream-data-set.ts';

const gone = (): AppError =>
  new AppError('unavailable', 'The peer ended the association before it answered.');

/** The requests that we send on an association which the peer opened, each with the response that it waits for. */
export class Invocations {
  readonly #link: MessageLink;
  readonly #peerMaxPduLength: number;
  readonly #waiting = new Map<number, PromiseWithResolvers<ReceivedCommand>>();
  #lastMessageId = 0;
  #owed = 0;

  constructor(link: MessageLink, peerMaxPduLength: number) {
    this.#link = link;
    this.#peerMaxPduLength = peerMaxPduLength;
  }

  get outstanding(): boolean {
    return this.#waiting.size > 0;
  }

  /** Everything is said and the peer's turn to respond. */
  get owed(): boolean {
    return this.#owed > 0;
  }

  /** See `DimseRequest.invoke`. */
  async invoke({ contextId, command, dataSet }: Invocation): Promise<ReceivedCommand> {
    const MessageID = (this.#lastMessageId = (this.#lastMessageId % 0xffff) + 1);
    const response = Promise.withResolvers<ReceivedCommand>();
    // Its end is awaited only behind the data set, which may come to nothing first.
    response.promise.catch(() => {});
    this.#waiting.set(MessageID, response);
    try {
      const bytes = writeRequest(
        { ...command, MessageID, hasDataSet: dataSet !== undefined },
        MESSAGE_HEAD_ROOM,
      );
      const framed = frameMessage(bytes, contextId, this.#peerMaxPduLength);
      if (dataSet === undefined) await this.#link.write(framed);
      else await this.#stream(contextId, framed, dataSet);
      this.#owed++;
      return await response.promise.finally(() => this.#owed--);
    } finally {
      this.#waiting.delete(MessageID);
    }
  }

  /** `false`: nothing of ours waits for it. */
  take(response: ReceivedCommand): boolean {
    const waiting = this.#waiting.get(response.MessageIDBeingRespondedTo ?? 0);
    waiting?.resolve(response);
    return waiting !== undefined;
  }

  end(): void {
    for (const { reject } of this.#waiting.values()) reject(gone());
  }

  async #stream(
    contextId: number,
    command: Buffer,
    dataSet: NonNullable<Invocation['dataSet']>,
  ): Promise<void> {
    let begun = false;
    try {
      await streamDataSet(dataSet, {
        contextId,
        peerMaxPduLength: this.#peerMaxPduLength,
        command,
        send: async (bytes) => {
          begun = true;
          await this.#link.write(bytes);
        },
      });
    } catch (error) {
      // The peer waits for the rest of a data set that will never come.
      if (begun) this.#link.abort(userFault('a data set could not be sent to its end'));
      throw error;
    }
  }
}
