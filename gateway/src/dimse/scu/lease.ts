import type { ProposedContext } from '../associate-request.ts';
import type { ScuAssociation } from './scu-association.ts';

/** An association that serves for a while: from a pool, or made for the occasion. */
export interface Lease {
  readonly association: ScuAssociation;
  /** With what the association was opened. */
  readonly proposed: readonly ProposedContext[];
  /** It served before, and the peer may have closed it meanwhile. */
  readonly isReused: boolean;
  /** Gives it back. Never throws. */
  readonly done: () => Promise<void>;
}
