import type { ProposedContext } from '../associate-request.ts';
import type { Lease } from './lease.ts';
import type { Peer } from './peer.ts';
import { ScuAssociation, type AssociationTarget, type ScuLimits } from './scu-association.ts';

/** An association for one occasion, released after it. */
export const oneTimeLease =
  (peer: Peer & Pick<AssociationTarget, 'roles' | 'serve'>, limits: Partial<ScuLimits> = {}) =>
  async (contexts: readonly ProposedContext[]): Promise<Lease> => {
    const association = await ScuAssociation.open({ ...peer, contexts }, limits);
    return {
      association,
      proposed: contexts,
      isReused: false,
      done: async () => {
        await association.release();
        association.abort();
      },
    };
  };
