import { setImmediate as turn } from 'node:timers/promises';
import { writeResponse, type ResponseCommand } from '../command-codec.ts';
import {
  CANCELLED,
  PENDING,
  PENDING_WITHOUT_SOME_KEYS,
  statusOfQueryError,
  SUCCESS,
  type DimseStatus,
} from '../dimse-status.ts';
import { frameMessage, MESSAGE_HEAD_ROOM } from '../frame-message.ts';
import type { MessageLink } from '../message-exchange.ts';
import type { FindPage } from './find-service.ts';

interface Options {
  readonly pages: AsyncIterable<FindPage>;
  readonly link: Pick<MessageLink, 'established' | 'send' | 'drained'>;
  readonly frame: { readonly contextId: number; readonly peerMaxPduLength: number };
  readonly response: Omit<ResponseCommand, 'Status' | 'hasDataSet' | 'ErrorComment'>;
}

export interface FindResult {
  /** The last response, which the caller sends. */
  readonly status: DimseStatus;
  readonly error?: unknown;
}

/** The answers of one C-FIND: a page at a time, the next only when the peer has taken the last, so memory stays bounded. */
export class FindOperation {
  readonly #options: Options;
  #cancelled = false;

  constructor(options: Options) {
    this.#options = options;
  }

  /** C-CANCEL, or the association is over: nothing follows the page that is on its way. */
  cancel(): void {
    this.#cancelled = true;
  }

  /** Never rejects: every failure is a status. */
  async run(): Promise<FindResult> {
    const { link, pages } = this.#options;
    try {
      for await (const page of pages) {
        if (this.#cancelled || !link.established) return { status: CANCELLED };
        link.send(this.#frame(page));
        await link.drained();
        // A C-CANCEL that lies in the socket is seen before the next page.
        await turn();
        if (this.#cancelled) return { status: CANCELLED };
      }
      return { status: SUCCESS };
    } catch (error) {
      return { status: statusOfQueryError(error), error };
    }
  }

  #frame({ dataSets, hasUnsupported }: FindPage): Buffer {
    const { frame, response } = this.#options;
    const { contextId, peerMaxPduLength } = frame;
    const { code } = hasUnsupported ? PENDING_WITHOUT_SOME_KEYS : PENDING;
    const room = Buffer.alloc(MESSAGE_HEAD_ROOM);
    return Buffer.concat(
      dataSets.flatMap((dataSet) => {
        const command = writeResponse({ ...response, Status: code, hasDataSet: true }, MESSAGE_HEAD_ROOM);
        return [
          frameMessage(command, contextId, peerMaxPduLength),
          frameMessage(Buffer.concat([room, dataSet]), contextId, peerMaxPduLength, 'data-set'),
        ];
      }),
    );
  }
}
