import type { Ingest } from '@archwire/archive';
import { isUidLenient, type IngestSource } from '@archwire/contracts';
import type { Logger } from '@archwire/runtime';
import type { Socket } from 'node:net';
import {
  REJECTIONS,
  type Admit,
  type AdmissionDecision,
  type AssociationPeer,
  type Refusal,
  type RefusalReason,
} from './admission.ts';
import { readAssociateRequest, type AssociateRequest } from './associate-request.ts';
import type { AssociationPdus } from './association-pdus.ts';
import { CommandAssembler } from './command-assembler.ts';
import { writeResponse, type ReceivedCommand } from './command-codec.ts';
import type { AssociationOutcome, DimseMetrics } from './dimse-metrics.ts';
import {
  CANNOT_UNDERSTAND,
  INVALID_SOP_INSTANCE,
  SOP_CLASS_NOT_SUPPORTED,
  SUCCESS,
  UNRECOGNIZED_OPERATION,
  type DimseStatus,
} from './dimse-status.ts';
import { COMMAND_HEAD_ROOM, frameCommand } from './frame-command.ts';
import type { DimseLimits } from './limits.ts';
import { negotiateContexts, type NegotiatedContext } from './negotiate-contexts.ts';
import { PduReader, type PduHandler } from './pdu-reader.ts';
import { PduType } from './pdu.ts';
import type { PresentationPolicy } from './presentation-policy.ts';
import { providerFault, userFault, type ProtocolFault } from './protocol-fault.ts';
import { StoreOperation } from './store-operation.ts';
import { withTimeout } from './with-timeout.ts';

/** What all associations of a listener share. */
export interface AssociationDeps {
  readonly ingest: Ingest;
  readonly admit: Admit;
  readonly onRefusal: (refusal: Refusal) => void;
  readonly log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
  readonly metrics: DimseMetrics;
  readonly limits: DimseLimits;
  readonly policy: PresentationPolicy;
  readonly pdus: AssociationPdus;
  /** Open associations by calling AE title. */
  readonly perAe: Map<string, number>;
}

/** CommandField values (PS3.7 table E.1-1) that this listener acts on; a response is its request with the top bit set. */
const C_STORE = 0x0001;
const C_ECHO = 0x0030;
const C_CANCEL = 0x0fff;
const RESPONSE = 0x8000;
const APPLICATION_CONTEXT = '1.2.840.10008.3.1.1.1';
/** A P-DATA-TF that holds less than this carries no command in reasonable time; 0 stands for unlimited. */
const SMALLEST_MAX_PDU_LENGTH = 128;

type State = 'awaiting-request' | 'deciding' | 'established' | 'closing' | 'closed';

/** A message whose data set is still to come. */
interface OpenMessage {
  readonly context: NegotiatedContext;
  readonly command: ReceivedCommand;
  /** `null`: the data set is read and dropped. */
  readonly store: StoreOperation | null;
  readonly status: DimseStatus;
  byteCount: number;
}

/**
 * The acceptor's side of one connection: association, messages, answers, and the clock. Messages are worked off one after
 * the other; while one waits for the disk the socket is left alone and, when more arrives, paused.
 */
export class Association implements PduHandler {
  readonly #socket: Socket;
  readonly #deps: AssociationDeps;
  readonly #reader: PduReader;
  readonly #command: CommandAssembler;
  readonly #peer: { readonly address: string } & Pick<AssociationPeer, 'tlsClientCertificate'>;
  readonly #contexts = new Map<number, NegotiatedContext>();
  #state: State = 'awaiting-request';
  #request: AssociateRequest | null = null;
  #source: Omit<IngestSource, 'receivedAt'> | null = null;
  #message: OpenMessage | null = null;
  /** We owe the peer something (an answer, a sink that drains): the clock does not run against it. */
  #working = false;
  #writeBlocked = false;
  #lastActivity = performance.now();
  #outcome: AssociationOutcome = 'connection-lost';
  #objectCount = 0;
  #byteCount = 0;
  #failureCount = 0;

