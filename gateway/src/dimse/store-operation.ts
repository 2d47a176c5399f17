import type { Ingest, ObjectSink, Receipt, StoreCommand } from '@archwire/archive';
import type { IngestSource } from '@archwire/contracts';
import { statusOfError, SUCCESS, type DimseStatus } from './dimse-status.ts';

const READY = Promise.resolve();

export interface StoreResult {
  readonly status: DimseStatus;
  readonly receipt?: Receipt;
  readonly error?: unknown;
}

/**
 * One C-STORE from its command to its answer. An object that cannot be kept is still read to its end, because DIMSE has no
 * other way to say no to one object without ending the association.
 */
export class StoreOperation {
  #sink: ObjectSink | null = null;
  #refusal: StoreResult | null = null;
  byteCount = 0;

  /** `refusal` is given when the command alone already tells that the object cannot be kept. */
  constructor(ingest: Ingest, source: IngestSource, command: StoreCommand, refusal: DimseStatus | null) {
    if (refusal) {
      this.#refusal = { status: refusal };
      return;
    }
    try {
      this.#sink = ingest.begin(source, command);
    } catch (error) {
      this.#refusal = { status: statusOfError(error), error };
    }
  }

  /** `false`: wait for `drained()`. */
  write(bytes: Buffer): boolean {
    this.byteCount += bytes.length;
    if (!this.#sink) return true;
    try {
      return this.#sink.write(bytes);
    } catch (error) {
      this.#fail(error);
      return true;
    }
  }

  async drained(): Promise<void> {
    if (!this.#sink) return READY;
    try {
      await this.#sink.drained();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Never rejects: every failure is a status. */
  async finish(): Promise<StoreResult> {
    const sink = this.#sink;
    if (!sink) return this.#refusal ?? { status: statusOfError(undefined) };
    this.#sink = null;
    try {
      return { status: SUCCESS, receipt: await sink.finish() };
    } catch (error) {
      return { status: statusOfError(error), error };
    }
  }

  /** The peer went away or broke the protocol: nothing of the object is kept. Harmless after `finish`. */
  abort(): void {
    const sink = this.#sink;
    this.#sink = null;
    sink?.abort().catch(() => {});
  }

  #fail(error: unknown): void {
    this.#refusal = { status: statusOfError(error), error };
    this.abort();
  }
}
