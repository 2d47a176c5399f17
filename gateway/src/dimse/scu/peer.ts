import type { ScuTls } from './connect-socket.ts';

/** Where an application entity listens, and the names used between it and us. */
export interface Peer {
  readonly host: string;
  readonly port: number;
  /** `null`: not encrypted. */
  readonly tls: ScuTls | null;
  readonly calledAe: string;
  readonly callingAe: string;
}