  constructor(
    socket: Socket,
    peer: { readonly address: string } & Pick<AssociationPeer, 'tlsClientCertificate'>,
    deps: AssociationDeps,
  ) {
    this.#socket = socket;
    this.#peer = peer;
    this.#deps = deps;
    this.#reader = new PduReader(this, deps.limits);
    this.#command = new CommandAssembler(deps.limits.maxCommandLength);
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('drain', () => this.#onDrain());
    socket.on('error', (error) => deps.log.debug({ err: error, address: peer.address }, 'connection failed'));
    socket.on('close', () => this.#onClose());
  }

  get silent(): boolean {
    return this.#state === 'awaiting-request';
  }

  get established(): boolean {
    return this.#state === 'established';
  }

  /** Nothing is on its way in either direction. */
  get idle(): boolean {
    return (
      this.#state === 'established' &&
      !this.#working &&
      !this.#message &&
      !this.#writeBlocked &&
      !this.#reader.midPdu
    );
  }

  get idleMs(): number {
    return performance.now() - this.#lastActivity;
  }

  /** Asked for every second or so: ends what has been silent for too long. */
  checkClock(): void {
    if (this.#state === 'closed' || this.#working) return;
    const { limits } = this.#deps;
    const waited = this.idleMs;
    if (this.#state === 'awaiting-request') {
      if (waited > limits.requestTimeoutMs) this.#socket.destroy();
    } else if (this.#state === 'closing') {
      if (waited > limits.closeTimeoutMs) this.#socket.destroy();
    } else if (this.#writeBlocked) {
      if (waited > limits.stallTimeoutMs) this.#lose('timed-out');
    } else if (waited > (this.idle ? limits.idleTimeoutMs : limits.stallTimeoutMs)) {
      this.#abort(userFault('the peer has been silent for too long'), 'timed-out');
    }
  }

  /** Ends it because the listener stops. */
  stop(): void {
    if (this.#state === 'established') this.#abort(userFault('the server is stopping'), 'stopped');
    else this.#socket.destroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  expects(type: number): ProtocolFault | undefined {
    const expected =
      type === PduType.Abort ||
      (this.#state === 'awaiting-request'
        ? type === PduType.AssociateRequest
        : type === PduType.Data ||
          (type === PduType.ReleaseRequest && !this.#message && this.#command.empty));
    return expected ? undefined : providerFault('UnexpectedPdu', 'a PDU that may not come now');
  }

  control(type: number, body: Buffer): void {
    if (type === PduType.AssociateRequest) {
      const request = readAssociateRequest(body);
      if ('source' in request) return this.#abort(request);
      void this.#decide(request);
      return;
    }
    if (body.length !== 4)
      return this.#abort(providerFault('InvalidPduParameter', 'a PDU of the wrong length'));
    if (type === PduType.ReleaseRequest) return this.#close(this.#deps.pdus.releaseResponse(), 'released');
    this.#outcome = 'aborted-by-peer';
    this.#socket.destroy();
  }

  fragment(contextId: number, isCommand: boolean, bytes: Buffer, last: boolean): void {
    const context = this.#contexts.get(contextId);
    if (!context)
      return this.#abort(providerFault('InvalidPduParameter', 'data on a context that was not accepted'));
    const message = this.#message;
    if (isCommand === (message !== null)) {
      return this.#abort(
        userFault(isCommand ? 'a command inside a data set' : 'a data set without a command'),
      );
    }
    if (message) return this.#dataFragment(message, context, bytes, last);
    const command = this.#command.add(context.id, bytes, last);
    if (command === 'more') return;
    if (command === 'broken') return this.#abort(userFault('not a command set'));
    this.#startMessage(context, command);
  }

  fault(fault: ProtocolFault): void {
    this.#abort(fault);
  }

  #onData(chunk: Buffer): void {
    this.#lastActivity = performance.now();
    const wasBlocked = this.#reader.blocked;
    this.#reader.push(chunk);
    // One chunk may wait inside the reader; pausing only on the second saves two system calls for every object.
    if (wasBlocked && this.#reader.blocked) this.#socket.pause();
  }

  #onDrain(): void {
    if (!this.#writeBlocked) return;
    this.#writeBlocked = false;
    this.#continue();
  }

  #continue(): void {
    this.#lastActivity = performance.now();
    this.#reader.unblock();
    if (!this.#reader.blocked && this.#socket.isPaused()) this.#socket.resume();
  }

  async #decide(request: AssociateRequest): Promise<void> {
    this.#state = 'deciding';
    this.#working = true;
    this.#request = request;
    this.#reader.block();
    const decision = this.#ownRefusal(request) ?? (await this.#askAdmission(request));
    if (this.#isClosed()) return;
    this.#working = false;
    if (typeof decision === 'string') return this.#refuse(request, decision);
    if (!decision.admitted) return this.#refuse(request, decision.reason);
    this.#establish(request, decision.source);
  }

  #ownRefusal(request: AssociateRequest): RefusalReason | undefined {
    const { maxPduLength } = request;
    if ((request.protocolVersion & 1) === 0) return 'protocol-version';
    if (request.applicationContext !== APPLICATION_CONTEXT) return 'application-context';
    if (maxPduLength > 0 && maxPduLength < SMALLEST_MAX_PDU_LENGTH) return 'max-pdu-length';
    if (request.contexts.length === 0) return 'no-contexts';
    if ((this.#deps.perAe.get(request.callingAe) ?? 0) >= this.#deps.limits.maxAssociationsPerAe) {
      return 'too-many-associations';
    }
    return undefined;
  }

  async #askAdmission(request: AssociateRequest): Promise<AdmissionDecision | 'unavailable'> {
    const { admit, limits, log } = this.#deps;
    const peer = { ...this.#peer, calledAe: request.calledAe, callingAe: request.callingAe };
    try {
      return await withTimeout(admit(peer), limits.admissionTimeoutMs);
    } catch (error) {
      log.error({ err: error, ...this.#names() }, 'admission could not be decided');
      return 'unavailable';
    }
  }

  #refuse(request: AssociateRequest, reason: RefusalReason): void {
    const { log, metrics, onRefusal, pdus } = this.#deps;
    const { calledAe, callingAe } = request;
    log.warn({ ...this.#names(), reason }, 'association refused');
    metrics.refused(reason);
    onRefusal({ calledAe, callingAe, address: this.#peer.address, reason });
    this.#close(pdus.reject(...REJECTIONS[reason]));
  }

  #establish(
    request: AssociateRequest,
    admitted: Pick<IngestSource, 'tenantId' | 'locationId' | 'deviceId' | 'issuer'>,
  ): void {
    const { log, metrics, pdus, perAe, policy } = this.#deps;
    const contexts = negotiateContexts(request, policy);
    for (const context of contexts) if (context.result === 0) this.#contexts.set(context.id, context);
    const { calledAe, callingAe } = request;
    this.#source = {
      tenantId: admitted.tenantId,
      locationId: admitted.locationId,
      deviceId: admitted.deviceId,
      issuer: admitted.issuer,
      via: 'dimse',
      callingAe,
      calledAe,
      address: this.#peer.address,
    };
    this.#state = 'established';
    perAe.set(callingAe, (perAe.get(callingAe) ?? 0) + 1);
    metrics.opened();
    log.info(
      { ...this.#names(), contexts: contexts.length, accepted: this.#contexts.size },
      'association accepted',
    );
    this.#write(pdus.accept(request, contexts));
    if (!this.#writeBlocked) this.#continue();
  }

  #startMessage(context: NegotiatedContext, command: ReceivedCommand): void {
    const field = command.CommandField;
    if (field & RESPONSE) return this.#abort(userFault('a response to nothing'));
    // Nothing here takes long enough to be cancelled, and C-CANCEL has no answer (PS3.7 section 9.3.2.3).
    if (field === C_CANCEL && !command.hasDataSet) return;
    if (!command.hasDataSet) {
      const status =
        field === C_ECHO ? SUCCESS : field === C_STORE ? CANNOT_UNDERSTAND : UNRECOGNIZED_OPERATION;
      return this.#respond(context, command, status);
    }
    const status = field === C_ECHO ? SUCCESS : UNRECOGNIZED_OPERATION;
    const store = field === C_STORE ? this.#startStore(context, command) : null;
    this.#message = { context, command, store, status, byteCount: 0 };
  }

  #startStore(context: NegotiatedContext, command: ReceivedCommand): StoreOperation {
    const { ingest, policy } = this.#deps;
    const { SOPClassUID, SOPInstanceUID } = command;
    const source = this.#source;
    // The affected class may differ from the context's: Related General SOP Classes (PS3.4 B.3.1.4) and careless senders.
    const isStorage = policy.isStorage(context.abstractSyntax) && policy.isStorage(SOPClassUID);
    const refusal = !isStorage
      ? SOP_CLASS_NOT_SUPPORTED
      : isUidLenient(SOPInstanceUID)
        ? null
        : INVALID_SOP_INSTANCE;
    if (!source)
      throw new Error('A message before its association: the reader lets no data through before it.');
    return new StoreOperation(
      ingest,
      { ...source, receivedAt: new Date().toISOString() },
      { SOPClassUID, SOPInstanceUID, TransferSyntaxUID: context.transferSyntax },
      refusal,
    );
  }

  #dataFragment(message: OpenMessage, context: NegotiatedContext, bytes: Buffer, last: boolean): void {
    if (context !== message.context) {
      return this.#abort(userFault('a data set on another context than its command'));
    }
    const { store } = message;
    if (!store) {
      message.byteCount += bytes.length;
      if (message.byteCount > this.#deps.limits.maxIdentifierLength) {
        return this.#abort(userFault('a data set too long for its command'));
      }
      if (!last) return;
      this.#message = null;
      return this.#respond(message.context, message.command, message.status);
    }
    const more = bytes.length === 0 || store.write(bytes);
    if (last) void this.#finishStore(message, store);
    else if (!more) void this.#awaitDrain(store);
  }

  async #awaitDrain(store: StoreOperation): Promise<void> {
    this.#reader.block();
    this.#working = true;
    await store.drained();
    this.#working = false;
    if (this.#state === 'established') this.#continue();
  }

  async #finishStore(message: OpenMessage, store: StoreOperation): Promise<void> {
    this.#message = null;
    this.#reader.block();
    this.#working = true;
    const { status, receipt, error } = await store.finish();
    this.#working = false;
    const { log, metrics } = this.#deps;
    const uid = message.command.SOPInstanceUID;
    if (receipt) {
      this.#objectCount++;
      this.#byteCount += store.byteCount;
      metrics.stored(store.byteCount);
      receipt.indexed.catch((err: unknown) => log.error({ err, uid }, 'instance kept but not indexed'));
    } else {
      this.#failureCount++;
      metrics.notStored(status.code);
      log.warn(
        { ...this.#names(), uid: isUidLenient(uid) ? uid : null, status: status.code, err: error },
        'not stored',
      );
    }
    // The peer may have gone while the disk worked; what is durable stays.
    if (this.#state !== 'established') return;
    this.#respond(message.context, message.command, status);
    if (!this.#writeBlocked) this.#continue();
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
      COMMAND_HEAD_ROOM,
    );
    this.#write(frameCommand(bytes, context.id, this.#request?.maxPduLength ?? 0));
  }

  /** A peer that does not take its answers gets no further questions in: memory stays bounded. */
  #write(bytes: Buffer): void {
    if (this.#socket.write(bytes)) return;
    this.#writeBlocked = true;
    this.#reader.block();
  }

  #abort(fault: ProtocolFault, outcome: AssociationOutcome = 'aborted-here'): void {
    if (this.#state === 'closing' || this.#state === 'closed') return;
    this.#deps.log.warn({ ...this.#names(), reason: fault.reasonText }, 'association aborted');
    this.#close(this.#deps.pdus.abort(fault.source, fault.reason), outcome);
  }

  /** Says the last word and waits for the peer to close. */
  #close(lastPdu: Buffer, outcome: AssociationOutcome = this.#outcome): void {
    this.#outcome = outcome;
    this.#endMessages('closing');
    this.#lastActivity = performance.now();
    this.#socket.end(lastPdu);
    this.#socket.resume();
  }

  #lose(outcome: AssociationOutcome): void {
    this.#outcome = outcome;
    this.#socket.destroy();
  }

  #endMessages(state: 'closing' | 'closed'): void {
    const wasEstablished = this.#state === 'established';
    this.#state = state;
    this.#reader.end();
    this.#message?.store?.abort();
    this.#message = null;
    if (!wasEstablished) return;
    const { perAe, metrics, log } = this.#deps;
    const callingAe = this.#request?.callingAe ?? '';
    const left = (perAe.get(callingAe) ?? 1) - 1;
    if (left === 0) perAe.delete(callingAe);
    else perAe.set(callingAe, left);
    metrics.ended(this.#outcome);
    log.info(
      {
        ...this.#names(),
        outcome: this.#outcome,
        objectCount: this.#objectCount,
        byteCount: this.#byteCount,
        failureCount: this.#failureCount,
      },
      'association ended',
    );
  }

  #onClose(): void {
    if (this.#state !== 'closed') this.#endMessages('closed');
  }

  #isClosed(): boolean {
    return this.#state === 'closing' || this.#state === 'closed';
  }

  #names(): {
    readonly callingAe: string | null;
    readonly calledAe: string | null;
    readonly address: string;
  } {
    return {
      callingAe: this.#request?.callingAe ?? null,
      calledAe: this.#request?.calledAe ?? null,
      address: this.#peer.address,
    };
  }
}
