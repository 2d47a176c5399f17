import type { IngestSource } from '@archwire/contracts';
import type { CommandElements, ReceivedCommand, RequestCommand } from './command-codec.ts';
import type { DimseStatus } from './dimse-status.ts';
import type { NegotiatedContext } from './negotiate-contexts.ts';

/** Who speaks on an association, and whose data they reach. */
export type AssociationSource = Omit<IngestSource, 'receivedAt'>;

/** A response: its status, further elements of its command set, and a data set in the transfer syntax of the context. */
export interface DimseAnswer {
  readonly status: DimseStatus;
  readonly elements?: Omit<CommandElements, 'hasDataSet' | 'ErrorComment'>;
  readonly dataSet?: Buffer;
}

/** The last response to a request. */
export interface DimseResult extends DimseAnswer {
  /** What went wrong, for the log. */
  readonly error?: unknown;
  /**
   * Begun when the response is on its way, or the association is over. What it invokes may be cut short by the peer's
   * release at any time. Never rejects.
   */
  readonly after?: () => Promise<void>;
}

/** A request of ours to the peer, on the association that the peer opened. */
export interface Invocation {
  readonly contextId: number;
  readonly command: Omit<RequestCommand, 'MessageID' | 'hasDataSet'>;
  /** In the transfer syntax of the context; streamed, so it may be of any size. */
  readonly dataSet?: AsyncIterable<Buffer> | Iterable<Buffer>;
}

/** A request as its service gets it. */
export interface DimseRequest {
  readonly command: ReceivedCommand;
  readonly context: NegotiatedContext;
  /** Whole, at most `maxIdentifierLength` long; empty when the command has none. */
  readonly dataSet: Buffer;
  /** Service Class Application Information that the peer proposed for the context's abstract syntax (PS3.7 D.3.3.5). */
  readonly extended: Buffer | undefined;
  readonly source: AssociationSource;
  /** Accepted contexts of the association by id. */
  readonly contexts: ReadonlyMap<number, NegotiatedContext>;
  /** A C-CANCEL names this request, or the association is over. */
  readonly signal: AbortSignal;
  /** Sends responses before the last one; resolves when the peer has taken them. A C-CANCEL that has arrived is seen by then. */
  readonly pending: (answers: readonly DimseAnswer[]) => Promise<void>;
  /**
   * Sends a request on this association and waits for its response; one at a time.
   * @throws AppError `unavailable` when the association ends before; whatever `dataSet` throws, which ends the association
   * (and aborts `signal`) unless nothing of it was sent yet.
   */
  readonly invoke: (invocation: Invocation) => Promise<ReceivedCommand>;
}

/**
 * One operation of the table that a listener serves: which messages it answers, on which contexts, and how. Negotiation and
 * dispatch know nothing but this. C-STORE, whose data set streams in, is the one operation beside the table.
 */
export interface DimseService {
  /** As PS3.7 calls it, for what peers and logs are told. */
  readonly name: string;
  readonly commandField: number;
  /** A set of UIDs, or a table with these keys. */
  readonly abstractSyntaxes: { has(uid: string): boolean; keys(): Iterable<string> };
  readonly transferSyntaxes: { has(uid: string): boolean; keys(): Iterable<string> };
  /** A request without data set is not understood (C000). */
  readonly needsDataSet: boolean;
  /** `scp`: the peer plays the SCP of these classes and we are their SCU, as with N-EVENT-REPORT. */
  readonly peerRole?: 'scp';
  /** Invokes C-STORE at peers that propose to be SCP of storage classes (C-GET). */
  readonly storesAtPeer?: boolean;
  /** The answer to a proposed Service Class Application Information; without it none is given. */
  readonly negotiate?: (information: Buffer) => Buffer;
  /** Never rejects for what a peer can cause: that is a status. A rejection is a bug and ends the association. */
  readonly perform: (request: DimseRequest) => Promise<DimseResult>;
}
