import type { Ingest } from '@archwire/archive';
import { isUidLenient, type IngestSource } from '@archwire/contracts';
import type { Logger } from '@archwire/runtime';
import { CommandAssembler } from './command-assembler.ts';
import { writeResponse, type ReceivedCommand } from './command-codec.ts';
import { deviceOf, type DeviceActivity } from './device-activity.ts';
import type { DimseMetrics } from './dimse-metrics.ts';
import {
  CANNOT_UNDERSTAND,
  QUERY_CLASS_NOT_SUPPORTED,
  INVALID_SOP_INSTANCE,
  SOP_CLASS_NOT_SUPPORTED,
  SUCCESS,
  UNRECOGNIZED_OPERATION,
  type DimseStatus,
} from './dimse-status.ts';
import { MESSAGE_HEAD_ROOM, frameMessage } from './frame-message.ts';
import type { DimseLimits } from './limits.ts';
import type { NegotiatedContext } from './negotiate-contexts.ts';
import type { PresentationPolicy } from './presentation-policy.ts';
import { providerFault, userFault, type ProtocolFault } from './protocol-fault.ts';
import { FindOperation } from './query/find-operation.ts';
import type { Find } from './query/find-service.ts';
import { FIND_MODELS, NO_FIND_OPTIONS, type FindOptions } from './query/query-models.ts';
import { StoreOperation } from './store-operation.ts';

/** What an exchange of messages needs of the association that carries it. */
export interface MessageLink {
  readonly established: boolean;
  /** Stops the reading until `carryOn`. */
  hold(): void;
  carryOn(): void;
  send(bytes: Buffer): void;
  /** Resolves when the peer has taken what was sent, or will never. */
  drained(): Promise<void>;
  abort(fault: ProtocolFault): void;
  /** For what should never be thrown. */
  fail(error: unknown): void;
}

export interface MessageExchangeOptions {
  readonly link: MessageLink;
  /** Accepted contexts by id. */
  readonly contexts: ReadonlyMap<number, NegotiatedContext>;
  readonly source: Omit<IngestSource, 'receivedAt'>;
  readonly peerMaxPduLength: number;
  readonly ingest: Ingest;
  readonly find: Find;
  /** As negotiated, by FIND class. */
  readonly findOptions: ReadonlyMap<string, FindOptions>;
  readonly policy: PresentationPolicy;
  readonly limits: Pick<DimseLimits, 'maxCommandLength' | 'maxIdentifierLength'>;
  readonly metrics: DimseMetrics;
  readonly activity: DeviceActivity;
  readonly log: Pick<Logger, 'warn' | 'error'>;
}

/** CommandField values (PS3.7 table E.1-1) that this listener acts on; a response is its request with the top bit set. */
const C_STORE = 0x0001;
const C_FIND = 0x0020;
const C_ECHO = 0x0030;
const C_CANCEL = 0x0fff;
const RESPONSE = 0x8000;

/** A message whose data set is still to come. */
interface OpenMessage {
  readonly context: NegotiatedContext;
  readonly command: ReceivedCommand;
  /** `null`: the data set is read and dropped. */
  readonly store: StoreOperation | null;
  /** What was received so far of an identifier that will be looked at; `null` when it will not. */
  readonly identifier: Buffer[] | null;
  readonly status: DimseStatus;
  byteCount: number;
}

/**
 * Puts fragments together to messages, works them off one after the other, and answers (PS3.7). While one waits for the
 * disk the reading is held, so that a second command, which nobody granted, waits too.
 */
export class MessageExchange {
  readonly #options: MessageExchangeOptions;
  readonly #command: CommandAssembler;
  #message: OpenMessage | null = null;
  #working = false;
  #finding: { readonly operation: FindOperation; readonly messageId: number } | null = null;
  /** A command that came while another is answered, which nobody granted; it waits for its turn. */
  #deferred: { readonly context: NegotiatedContext; readonly command: ReceivedCommand } | null = null;
  objectCount = 0;
  byteCount = 0;
  failureCount = 0;

