import { AppError } from '@archwire/contracts';
import type { RoleSelection } from '../associate-request.ts';
import { AssociationError } from './association-error.ts';
import { DimseFailure } from './dimse-failure.ts';
import { exchange, type ExchangeRequest } from './exchange.ts';
import { oneTimeLease } from './one-time-lease.ts';
import type { Peer } from './peer.ts';
import { queryContexts } from './query-contexts.ts';

export interface Telling extends ExchangeRequest {
  /** Ours, when it is not that of an SCU. */
  readonly role?: RoleSelection;
  /** Whether the peer has taken it. */
  readonly accepts: (status: number | null) => boolean;
}

/**
 * Tells a peer something by one request of DIMSE-N on an association of its own.
 * @throws AppError `unavailable` that says how far it came: the peer could not be reached, does not offer the service, or
 * did not take it.
 */
export const tellPeer = async (peer: Peer, { accepts, role, ...request }: Telling): Promise<void> => {
  const roles = role === undefined ? {} : { roles: new Map([[request.sopClass, role]]) };
  try {
    const lease = await oneTimeLease({ ...peer, ...roles })(queryContexts([request.sopClass]));
    try {
      for await (const { command } of exchange(lease, request)) {
        if (!accepts(command.Status)) throw new DimseFailure(command.Status, command.ErrorComment);
      }
    } finally {
      await lease.done();
    }
  } catch (cause) {
    if (cause instanceof AssociationError) {
      throw new AppError(
        'unavailable',
        `The device could not be told: ${cause.failure.at}. Check its address and that it runs.`,
        { cause },
      );
    }
    if (cause instanceof DimseFailure) {
      throw new AppError(
        'unavailable',
        cause.status === null
          ? 'The device does not offer this service. Enable it there, or turn it off here.'
          : `The device did not take it. ${cause.message} Its log says why.`,
        { cause },
      );
    }
    throw cause;
  }
};
