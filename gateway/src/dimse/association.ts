import type { Socket } from 'node:net';
import type { Ingest } from '@archwire/archive';
import type { EndedAssociation } from '@archwire/practice-server';
import type { Logger } from '@archwire/runtime';
import {
  REJECTIONS,
  type Admit,
  type AdmissionDecision,
  type AdmittedSource,
  type AssociationPeer,
  type Refusal,
  type RefusalReason,
} from './admission.ts';
import { APPLICATION_CONTEXT, readAssociateRequest, type AssociateRequest } from './associate-request.ts';
import type { AssociationPdus } from './association-pdus.ts';
import { deviceOf, type DeviceActivity } from './device-activity.ts';
import type { AssociationOutcome, DimseMetrics } from './dimse-metrics.ts';
import type { DimseLimits } from './limits.ts';
import { withFindNegotiation, findOptions } from './query/extended-negotiation.ts';
import type { Find } from './query/find-service.ts';
import { FIND_MODELS } from './query/query-models.ts';
import { MessageExchange, type MessageLink } from './message-exchange.ts';
import { negotiateContexts, type NegotiatedContext } from './negotiate-contexts.ts';
import { PduReader, type PduHandler } from './pdu-reader.ts';
import { PduType } from './pdu.ts';
import type { PresentationPolicy } from './presentation-policy.ts';
import { providerFault, userFault, type ProtocolFault } from './protocol-fault.ts';
import { withTimeout } from './with-timeout.ts';

/** What all associations of a listener share. */
export interface AssociationDeps {
  readonly ingest: Ingest;
  readonly find: Find;
  readonly admit: Admit;
  readonly onRefusal: (refusal: Refusal) => void;
  readonly activity: DeviceActivity;
  readonly onEnd: (ended: EndedAssociation) => void;
  readonly log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
  readonly metrics: DimseMetrics;
  readonly limits: DimseLimits;
  readonly policy: PresentationPolicy;
  readonly pdus: AssociationPdus;
  /** Open associations by calling AE title. */
  readonly perAe: Map<string, number>;
}

type Peer = Pick<AssociationPeer, 'address' | 'tlsClientCertificate'>;
type State = 'awaiting-request' | 'deciding' | 'established' | 'closing' | 'closed';

/** A P-DATA-TF that holds less than this carries no command in reasonable time; 0 stands for unlimited. */
const SMALLEST_MAX_PDU_LENGTH = 128;

/** The acceptor's side of one connection: from the first byte over the negotiation to the last word, and the clock. */
export class Association implements PduHandler, MessageLink {
  readonly #socket: Socket;
  readonly #peer: Peer;
  readonly #deps: AssociationDeps;
  readonly #reader: PduReader;
  #state: State = 'awaiting-request';
  #request: AssociateRequest | null = null;
  #exchange: MessageExchange | null = null;
  #source: AdmittedSource | null = null;
  #establishedAt = 0;
  #writeBlocked = false;
  #drained: PromiseWithResolvers<void> | null = null;
  readonly #openedAt = performance.now();
  #lastActivity = this.#openedAt;
  #outcome: AssociationOutcome = 'connection-lost';