  constructor(options: MessageExchangeOptions) {
    this.#options = options;
    this.#command = new CommandAssembler(options.limits.maxCommandLength);
  }

  /** The reading is held: a sink drains, an object is made durable, a command waits for its turn. */
  get working(): boolean {
    return this.#working || this.#deferred !== null;
  }

  /** We owe the peer something. */
  get answering(): boolean {
    return this.working || this.#finding !== null;
  }

  /** Between two messages. */
  get quiet(): boolean {
    return !this.answering && !this.#message && this.#command.empty;
  }

  fragment(contextId: number, isCommand: boolean, bytes: Buffer, last: boolean): void {
    const { contexts, link } = this.#options;
    const context = contexts.get(contextId);
    if (!context)
      return link.abort(providerFault('InvalidPduParameter', 'data on a context that was not accepted'));
    const message = this.#message;
    if (isCommand === (message !== null)) {
      return link.abort(
        userFault(isCommand ? 'a command inside a data set' : 'a data set without a command'),
      );
    }
    if (message) return this.#dataFragment(message, context, bytes, last);
    const command = this.#command.add(context.id, bytes, last);
    if (command === 'more') return undefined;
    if (command === 'broken') return link.abort(userFault('not a command set'));
    return this.#startMessage(context, command);
  }

  /** The association is over: nothing of an unfinished object is kept. What already waits for the disk is not disturbed. */
  end(): void {
    this.#message?.store?.abort();
    this.#message = null;
    this.#finding?.operation.cancel();
  }

  #startMessage(context: NegotiatedContext, command: ReceivedCommand): void {
    const field = command.CommandField;
    if (field & RESPONSE) return this.#options.link.abort(userFault('a response to nothing'));
    // C-CANCEL has no answer of its own (PS3.7 section 9.3.2.3); what it names may be over already.
    if (field === C_CANCEL) {
      if (this.#finding?.messageId === command.MessageIDBeingRespondedTo) this.#finding?.operation.cancel();
      return undefined;
    }
    if (this.#finding !== null) {
      this.#deferred = { context, command };
      return this.#options.link.hold();
    }
    if (!command.hasDataSet) {
      const status =
        field === C_ECHO
          ? SUCCESS
          : field === C_STORE || field === C_FIND
            ? CANNOT_UNDERSTAND
            : UNRECOGNIZED_OPERATION;
      return this.#respond(context, command, status);
    }
    const isFind = field === C_FIND && FIND_MODELS.has(context.abstractSyntax);
    const status =
      field === C_ECHO ? SUCCESS : field === C_FIND ? QUERY_CLASS_NOT_SUPPORTED : UNRECOGNIZED_OPERATION;
    const store = field === C_STORE ? this.#startStore(context, command) : null;
    this.#message = { context, command, store, identifier: isFind ? [] : null, status, byteCount: 0 };
    return undefined;
  }

