import type { Socket } from 'node:net';
import { CommandAssembler } from '../command-assembler.ts';
import type { ReceivedCommand } from '../command-codec.ts';
import { PduReader, type PduHandler } from '../pdu-reader.ts';
import { PduType } from '../pdu.ts';
import { providerFault, type ProtocolFault } from '../protocol-fault.ts';
import type { ProposedContext } from '../associate-request.ts';
import { AssociationError, type AssociationFailure } from './association-error.ts';
import { connectSocket, type ScuTls } from './connect-socket.ts';
import { readAssociateAccept, type AssociateAccept } from './read-associate-accept.ts';
import { writeAssociateRequest } from './write-associate-request.ts';

export interface AssociationTarget {
  readonly host: string;
  readonly port: number;
  /** `null`: not encrypted. */
  readonly tls: ScuTls | null;
  readonly calledAe: string;
  readonly callingAe: string;
  readonly contexts: readonly ProposedContext[];
}

/** Times are milliseconds, each for one step. */
export interface ScuLimits {
  readonly connectTimeoutMs: number;
  /** For the answer to A-ASSOCIATE-RQ. */
  readonly associateTimeoutMs: number;
  /** For the next PDU of an answer. */
  readonly answerTimeoutMs: number;
  /** For the answer to A-RELEASE-RQ. */
  readonly releaseTimeoutMs: number;
  readonly maxPduLength: number;
  readonly maxCommandLength: number;
  /** Of one data set in an answer. */
  readonly maxIdentifierLength: number;
}

export const SCU_LIMITS: ScuLimits = {
  connectTimeoutMs: 10_000,
  associateTimeoutMs: 30_000,
  answerTimeoutMs: 60_000,
  releaseTimeoutMs: 5_000,
  maxPduLength: 131_072,
  maxCommandLength: 65_536,
  maxIdentifierLength: 16_777_216,
};

/** A message of the peer, its data set whole. */
export interface ReceivedMessage {
  readonly contextId: number;
  readonly command: ReceivedCommand;
  readonly dataSet: Buffer | null;
}

/** A-ABORT by the service user (PS3.8 section 9.3.8). */
const ABORT = Buffer.from([PduType.Abort, 0, 0, 0, 0, 4, 0, 0, 0, 0]);
const RELEASE_REQUEST = Buffer.from([PduType.ReleaseRequest, 0, 0, 0, 0, 4, 0, 0, 0, 0]);
const RELEASE_RESPONSE = Buffer.from([PduType.ReleaseResponse, 0, 0, 0, 0, 4, 0, 0, 0, 0]);
/** Content type of a TLS record (RFC 8446 section 5.1): what a server that expects a handshake says to anything else. */
const TLS_ALERT = 0x15;

type State = 'associating' | 'established' | 'releasing' | 'ended';

/**
 * The requestor's side of one association (PS3.8): who asks for it sends commands and reads the answers in order, and
 * ends it by `release`, or by `abort`, which never waits. Nothing it waits for lasts longer than its limit.
 */
export class ScuAssociation implements PduHandler {
  readonly #socket: Socket;
  readonly #limits: ScuLimits;
  readonly #reader: PduReader;
  readonly #commands: CommandAssembler;
  #state: State = 'associating';
  #accept: AssociateAccept | null = null;
  #failure: AssociationError | null = null;
  #open: { readonly contextId: number; readonly command: ReceivedCommand; readonly parts: Buffer[] } | null =
    null;
  #openLength = 0;
  #messages: ReceivedMessage[] = [];
  #wake: () => void = () => {};
  #firstByte: number | undefined;
  #lastReceived = 0;

  private constructor(socket: Socket, limits: ScuLimits) {
    this.#socket = socket;
    this.#limits = limits;
    this.#reader = new PduReader(this, { ...limits, maxControlPduLength: 1_048_576 });
    this.#commands = new CommandAssembler(limits.maxCommandLength);
    socket.on('data', (chunk: Buffer) => {
      this.#firstByte ??= chunk[0];
      this.#lastReceived = performance.now();
      this.#reader.push(chunk);
    });
    socket.on('error', (error) => this.#end({ at: 'closed' }, error));
    socket.on('close', () => this.#end({ at: 'closed' }));
  }

  /** Connects and associates. @throws AssociationError */
  static async open(target: AssociationTarget, limits: Partial<ScuLimits> = {}): Promise<ScuAssociation> {
    const all = { ...SCU_LIMITS, ...limits };
    const { host, port, tls } = target;
    const socket = await connectSocket({ host, port, tls, timeoutMs: all.connectTimeoutMs });
    const association = new ScuAssociation(socket, all);
    socket.write(writeAssociateRequest({ ...target, maxPduLength: all.maxPduLength }));
    await association.#until(
      () => association.#state !== 'associating',
      all.associateTimeoutMs,
      'association-timeout',
    );
    return association;
  }

  /** What the peer agreed to. */
  get peer(): AssociateAccept {
    if (this.#accept === null) throw this.#failure ?? new AssociationError({ at: 'closed' });
    return this.#accept;
  }

  /** Sends bytes that are P-DATA-TF already; resolves when there is room for more. @throws AssociationError */
  async send(bytes: Buffer): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    if (this.#socket.write(bytes)) return;
    let isDrained = false;
    this.#socket.once('drain', () => {
      isDrained = true;
      this.#wake();
    });
    await this.#until(() => isDrained, this.#limits.answerTimeoutMs, 'answer-timeout');
  }

