import type { Logger } from '@archwire/runtime';
import { CommandAssembler } from './command-assembler.ts';
import type { ReceivedCommand } from './command-codec.ts';
import { CommandField, RESPONSE } from './command-field.ts';
import type {
  AssociationSource,
  DimseAnswer,
  DimseResult,
  DimseService,
  Invocation,
} from './dimse-service.ts';
import {
  CANNOT_UNDERSTAND,
  CLASS_NOT_SERVED,
  NOT_AUTHORIZED,
  UNRECOGNIZED_OPERATION,
  type DimseStatus,
} from './dimse-status.ts';
import { Invocations } from './invocations.ts';
import type { DimseLimits } from './limits.ts';
import type { MessageLink } from './message-link.ts';
import type { NegotiatedContext } from './negotiate-contexts.ts';
import { frameAnswers, Operation } from './operation.ts';
import { providerFault, userFault } from './protocol-fault.ts';
import type { StoreOperation } from './store-operation.ts';
import type { StoreReception } from './store-reception.ts';

export interface MessageExchangeOptions {
  readonly link: MessageLink;
  /** Accepted contexts by id. */
  readonly contexts: ReadonlyMap<number, NegotiatedContext>;
  /** Service Class Application Information by abstract syntax, as proposed. */
  readonly extended: ReadonlyMap<string, Buffer>;
  readonly source: AssociationSource;
  readonly peerMaxPduLength: number;
  readonly stores: StoreReception;
  readonly services: readonly DimseService[];
  readonly limits: Pick<DimseLimits, 'maxCommandLength' | 'maxIdentifierLength'>;
  readonly log: Pick<Logger, 'warn'>;
}

interface Message {
  readonly context: NegotiatedContext;
  readonly command: ReceivedCommand;
}

/** What C-CANCEL can end (PS3.7 section 9.3.2.3): the reading goes on meanwhile. */
const CANCELLABLE: ReadonlySet<number> = new Set([CommandField.CFind, CommandField.CGet, CommandField.CMove]);

/** What becomes of a data set that is still to come. */
type Purpose =
  | { readonly kind: 'store'; readonly store: StoreOperation }
  | { readonly kind: 'perform'; readonly service: DimseService; readonly parts: Buffer[] }
  /** Read and dropped. */
  | { readonly kind: 'refuse'; readonly status: DimseStatus }
  /** Of a response: none that we ask for means anything to us. */
  | { readonly kind: 'response' };

/**
 * Puts fragments together to messages, works them off one after the other, and answers (PS3.7). C-STORE streams; every other
 * request is looked up in the table of services. While an object is made durable, or a request worked on that cannot be
 * cancelled, the reading is held, so that a second command, which nobody granted, waits too.
 */
export class MessageExchange {
  readonly #options: MessageExchangeOptions;
  readonly #command: CommandAssembler;
  readonly #invocations: Invocations;
  #message: (Message & { readonly purpose: Purpose; byteCount: number }) | null = null;
  #working = false;
  #operation: Operation | null = null;
  /** A command that came while another is answered, which nobody granted; it waits for its turn. */
  #deferred: Message | null = null;

  constructor(options: MessageExchangeOptions) {
    this.#options = options;
    this.#command = new CommandAssembler(options.limits.maxCommandLength);
    this.#invocations = new Invocations(options.link, options.peerMaxPduLength);
  }

  /** The reading is held: a sink drains, an object is made durable, a request is worked on, a command waits for its turn. */
  get working(): boolean {
    return this.#working || this.#deferred !== null;
  }

