/** A DICOM server that a test or benchmark started, with a store of its own. */
export interface Peer {
  readonly name: string;
  readonly pid: number;
  readonly dimsePort: number;
  readonly calledAe: string;
  stop(): Promise<void>;
}
