import type { Socket } from 'node:net';
import type { Ingest } from '@archwire/archive';
import { AppError } from '@archwire/contracts';
import type { EndedAssociation } from '@archwire/practice-server';
import type { Logger } from '@archwire/runtime';
import { acceptAssociation } from './accept-association.ts';
import {
  REJECTIONS,
  type AdmittedSource,
  type AssociationPeer,
  type Refusal,
  type RefusalReason,
} from './admission.ts';
import { readAssociateRequest, type AssociateRequest } from './associate-request.ts';
import type { AssociationPdus } from './association-pdus.ts';
import { decideAssociation, type DecideAssociationDeps } from './decide-association.ts';
import { deviceOf, type DeviceActivity } from './device-activity.ts';
import type { AssociationOutcome, DimseMetrics } from './dimse-metrics.ts';
import type { AssociationSource, DimseService } from './dimse-service.ts';
import type { DimseLimits } from './limits.ts';
import { MessageExchange } from './message-exchange.ts';
import type { MessageLink } from './message-link.ts';
import { PduReader, type PduHandler } from './pdu-reader.ts';
import { PduType } from './pdu.ts';
import type { PresentationPolicy } from './presentation-policy.ts';
import { providerFault, userFault, type ProtocolFault } from './protocol-fault.ts';
import { StoreReception } from './store-reception.ts';

/** What all associations of a listener share. */
export interface AssociationDeps extends DecideAssociationDeps {
  readonly ingest: Ingest;
  readonly services: readonly DimseService[];
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

const gone = (): AppError => new AppError('unavailable', 'The peer ended the association. Try again.');

/** The acceptor's side of one connection: from the first byte over the negotiation to the last word, and the clock. */
export class Association implements PduHandler, MessageLink {
  readonly #socket: Socket;
  readonly #peer: Peer;
  readonly #deps: AssociationDeps;
  readonly #reader: PduReader;
  #state: State = 'awaiting-request';
  #request: AssociateRequest | null = null;
  #exchange: MessageExchange | null = null;
  #stores: StoreReception | null = null;
  #source: AssociationSource | null = null;
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
    this.#write(bytes, () => {});
  }

  async write(bytes: Buffer): Promise<void> {
    if (!this.established) throw gone();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#write(bytes, (error) => (error ? reject(gone()) : resolve()));
    await promise;
  }

  #write(bytes: Buffer, done: (error?: Error | null) => void): void {
    this.#lastActivity = performance.now();
    if (this.#socket.write(bytes, done)) return;
    this.#writeBlocked = true;
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
    const decision = await decideAssociation(request, this.#peer, this.#deps);
    // The peer may have gone meanwhile.
    if (this.#state !== 'deciding') return;
    if (typeof decision === 'string') this.#refuse(request, decision);
    else this.#establish(request, decision);
  }

  #refuse({ calledAe, callingAe }: AssociateRequest, reason: RefusalReason): void {
    const { log, metrics, onRefusal, pdus } = this.#deps;
    log.warn({ ...this.#names(), reason }, 'association refused');
    metrics.refused(reason);
    onRefusal({ calledAe, callingAe, address: this.#peer.address, reason });
    this.#close(pdus.reject(...REJECTIONS[reason]));
  }

  #establish(request: AssociateRequest, admitted: AdmittedSource): void {
    const { activity, limits, log, metrics, perAe, services } = this.#deps;
    const device = deviceOf(admitted);
    if (device !== null) activity.seen(device);
    const { calledAe, callingAe, maxPduLength: peerMaxPduLength, extended } = request;
    const { contexts, accepted, denied, pdu } = acceptAssociation(request, admitted, this.#deps);
    if (denied.length > 0)
      log.warn({ ...this.#names(), services: denied }, 'services refused that this peer may not use');
    if (device !== null) for (const service of denied) activity.denied(device, service);
    const { tenantId, locationId, deviceId, issuer } = admitted;
    const { address } = this.#peer;
    const source = {
      tenantId,
      locationId,
      deviceId,
      issuer,
      via: 'dimse' as const,
      callingAe,
      calledAe,
      address,
    };
    const stores = new StoreReception({ ...this.#deps, source });
    this.#exchange = new MessageExchange({
      link: this,
      contexts: accepted,
      extended,
      source,
      peerMaxPduLength,
      stores,
      services,
      limits,
      log,
    });
    this.#state = 'established';
    this.#source = source;
    this.#stores = stores;
    this.#establishedAt = Date.now();
    perAe.set(callingAe, (perAe.get(callingAe) ?? 0) + 1);
    metrics.opened();
    log.info(
      { ...this.#names(), contexts: contexts.length, accepted: accepted.size },
      'association accepted',
    );
    this.send(pdu);
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
    this.#exchange?.end();
    if (wasEstablished && this.#source !== null && this.#stores !== null)
      this.#tellEnd(this.#source, this.#stores);
  }

  #tellEnd(source: AssociationSource, { objectCount, byteCount, failureCount }: StoreReception): void {
    const { log, metrics, onEnd, perAe } = this.#deps;
    const { tenantId, deviceId } = source;
    const callingAe = source.callingAe ?? '';
    const left = (perAe.get(callingAe) ?? 1) - 1;
    if (left === 0) perAe.delete(callingAe);
    else perAe.set(callingAe, left);
    metrics.ended(this.#outcome);
    onEnd({
      tenantId,
      deviceId,
      callingAe,
      calledAe: source.calledAe ?? '',
      address: this.#peer.address,
      startedAt: new Date(this.#establishedAt),
      durationMs: Date.now() - this.#establishedAt,
      objectCount,
      byteCount,
      failureCount,
      outcome: this.#outcome,
    });
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
