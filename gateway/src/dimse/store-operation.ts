import type { Ingest, ObjectSink, Receipt, StoreCommand } from '@archwire/archive';
import type { IngestSource } from '@archwire/contracts';
import { statusOfError, SUCCESS, type DimseStatus } from './dimse-status.ts';

/** Fragments shorter than this are copied together: a peer may send single bytes, and each piece costs the sink an object. */
const CRUMB = 2_048;
const GATHERED = 16_384;

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
  #crumbs: Buffer | null = null;
  #crumbsLength = 0;
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

  /** Takes over the bytes. `false`: wait for `drained()`. */
  write(bytes: Buffer): boolean {
    this.byteCount += bytes.length;
    if (!this.#sink || bytes.length === 0) return true;
    if (bytes.length >= CRUMB) {
      const took = this.#passCrumbs();
      return this.#pass(bytes) && took;
    }
    this.#crumbs ??= Buffer.allocUnsafe(GATHERED);
    this.#crumbsLength += bytes.copy(this.#crumbs, this.#crumbsLength);
    return this.#crumbsLength > GATHERED - CRUMB ? this.#passCrumbs() : true;
  }

  async drained(): Promise<void> {
    if (!this.#sink) return;
    try {
      await this.#sink.drained();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Never rejects: every failure is a status. */
  async finish(): Promise<StoreResult> {
    this.#passCrumbs();
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

  #passCrumbs(): boolean {
    const crumbs = this.#crumbs;
    if (!crumbs) return true;
    const gathered = crumbs.subarray(0, this.#crumbsLength);
    this.#crumbs = null;
    this.#crumbsLength = 0;
    return this.#pass(gathered);
  }

  #pass(bytes: Buffer): boolean {
    if (!this.#sink) return true;
    try {
      return this.#sink.write(bytes);
    } catch (error) {
      this.#fail(error);
      return true;
    }
  }

  #fail(error: unknown): void {
    this.#refusal = { status: statusOfError(error), error };
    this.abort();
  }
}