  /** The next message of the peer. @throws AssociationError */
  async receive(): Promise<ReceivedMessage> {
    await this.#until(() => this.#messages.length > 0, this.#limits.answerTimeoutMs, 'answer-timeout');
    const message = this.#messages.shift();
    if (message === undefined) throw new AssociationError({ at: 'closed' });
    return message;
  }

  /** Ends it in good order; a peer that does not answer is left. Never throws. */
  async release(): Promise<void> {
    if (this.#state !== 'established') return;
    this.#state = 'releasing';
    this.#socket.write(RELEASE_REQUEST);
    await this.#until(() => false, this.#limits.releaseTimeoutMs, 'closed').catch(() => {});
    this.#end({ at: 'closed' });
    this.#socket.destroy();
  }

  /** Ends it at once; who waits hears of `failure`. */
  abort(failure: AssociationFailure = { at: 'closed' }): void {
    if (this.#state === 'ended') return;
    this.#socket.end(ABORT);
    this.#end(failure);
  }

  expects(type: number): ProtocolFault | undefined {
    const isExpected =
      type === PduType.Abort ||
      (this.#state === 'associating'
        ? type === PduType.AssociateAccept || type === PduType.AssociateReject
        : type === PduType.Data || type === PduType.ReleaseRequest || type === PduType.ReleaseResponse);
    return isExpected ? undefined : providerFault('UnexpectedPdu', 'a PDU that may not come now');
  }

  control(type: number, body: Buffer): void {
    if (type === PduType.AssociateAccept) {
      const accept = readAssociateAccept(body);
      if ('source' in accept) return this.fault(accept);
      this.#accept = accept;
      this.#state = 'established';
      return this.#wake();
    }
    if (type === PduType.AssociateReject && body.length === 4) {
      const [, result = 0, source = 0, reason = 0] = body;
      return this.#end({ at: 'rejected', result, source, reason });
    }
    if (type === PduType.ReleaseRequest) this.#socket.write(RELEASE_RESPONSE);
    return this.#end({ at: type === PduType.Abort ? 'aborted' : 'closed' });
  }

  fragment(contextId: number, isCommand: boolean, bytes: Buffer, last: boolean): void {
    if (this.#accept?.accepted.has(contextId) !== true)
      return this.fault(providerFault('InvalidPduParameter', 'data on a context that was not accepted'));
    if (isCommand === (this.#open !== null))
      return this.fault(providerFault('UnexpectedPduParameter', 'a command where a data set was due'));
    return isCommand ? this.#addCommand(contextId, bytes, last) : this.#addData(bytes, last);
  }

  fault(fault: ProtocolFault): void {
    const at =
      this.#state === 'associating'
        ? this.#firstByte === TLS_ALERT
          ? 'tls-needed'
          : 'not-dicom'
        : 'protocol';
    this.#end({ at }, new Error(fault.reasonText));
  }

  #addCommand(contextId: number, bytes: Buffer, last: boolean): void {
    const command = this.#commands.add(contextId, bytes, last);
    if (command === 'more') return;
    if (command === 'broken') return this.fault(providerFault('UnexpectedPduParameter', 'not a command set'));
    if (command.hasDataSet) {
      this.#open = { contextId, command, parts: [] };
      this.#openLength = 0;
    } else {
      this.#messages.push({ contextId, command, dataSet: null });
      this.#wake();
    }
  }

  #addData(bytes: Buffer, last: boolean): void {
    const open = this.#open;
    if (open === null) return;
    this.#openLength += bytes.length;
    if (this.#openLength > this.#limits.maxIdentifierLength)
      return this.fault(providerFault('UnexpectedPduParameter', 'a data set that is too long'));
    // A view would keep the whole packet of the socket.
    open.parts.push(Buffer.from(bytes));
    if (!last) return;
    this.#open = null;
    this.#messages.push({
      contextId: open.contextId,
      command: open.command,
      dataSet: Buffer.concat(open.parts),
    });
    this.#wake();
  }

  #end(failure: AssociationFailure, cause?: unknown): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#failure = new AssociationError(failure, cause);
    this.#reader.end();
    this.#socket.end();
    // Whoever does not close in their turn is left.
    setTimeout(() => this.#socket.destroy(), this.#limits.releaseTimeoutMs).unref();
    this.#wake();
  }

  /** Waits until `isDone`, for one caller at a time. Each packet of an answer begins the time anew, for it may be long. */
  async #until(
    isDone: () => boolean,
    timeoutMs: number,
    late: 'association-timeout' | 'answer-timeout' | 'closed',
  ): Promise<void> {
    const since = performance.now();
    while (!isDone()) {
      if (this.#failure !== null) throw this.#failure;
      const from = late === 'answer-timeout' ? Math.max(since, this.#lastReceived) : since;
      const left = from + timeoutMs - performance.now();
      if (left <= 0) {
        this.abort();
        throw new AssociationError({ at: late });
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, left);
      await promise;
      clearTimeout(timer);
    }
    if (this.#failure !== null && this.#messages.length === 0) throw this.#failure;
  }
}