  constructor(socket: Socket, peer: Peer, deps: AssociationDeps) {
    this.#socket = socket;
    this.#peer = peer;
    this.#deps = deps;
    this.#reader = new PduReader(this, deps.limits);
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('drain', () => this.#onDrain());
    socket.on('error', (error) => deps.log.debug({ err: error, address: peer.address }, 'connection failed'));
    socket.on('close', () => this.#enterEnd('closed'));
  }

  /** Nothing whole has been said on it yet. */
  get silent(): boolean {
    return this.#state === 'awaiting-request';
  }

  get established(): boolean {
    return this.#state === 'established';
  }

  /** Nothing is on its way in either direction. */
  get idle(): boolean {
    return this.established && this.#exchange?.quiet === true && !this.#writeBlocked && !this.#reader.midPdu;
  }

  get idleMs(): number {
    return performance.now() - this.#lastActivity;
  }

  /** Asked every second or so: ends what has been silent for too long. Time that we take ourselves does not count. */
  checkClock(): void {
    if (
      this.#state === 'closed' ||
      this.#state === 'deciding' ||
      (this.#exchange?.answering === true && !this.#writeBlocked)
    )
      return;
    const { closeTimeoutMs, idleTimeoutMs, requestTimeoutMs, stallTimeoutMs } = this.#deps.limits;
    const waited = this.idleMs;
    if (this.#state === 'awaiting-request') {
      // From the first moment on: bytes that trickle in do not buy time.
      if (performance.now() - this.#openedAt > requestTimeoutMs) this.#socket.destroy();
    } else if (this.#state === 'closing') {
      if (waited > closeTimeoutMs) this.#socket.destroy();
    } else if (waited > (this.idle ? idleTimeoutMs : stallTimeoutMs)) {
      this.#abort(userFault('the peer has been silent for too long'), 'timed-out');
    }
  }

  /** Ends it because the listener stops. */
  stop(): void {
    if (this.established) this.#abort(userFault('the server is stopping'), 'stopped');
    else if (this.#state !== 'closing') this.#socket.destroy();
  }

  expects(type: number): ProtocolFault | undefined {
    const expected =
      type === PduType.Abort ||
      (this.#exchange
        ? type === PduType.Data || (type === PduType.ReleaseRequest && this.#exchange.quiet)
        : type === PduType.AssociateRequest);
    return expected ? undefined : providerFault('UnexpectedPdu', 'a PDU that may not come now');
  }

  control(type: number, body: Buffer): void {
    if (type === PduType.AssociateRequest) {
      const request = readAssociateRequest(body);
      if ('source' in request) this.abort(request);
      else this.#decide(request).catch((error: unknown) => this.fail(error));
    } else if (body.length !== 4) {
      this.abort(providerFault('InvalidPduParameter', 'a PDU of the wrong length'));
    } else if (type === PduType.ReleaseRequest) {
      this.#close(this.#deps.pdus.releaseResponse(), 'released');
    } else {
      this.#outcome = 'aborted-by-peer';
      this.#socket.destroy();
    }
  }

  fragment(contextId: number, isCommand: boolean, bytes: Buffer, last: boolean): void {
    this.#exchange?.fragment(contextId, isCommand, bytes, last);
  }

  fault(fault: ProtocolFault): void {
    this.abort(fault);
  }

  abort(fault: ProtocolFault): void {
    this.#abort(fault, 'aborted-here');
  }

  /** A mistake of ours costs one association, not the process. */
  fail(error: unknown): void {
    this.#deps.log.error({ err: error, ...this.#names() }, 'association failed');
    this.#abort(userFault('internal error'), 'aborted-here');
    if (this.#state !== 'closing') this.#socket.destroy();
  }

  hold(): void {
    this.#reader.block();
  }

  carryOn(): void {
    this.#lastActivity = performance.now();
    if (this.#writeBlocked) return;
    try {
      this.#reader.unblock();
    } catch (error) {
      this.fail(error);
    }
    if (!this.#reader.blocked && this.#socket.isPaused()) this.#socket.resume();
  }

  /** A peer that does not take its answers gets no further questions in: memory stays bounded. */
  send(bytes: Buffer): void {
    if (this.#socket.write(bytes)) return;
    this.#writeBlocked = true;
    this.#lastActivity = performance.now();
    this.#reader.block();
  }

  async drained(): Promise<void> {
    if (!this.#writeBlocked || this.#state === 'closed') return;
    this.#drained ??= Promise.withResolvers();
    await this.#drained.promise;
  }

  #releaseDrained(): void {
    this.#drained?.resolve();
    this.#drained = null;
  }

  #onDrain(): void {
    if (!this.#writeBlocked) return;
    this.#writeBlocked = false;
    this.#lastActivity = performance.now();
    this.#releaseDrained();
    if (this.#exchange?.working !== true) this.carryOn();
  }

  #onData(chunk: Buffer): void {
    this.#lastActivity = performance.now();
    const wasBlocked = this.#reader.blocked;
    try {
      this.#reader.push(chunk);
    } catch (error) {
      this.fail(error);
    }
    // One chunk may wait inside the reader; pausing only on the second saves two system calls for every object.
    if (wasBlocked && this.#reader.blocked) this.#socket.pause();
  }

  async #decide(request: AssociateRequest): Promise<void> {
    this.#state = 'deciding';
    this.#request = request;
    this.#reader.block();
    const decision = this.#ownRefusal(request) ?? (await this.#askAdmission(request));
    // The peer may have gone meanwhile.
    if (this.#state !== 'deciding') return;
    if (typeof decision === 'string') this.#refuse(request, decision);
    else if (decision.admitted) this.#establish(request, decision.source);
    else this.#refuse(request, decision.reason);
  }

  #ownRefusal({
    applicationContext,
    callingAe,
    contexts,
    maxPduLength,
    protocolVersion,
  }: AssociateRequest): RefusalReason | null {
    const { limits, perAe } = this.#deps;
    if ((protocolVersion & 1) === 0) return 'protocol-version';
    if (applicationContext !== APPLICATION_CONTEXT) return 'application-context';
    if (maxPduLength > 0 && maxPduLength < SMALLEST_MAX_PDU_LENGTH) return 'max-pdu-length';
    if (contexts.length === 0) return 'no-contexts';
    return (perAe.get(callingAe) ?? 0) < limits.maxAssociationsPerAe ? null : 'too-many-associations';
  }

  async #askAdmission({ calledAe, callingAe }: AssociateRequest): Promise<AdmissionDecision | 'unavailable'> {
    const { admit, limits, log } = this.#deps;
    try {
      return await withTimeout(admit({ ...this.#peer, calledAe, callingAe }), limits.admissionTimeoutMs);
    } catch (error) {
      log.error({ err: error, ...this.#names() }, 'admission could not be decided');
      return 'unavailable';
    }
  }

  #refuse({ calledAe, callingAe }: AssociateRequest, reason: RefusalReason): void {
    const { log, metrics, onRefusal, pdus } = this.#deps;
    log.warn({ ...this.#names(), reason }, 'association refused');
    metrics.refused(reason);
    onRefusal({ calledAe, callingAe, address: this.#peer.address, reason });
    this.#close(pdus.reject(...REJECTIONS[reason]));
  }

  #establish(request: AssociateRequest, admitted: AdmittedSource): void {
    const { activity, find, ingest, limits, log, metrics, pdus, perAe, policy } = this.#deps;
    const device = deviceOf(admitted);
    if (device !== null) activity.seen(device);
    const { calledAe, callingAe, maxPduLength: peerMaxPduLength } = request;
    const contexts = negotiateContexts(request, policy);
    const accepted = new Map<number, NegotiatedContext>();
    for (const context of contexts) if (context.result === 0) accepted.set(context.id, context);
    const { tenantId, locationId, deviceId, issuer } = admitted;
    const source = {
      tenantId,
      locationId,
      deviceId,
      issuer,
      via: 'dimse' as const,
      callingAe,
      calledAe,
      address: this.#peer.address,
    };
    this.#exchange = new MessageExchange({
      link: this,
      contexts: accepted,
      source,
      peerMaxPduLength,
      ingest,
      find,
      findOptions: new Map(
        [...FIND_MODELS.keys()].map((uid) => [uid, findOptions(request.extended.get(uid))]),
      ),
      policy,
      limits,
      metrics,
      activity,
      log,
    });
    this.#state = 'established';
    this.#source = admitted;
    this.#establishedAt = Date.now();
    perAe.set(callingAe, (perAe.get(callingAe) ?? 0) + 1);
    metrics.opened();
    log.info(
      { ...this.#names(), contexts: contexts.length, accepted: accepted.size },
      'association accepted',
    );
    const classes = new Set([...accepted.values()].map(({ abstractSyntax }) => abstractSyntax));
    this.send(withFindNegotiation(pdus.accept(request, contexts), request.extended, classes));
    this.carryOn();
  }

  #abort(fault: ProtocolFault, outcome: AssociationOutcome): void {
    if (this.#state === 'closing' || this.#state === 'closed') return;
    this.#deps.log.warn({ ...this.#names(), reason: fault.reasonText }, 'association aborted');
    this.#close(this.#deps.pdus.abort(fault.source, fault.reason), outcome);
  }

  /** Says the last word and waits for the peer to close; the clock sees to it that it does. */
  #close(lastPdu: Buffer, outcome: AssociationOutcome = this.#outcome): void {
    this.#outcome = outcome;
    this.#enterEnd('closing');
    this.#lastActivity = performance.now();
    this.#socket.end(lastPdu);
    this.#socket.resume();
  }

  #enterEnd(state: 'closing' | 'closed'): void {
    const wasEstablished = this.established;
    this.#state = state;
    this.#reader.end();
    this.#releaseDrained();
    if (!wasEstablished || !this.#exchange) return;
    const { log, metrics, onEnd, perAe } = this.#deps;
    const { objectCount, byteCount, failureCount } = this.#exchange;
    this.#exchange.end();
    const callingAe = this.#request?.callingAe ?? '';
    const left = (perAe.get(callingAe) ?? 1) - 1;
    if (left === 0) perAe.delete(callingAe);
    else perAe.set(callingAe, left);
    metrics.ended(this.#outcome);
    if (this.#source !== null) {
      onEnd({
        tenantId: this.#source.tenantId,
        deviceId: this.#source.deviceId,
        callingAe,
        calledAe: this.#request?.calledAe ?? '',
        address: this.#peer.address,
        startedAt: new Date(this.#establishedAt),
        durationMs: Date.now() - this.#establishedAt,
        objectCount,
        byteCount,
        failureCount,
        outcome: this.#outcome,
      });
    }
    log.info(
      { ...this.#names(), outcome: this.#outcome, objectCount, byteCount, failureCount },
      'association ended',
    );
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
