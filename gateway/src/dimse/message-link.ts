import type { ProtocolFault } from './protocol-fault.ts';

/** What an exchange of messages needs of the association that carries it. */
export interface MessageLink {
  readonly established: boolean;
  /** Stops the reading until `carryOn`. */
  hold(): void;
  carryOn(): void;
  send(bytes: Buffer): void;
  /** Resolves when the bytes are on the wire and their memory is free again. @throws AppError `unavailable` when they will never be. */
  write(bytes: Buffer): Promise<void>;
  /** Resolves when the peer has taken what was sent, or will never. */
  drained(): Promise<void>;
  abort(fault: ProtocolFault): void;
  /** For what should never be thrown. */
  fail(error: unknown): void;
}
