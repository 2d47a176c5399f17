import type { Socket } from 'node:net';
import type { ProposedContext, RoleSelection } from '../associate-request.ts';
import { writeResponse } from '../command-codec.ts';
import { RESPONSE } from '../command-field.ts';
import { MESSAGE_HEAD_ROOM, frameMessage } from '../frame-message.ts';
import { PduReader, type PduHandler } from '../pdu-reader.ts';
import { PduType } from '../pdu.ts';
import { providerFault, type ProtocolFault } from '../protocol-fault.ts';
import { AssociationError, type AssociationFailure } from './association-error.ts';
import { connectSocket } from './connect-socket.ts';
import { IncomingMessages, type ReceivedMessage } from './incoming-messages.ts';
import type { Peer } from './peer.ts';
import { readAssociateAccept, type AssociateAccept } from './read-associate-accept.ts';
import { refuseRequest } from './refuse-request.ts';
import type { ServePeer } from './serve-peer.ts';
import { writeAssociateRequest } from './write-associate-request.ts';

export interface AssociationTarget extends Peer {
  readonly contexts: readonly ProposedContext[];
  /** The roles that we offer to play, by abstract syntax; SCU only where absent. */
  readonly roles?: ReadonlyMap<string, RoleSelection>;
  /** Service Class Application Information by SOP class (PS3.7 D.3.3.5). */
  readonly extended?: ReadonlyMap<string, Buffer>;
  /** Absent: the peer may ask nothing of us. */
  readonly serve?: ServePeer;
}

/** Times are milliseconds, each for one step. */
export interface ScuLimits {
  readonly connectTimeoutMs: number;
  /** For the answer to A-ASSOCIATE-RQ. */
  readonly associateTimeoutMs: number;
  /** For the next PDU of an answer, and for the peer to take what was sent. */
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
  readonly #incoming: IncomingMessages;
  readonly #over = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  #state: State = 'associating';
  #accept: AssociateAccept | null = null;
  #failure: AssociationError | null = null;
  #wake: () => void = () => {};
  #firstByte: number | undefined;
  #lastReceived = 0;
  #messageId = 0;

  private constructor(socket: Socket, limits: ScuLimits, serve: ServePeer) {
    this.#socket = socket;
    this.#limits = limits;
    this.#reader = new PduReader(this, { ...limits, maxControlPduLength: 1_048_576 });
    this.#incoming = new IncomingMessages({
      limits,
      serve,
      transferSyntax: (contextId) => this.#accept?.accepted.get(contextId),
      respond: (contextId, command, { code, comment }) => {
        const bytes = writeResponse(
          {
            CommandField: command.CommandField | RESPONSE,
            MessageIDBeingRespondedTo: command.MessageID,
            Status: code,
            AffectedSOPClassUID: command.SOPClassUID,
            AffectedSOPInstanceUID: command.SOPInstanceUID,
            ...(comment === undefined ? {} : { ErrorComment: comment }),
          },
          MESSAGE_HEAD_ROOM,
        );
        socket.write(frameMessage(bytes, contextId, this.#accept?.maxPduLength ?? 0));
        this.#lastReceived = performance.now();
      },
      fault: (fault) => this.fault(fault),
      hold: () => {
        this.#reader.block();
        socket.pause();
      },
      carryOn: () => {
        this.#reader.unblock();
        if (!this.#reader.blocked) socket.resume();
      },
      wake: () => this.#wake(),
    });
    socket.on('data', (chunk: Buffer) => {
      this.#firstByte ??= chunk[0];
      this.#lastReceived = performance.now();
      this.#reader.push(chunk);
    });
    socket.on('error', (error) => this.#end({ at: 'closed' }, error));
    socket.on('close', () => {
      this.#end({ at: 'closed' });
      this.#closed.resolve();
    });
  }

  /** Connects and associates. @throws AssociationError */
  static async open(target: AssociationTarget, limits: Partial<ScuLimits> = {}): Promise<ScuAssociation> {
    const all = { ...SCU_LIMITS, ...limits };
    const { host, port, tls, serve = refuseRequest } = target;
    const socket = await connectSocket({ host, port, tls, timeoutMs: all.connectTimeoutMs });
    const association = new ScuAssociation(socket, all, serve);
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

  get established(): boolean {
    return this.#state === 'established';
  }

  /** When the connection is closed, whoever closed it. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** A Message ID that no outstanding message has. */
  nextMessageId(): number {
    this.#messageId = (this.#messageId % 0xffff) + 1;
    return this.#messageId;
  }

  /** Sends bytes that are P-DATA-TF already; resolves when they are on the wire and their memory is free. @throws AssociationError */
  async send(bytes: Buffer): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    const { promise, resolve } = Promise.withResolvers<void>();
    // A connection that ends calls back too.
    this.#socket.write(bytes, () => resolve());
    const late = setTimeout(() => this.abort({ at: 'answer-timeout' }), this.#limits.answerTimeoutMs);
    await Promise.race([promise, this.#over.promise]);
    clearTimeout(late);
    if (this.#failure !== null) throw this.#failure;
  }

  /** The next message of the peer. @throws AssociationError */
  async receive(): Promise<ReceivedMessage> {
    await this.#until(() => !this.#incoming.empty, this.#limits.answerTimeoutMs, 'answer-timeout');
    const message = this.#incoming.take();
    if (message === undefined) throw new AssociationError({ at: 'closed' });
    return message;
  }

  /** Ends it in good order; a peer that does not answer is left. Never throws. */
  async release(): Promise<void> {
    // What the peer asked is answered first.
    while (this.#incoming.working && this.established)
      await this.#until(() => !this.#incoming.working, this.#limits.answerTimeoutMs, 'closed').catch(
        () => {},
      );
    if (!this.established) return;
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
    this.#incoming.fragment(contextId, isCommand, bytes, last);
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

  #end(failure: AssociationFailure, cause?: unknown): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#failure = new AssociationError(failure, cause);
    this.#reader.end();
    this.#incoming.end();
    this.#over.resolve();
    this.#socket.end();
    // A paused socket would never tell that the peer has closed.
    this.#socket.resume();
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
    let since = performance.now();
    while (!isDone()) {
      if (this.#failure !== null) throw this.#failure;
      if (this.#incoming.working) since = performance.now();
      const from = late === 'answer-timeout' ? Math.max(since, this.#lastReceived) : since;
      const left = from + timeoutMs - performance.now();
      if (left <= 0) {
        this.abort({ at: late });
        throw new AssociationError({ at: late });
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, left);
      await promise;
      clearTimeout(timer);
    }
    if (this.#failure !== null && this.#incoming.empty) throw this.#failure;
  }
}