  #startStore(context: NegotiatedContext, command: ReceivedCommand): StoreOperation {
    const { ingest, policy, source } = this.#options;
    const { SOPClassUID, SOPInstanceUID } = command;
    // The affected class may differ from the context's: Related General SOP Classes (PS3.4 B.3.1.4) and careless senders.
    const isStorage = policy.isStorage(context.abstractSyntax) && policy.isStorage(SOPClassUID);
    const refusal = !isStorage
      ? SOP_CLASS_NOT_SUPPORTED
      : isUidLenient(SOPInstanceUID)
        ? null
        : INVALID_SOP_INSTANCE;
    return new StoreOperation(
      ingest,
      { ...source, receivedAt: new Date().toISOString() },
      { SOPClassUID, SOPInstanceUID, TransferSyntaxUID: context.transferSyntax },
      refusal,
    );
  }

  #dataFragment(message: OpenMessage, context: NegotiatedContext, bytes: Buffer, last: boolean): void {
    const { limits, link } = this.#options;
    if (context !== message.context)
      return link.abort(userFault('a data set on another context than its command'));
    const { store } = message;
    if (!store) {
      message.byteCount += bytes.length;
      if (message.byteCount > limits.maxIdentifierLength) {
        return link.abort(userFault('a data set too long for its command'));
      }
      // A view would keep the whole packet of the socket.
      message.identifier?.push(Buffer.from(bytes));
      if (!last) return undefined;
      this.#message = null;
      if (message.identifier) return this.#startFind(message, Buffer.concat(message.identifier));
      return this.#respond(message.context, message.command, message.status);
    }
    const more = store.write(bytes);
    const waits = last ? this.#finishStore(message, store) : more ? null : this.#awaitDrain(store);
    waits?.catch((error: unknown) => link.fail(error));
    return undefined;
  }

  #startFind({ context, command }: OpenMessage, identifier: Buffer): void {
    const { find, findOptions, link, log, peerMaxPduLength, source } = this.#options;
    const { abstractSyntax, transferSyntax } = context;
    const operation = new FindOperation({
      pages: find({
        root: FIND_MODELS.get(abstractSyntax) ?? 'study',
        identifier,
        transferSyntax,
        options: findOptions.get(abstractSyntax) ?? NO_FIND_OPTIONS,
        source,
      }),
      link,
      frame: { contextId: context.id, peerMaxPduLength },
      response: {
        CommandField: C_FIND | RESPONSE,
        MessageIDBeingRespondedTo: command.MessageID,
        AffectedSOPClassUID: command.SOPClassUID,
        AffectedSOPInstanceUID: '',
      },
    });
    this.#finding = { operation, messageId: command.MessageID };
    operation
      .run()
      .then(({ status, error }) => {
        this.#finding = null;
        if (error !== undefined) {
          const { callingAe, calledAe, address } = source;
          log.warn({ callingAe, calledAe, address, status: status.code, err: error }, 'query not answered');
        }
        if (!link.established) return;
        this.#respond(context, command, status);
        this.#takeDeferred();
      })
      .catch((error: unknown) => link.fail(error));
  }

  #takeDeferred(): void {
    const deferred = this.#deferred;
    if (deferred === null) return;
    this.#deferred = null;
    this.#startMessage(deferred.context, deferred.command);
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

  async #finishStore(message: OpenMessage, store: StoreOperation): Promise<void> {
    const { activity, link, log, metrics, source } = this.#options;
    const device = deviceOf(source);
    this.#message = null;
    link.hold();
    this.#working = true;
    const { status, receipt, error } = await store.finish();
    this.#working = false;
    const uid = message.command.SOPInstanceUID;
    if (receipt) {
      this.objectCount++;
      this.byteCount += store.byteCount;
      metrics.stored(store.byteCount);
      if (device !== null) activity.stored(device, store.byteCount);
      receipt.indexed.catch((err: unknown) => log.error({ err, uid }, 'instance kept but not indexed'));
    } else {
      this.failureCount++;
      metrics.notStored(status.code);
      if (device !== null) activity.failed(device);
      const { callingAe, calledAe, address } = source;
      const shownUid = isUidLenient(uid) ? uid : null;
      log.warn(
        { callingAe, calledAe, address, uid: shownUid, status: status.code, err: error },
        'instance not stored',
      );
    }
    // The peer may have gone while the disk worked; what is durable stays.
    if (!link.established) return;
    this.#respond(message.context, message.command, status);
    link.carryOn();
  }

  #respond(context: NegotiatedContext, command: ReceivedCommand, status: DimseStatus): void {
    const bytes = writeResponse(
      {
        CommandField: command.CommandField | RESPONSE,
        MessageIDBeingRespondedTo: command.MessageID,
        Status: status.code,
        AffectedSOPClassUID: command.SOPClassUID,
        AffectedSOPInstanceUID: command.CommandField === C_STORE ? command.SOPInstanceUID : '',
        ...(status.comment === undefined ? {} : { ErrorComment: status.comment }),
      },
      MESSAGE_HEAD_ROOM,
    );
    this.#options.link.send(frameMessage(bytes, context.id, this.#options.peerMaxPduLength));
  }
}
