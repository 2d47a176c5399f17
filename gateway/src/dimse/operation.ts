import { setImmediate as turn } from 'node:timers/promises';
import { writeResponse, type ReceivedCommand } from './command-codec.ts';
import { RESPONSE } from './command-field.ts';
import type {
  AssociationSource,
  DimseAnswer,
  DimseRequest,
  DimseResult,
  DimseService,
} from './dimse-service.ts';
import { frameMessage, MESSAGE_HEAD_ROOM } from './frame-message.ts';
import type { MessageLink } from './message-link.ts';
import type { NegotiatedContext } from './negotiate-contexts.ts';

export interface OperationOptions {
  readonly link: Pick<MessageLink, 'established' | 'send' | 'drained'>;
  readonly invoke: DimseRequest['invoke'];
  readonly peerMaxPduLength: number;
  readonly contexts: ReadonlyMap<number, NegotiatedContext>;
  /** Service Class Application Information by abstract syntax, as proposed. */
  readonly extended: ReadonlyMap<string, Buffer>;
  readonly source: AssociationSource;
}

/** Responses to one request, framed for the peer. */
export const frameAnswers = (
  command: ReceivedCommand,
  contextId: number,
  peerMaxPduLength: number,
  answers: readonly DimseAnswer[],
): Buffer => {
  const frames = answers.flatMap(({ status, elements, dataSet }) => {
    const response = writeResponse(
      {
        CommandField: command.CommandField | RESPONSE,
        MessageIDBeingRespondedTo: command.MessageID,
        AffectedSOPClassUID: command.SOPClassUID,
        AffectedSOPInstanceUID: command.SOPInstanceUID,
        ...elements,
        Status: status.code,
        ...(status.comment === undefined ? {} : { ErrorComment: status.comment }),
        hasDataSet: dataSet !== undefined,
      },
      MESSAGE_HEAD_ROOM,
    );
    const framed = frameMessage(response, contextId, peerMaxPduLength);
    if (dataSet === undefined) return [framed];
    const body = Buffer.concat([Buffer.allocUnsafe(MESSAGE_HEAD_ROOM), dataSet]);
    return [framed, frameMessage(body, contextId, peerMaxPduLength, 'data-set')];
  });
  const [only] = frames;
  return frames.length === 1 && only !== undefined ? only : Buffer.concat(frames);
};

/** One request that a service works on. */
export class Operation {
  readonly service: DimseService;
  readonly command: ReceivedCommand;
  readonly context: NegotiatedContext;
  readonly #options: OperationOptions;
  readonly #cancelling = new AbortController();

  constructor(
    service: DimseService,
    message: { readonly command: ReceivedCommand; readonly context: NegotiatedContext },
    options: OperationOptions,
  ) {
    this.service = service;
    this.command = message.command;
    this.context = message.context;
    this.#options = options;
  }

  /** C-CANCEL, or the association is over. */
  cancel(): void {
    this.#cancelling.abort();
  }

  async run(dataSet: Buffer): Promise<DimseResult> {
    const { contexts, extended, invoke, source } = this.#options;
    return await this.service.perform({
      command: this.command,
      context: this.context,
      dataSet,
      extended: extended.get(this.context.abstractSyntax),
      source,
      contexts,
      signal: this.#cancelling.signal,
      pending: async (answers) => await this.#pending(answers),
      invoke,
    });
  }

  async #pending(answers: readonly DimseAnswer[]): Promise<void> {
    const { link, peerMaxPduLength } = this.#options;
    if (!link.established || answers.length === 0) return;
    link.send(frameAnswers(this.command, this.context.id, peerMaxPduLength, answers));
    await link.drained();
    // A C-CANCEL that lies in the socket is seen before more is sent.
    await turn();
  }
}
