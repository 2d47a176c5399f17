import { CommandAssembler } from '../command-assembler.ts';
import type { ReceivedCommand } from '../command-codec.ts';
import { RESPONSE } from '../command-field.ts';
import type { DimseStatus } from '../dimse-status.ts';
import { providerFault, type ProtocolFault } from '../protocol-fault.ts';
import type { ServedRequest, ServePeer } from './serve-peer.ts';

/** A message of the peer, its data set whole. */
export interface ReceivedMessage {
  readonly contextId: number;
  readonly command: ReceivedCommand;
  readonly dataSet: Buffer | null;
}

interface Options {
  readonly limits: { readonly maxCommandLength: number; readonly maxIdentifierLength: number };
  /** Transfer syntax of an accepted context. */
  readonly transferSyntax: (contextId: number) => string | undefined;
  readonly serve: ServePeer;
  readonly respond: (contextId: number, command: ReceivedCommand, status: DimseStatus) => void;
  readonly fault: (fault: ProtocolFault) => void;
  /** Stops and continues the reading. */
  readonly hold: () => void;
  readonly carryOn: () => void;
  /** Something happened that somebody may wait for. */
  readonly wake: () => void;
}

interface OpenMessage {
  readonly contextId: number;
  readonly command: ReceivedCommand;
  /** `null`: an answer, whose data set is gathered in `parts`. */
  readonly request: ServedRequest | null;
  readonly parts: Buffer[];
}

/** Answers that wait to be taken; from here on the peer has to wait too. */
const MOST_WAITING = 256;

/**
 * What comes on an association that we opened: answers wait here until they are taken, requests of the peer are served one
 * after the other, straight from the wire.
 */
export class IncomingMessages {
  readonly #options: Options;
  readonly #commands: CommandAssembler;
  readonly #waiting: ReceivedMessage[] = [];
  #open: OpenMessage | null = null;
  #openLength = 0;
  #working = false;
  #ended = false;

  constructor(options: Options) {
    this.#options = options;
    this.#commands = new CommandAssembler(options.limits.maxCommandLength);
  }

  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  /** We owe the peer something: its silence is ours. */
  get working(): boolean {
    return this.#working;
  }

  take(): ReceivedMessage | undefined {
    const message = this.#waiting.shift();
    if (this.#waiting.length === MOST_WAITING - 1 && !this.#working) this.#options.carryOn();
    return message;
  }

  fragment(contextId: number, isCommand: boolean, bytes: Buffer, last: boolean): void {
    const { fault, transferSyntax } = this.#options;
    const syntax = transferSyntax(contextId);
    if (syntax === undefined)
      return fault(providerFault('InvalidPduParameter', 'data on a context that was not accepted'));
    if (isCommand === (this.#open !== null))
      return fault(providerFault('UnexpectedPduParameter', 'a command where a data set was due'));
    return isCommand
      ? this.#addCommand(contextId, syntax, bytes, last)
      : this.#addData(contextId, bytes, last);
  }

  /** The association is over: what waits can still be taken. */
  end(): void {
    this.#ended = true;
    this.#open?.request?.abort();
    this.#open = null;
  }

  #addCommand(contextId: number, syntax: string, bytes: Buffer, last: boolean): void {
    const command = this.#commands.add(contextId, bytes, last);
    if (command === 'more') return;
    if (command === 'broken')
      return this.#options.fault(providerFault('UnexpectedPduParameter', 'not a command set'));
    const isAnswer = (command.CommandField & RESPONSE) !== 0;
    const open = {
      contextId,
      command,
      request: isAnswer ? null : this.#options.serve(command, syntax),
      parts: [],
    };
    this.#openLength = 0;
    if (command.hasDataSet) this.#open = open;
    else this.#close(open);
  }

  #addData(contextId: number, bytes: Buffer, last: boolean): void {
    const open = this.#open;
    if (open === null) return;
    const { fault, limits, hold } = this.#options;
    if (open.contextId !== contextId)
      return fault(providerFault('UnexpectedPduParameter', 'a data set on another context than its command'));
    if (open.request === null) {
      this.#openLength += bytes.length;
      if (this.#openLength > limits.maxIdentifierLength)
        return fault(providerFault('UnexpectedPduParameter', 'a data set that is too long'));
      // A view would keep the whole packet of the socket.
      open.parts.push(Buffer.from(bytes));
    } else if (!open.request.write(bytes) && !last) {
      hold();
      this.#working = true;
      void this.#carryOnAfter(open.request.drained());
    }
    if (!last) return;
    this.#open = null;
    this.#close(open);
  }

  #close({ contextId, command, request, parts }: OpenMessage): void {
    const { hold, respond, wake } = this.#options;
    if (request === null) {
      this.#waiting.push({ contextId, command, dataSet: command.hasDataSet ? Buffer.concat(parts) : null });
      if (this.#waiting.length === MOST_WAITING) hold();
      return wake();
    }
    hold();
    this.#working = true;
    void this.#carryOnAfter(
      request.finish().then(({ status }) => {
        if (!this.#ended) respond(contextId, command, status);
      }),
    );
  }

  async #carryOnAfter(work: Promise<void>): Promise<void> {
    await work;
    this.#working = false;
    this.#options.wake();
    if (!this.#ended && this.#waiting.length < MOST_WAITING) this.#options.carryOn();
  }
}
