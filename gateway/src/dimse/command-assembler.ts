import { readCommand, type ReceivedCommand } from './command-codec.ts';

/** Puts the fragments of a command set together. One fragment, the normal case, is read where it lies. */
export class CommandAssembler {
  readonly #maxLength: number;
  #parts: Buffer[] = [];
  #length = 0;
  #contextId = 0;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  get empty(): boolean {
    return this.#parts.length === 0;
  }

  /** `broken`: too long, on two contexts, or not a command set. */
  add(contextId: number, bytes: Buffer, last: boolean): ReceivedCommand | 'more' | 'broken' {
    this.#length += bytes.length;
    if (this.#length > this.#maxLength) return 'broken';
    if (this.#parts.length === 0) this.#contextId = contextId;
    else if (this.#contextId !== contextId) return 'broken';
    if (!last) {
      // Empty fragments are legal and would let a peer grow this list for nothing.
      if (bytes.length > 0) this.#parts.push(bytes);
      return 'more';
    }
    const whole = this.#parts.length === 0 ? bytes : Buffer.concat([...this.#parts, bytes]);
    this.#parts = [];
    this.#length = 0;
    return readCommand(whole) ?? 'broken';
  }
}