  /** We owe the peer something, and it owes us nothing before. */
  get answering(): boolean {
    return this.working || (this.#operation !== null && !this.#invocations.owed);
  }

  /** Between two messages. */
  get quiet(): boolean {
    return !this.working && this.#operation === null && !this.#message && this.#command.empty;
  }

  fragment(contextId: number, isCommand: boolean, bytes: Buffer, last: boolean): void {
    const { contexts, link } = this.#options;
    const context = contexts.get(contextId);
    if (!context)
      return link.abort(providerFault('InvalidPduParameter', 'data on a context that was not accepted'));
    if (isCommand === (this.#message !== null)) {
      return link.abort(
        userFault(isCommand ? 'a command inside a data set' : 'a data set without a command'),
      );
    }
    if (!isCommand) return this.#dataFragment(context, bytes, last);
    const command = this.#command.add(context.id, bytes, last);
    if (command === 'more') return undefined;
    if (command === 'broken') return link.abort(userFault('not a command set'));
    return this.#startMessage({ context, command });
  }

  /** The association is over: nothing of an unfinished object is kept. What already waits for the disk is not disturbed. */
  end(): void {
    const purpose = this.#message?.purpose;
    if (purpose?.kind === 'store') purpose.store.abort();
    this.#message = null;
    this.#operation?.cancel();
    this.#invocations.end();
  }

  #startMessage(message: Message): void {
    const { command, context } = message;
    const { link, stores } = this.#options;
    const field = command.CommandField;
    if (field & RESPONSE) return this.#startResponse(message);
    // C-CANCEL has no answer of its own (PS3.7 section 9.3.2.3); what it names may be over already.
    if (field === CommandField.CCancel) {
      if (this.#operation?.command.MessageID === command.MessageIDBeingRespondedTo) this.#operation?.cancel();
      return undefined;
    }
    if (this.#operation !== null) {
      // Its responses would wait behind a command that waits for them.
      if (this.#operation.service.storesAtPeer === true || this.#invocations.outstanding)
        return link.abort(userFault('a second command where none was granted'));
      this.#deferred = message;
      return link.hold();
    }
    if (field === CommandField.CStore && command.hasDataSet && context.denied === undefined)
      return this.#await(message, { kind: 'store', store: stores.begin(context, command) });
    const found = this.#find(message);
    if (!('perform' in found))
      return command.hasDataSet
        ? this.#await(message, { kind: 'refuse', status: found })
        : this.#answer(message, { status: found });
    if (command.hasDataSet) return this.#await(message, { kind: 'perform', service: found, parts: [] });
    return found.needsDataSet
      ? this.#answer(message, { status: CANNOT_UNDERSTAND })
      : this.#perform(message, found, Buffer.alloc(0));
  }

  #await(message: Message, purpose: Purpose): void {
    this.#message = { ...message, purpose, byteCount: 0 };
  }

  #find({ command, context }: Message): DimseService | DimseStatus {
    const named = this.#options.services.filter(({ commandField }) => commandField === command.CommandField);
    // It is SCP there: it may report, and ask nothing.
    if (context.denied !== undefined && !named.some(({ peerRole }) => peerRole === 'scp'))
      return NOT_AUTHORIZED;
    if (command.CommandField === CommandField.CStore) return CANNOT_UNDERSTAND;
    const service = named.find(({ abstractSyntaxes }) => abstractSyntaxes.has(context.abstractSyntax));
    return service ?? (named.length > 0 ? CLASS_NOT_SERVED : UNRECOGNIZED_OPERATION);
  }

  #startResponse(message: Message): void {
    if (!this.#invocations.take(message.command))
      return this.#options.link.abort(userFault('a response to nothing'));
    return message.command.hasDataSet ? this.#await(message, { kind: 'response' }) : undefined;
  }

  #dataFragment(context: NegotiatedContext, bytes: Buffer, last: boolean): void {
    const { limits, link } = this.#options;
    const message = this.#message;
    if (message === null || context !== message.context)
      return link.abort(userFault('a data set on another context than its command'));
    const { purpose } = message;
    if (purpose.kind === 'store') {
      const more = purpose.store.write(bytes);
      const waits = last
        ? this.#finishStore(message, purpose.store)
        : more
          ? null
          : this.#awaitDrain(purpose.store);
      waits?.catch((error: unknown) => link.fail(error));
      return undefined;
    }
    message.byteCount += bytes.length;
    if (message.byteCount > limits.maxIdentifierLength)
      return link.abort(userFault('a data set too long for its command'));
    // A view would keep the whole packet of the socket.
    if (purpose.kind === 'perform') purpose.parts.push(Buffer.from(bytes));
    if (!last) return undefined;
    this.#message = null;
    if (purpose.kind === 'perform')
      return this.#perform(message, purpose.service, Buffer.concat(purpose.parts));
    return purpose.kind === 'refuse' ? this.#answer(message, { status: purpose.status }) : undefined;
  }

  #perform(message: Message, service: DimseService, dataSet: Buffer): void {
    const { link } = this.#options;
    const invoke = async (invocation: Invocation): Promise<ReceivedCommand> => {
      // Its response has to be read.
      this.#readOn();
      return await this.#invocations.invoke(invocation);
    };
    const operation = new Operation(service, message, { ...this.#options, invoke });
    this.#operation = operation;
    if (!CANCELLABLE.has(message.command.CommandField)) {
      this.#working = true;
      link.hold();
    }
    operation
      .run(dataSet)
      .then((result) => this.#finish(operation, result))
      .catch((error: unknown) => link.fail(error));
  }

  #finish({ service, command, context }: Operation, result: DimseResult): void {
    const { link, log, source } = this.#options;
    this.#operation = null;
    const { error, status } = result;
    if (error !== undefined) {
      const { callingAe, calledAe, address } = source;
      const names = { callingAe, calledAe, address, operation: service.name };
      log.warn({ ...names, status: status.code, err: error }, 'request not served');
    }
    if (link.established) {
      this.#answer({ command, context }, result);
      this.#readOn();
      this.#takeDeferred();
    }
    result.after?.().catch((thrown: unknown) => link.fail(thrown));
  }

  #readOn(): void {
    if (!this.#working) return;
    this.#working = false;
    this.#options.link.carryOn();
  }

  #takeDeferred(): void {
    const deferred = this.#deferred;
    if (deferred === null) return;
    this.#deferred = null;
    this.#startMessage(deferred);
    if (!this.working) this.#options.link.carryOn();
  }

  async #awaitDrain(store: StoreOperation): Promise<void> {
    const { link } = this.#options;
    link.hold();
    this.#working = true;
    await store.drained();
    this.#working = false;
    if (link.established) link.carryOn();
  }

  async #finishStore(message: Message, store: StoreOperation): Promise<void> {
    const { link, stores } = this.#options;
    this.#message = null;
    link.hold();
    this.#working = true;
    const status = await stores.finish(store, message.command);
    this.#working = false;
    // The peer may have gone while the disk worked; what is durable stays.
    if (!link.established) return;
    this.#answer(message, { status });
    link.carryOn();
  }

  #answer({ command, context }: Message, answer: DimseAnswer): void {
    const { link, peerMaxPduLength } = this.#options;
    link.send(frameAnswers(command, context.id, peerMaxPduLength, [answer]));
  }
}
