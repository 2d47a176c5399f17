import type { ProposedContext } from '../associate-request.ts';
import { AssociationError } from './association-error.ts';
import type { Lease } from './lease.ts';
import type { Peer } from './peer.ts';
import { ScuAssociation, type ScuLimits } from './scu-association.ts';

export interface PoolLimits {
  /** To one peer at once, those that lie idle included: small modalities take one or two. */
  readonly maxPerPeer: number;
  /** An association that nobody used for so long is released. */
  readonly idleMs: number;
  /** For a free association. */
  readonly waitMs: number;
}

export const POOL_LIMITS: PoolLimits = { maxPerPeer: 2, idleMs: 10_000, waitMs: 60_000 };

/** Associations to peers, kept for a moment because the next object often follows. */
export interface AssociationPool {
  /**
   * An association to `peer` that has at least these contexts: an idle one, or a new one, or one that becomes free in time.
   * Whoever has it is alone with it until `done`. @throws AssociationError `busy` when none was free in time.
   */
  lease(peer: Peer, contexts: readonly ProposedContext[]): Promise<Lease>;
  /** Releases what lies idle; what is in use is released when it is done. */
  close(): Promise<void>;
  /** Open associations, for tests and metrics. */
  readonly size: number;
}

interface Idle {
  readonly association: ScuAssociation;
  readonly proposed: readonly ProposedContext[];
  readonly timer: NodeJS.Timeout;
}

interface PeerState {
  readonly idle: Set<Idle>;
  /** In use or being opened. */
  busy: number;
  /** Who waits for a place, first come first served. */
  readonly waiting: (() => void)[];
}

const key = ({ host, port, calledAe, callingAe, tls }: Peer): string =>
  JSON.stringify([host, port, calledAe, callingAe, tls]);

const isSame = (one: ProposedContext, other: ProposedContext): boolean =>
  one.abstractSyntax === other.abstractSyntax &&
  one.transferSyntaxes.length === other.transferSyntaxes.length &&
  one.transferSyntaxes.every((syntax, at) => syntax === other.transferSyntaxes[at]);

const covers = (has: readonly ProposedContext[], wanted: readonly ProposedContext[]): boolean =>
  wanted.every((context) => has.some((one) => isSame(one, context)));

export const createAssociationPool = (options: {
  readonly pool?: Partial<PoolLimits>;
  readonly limits?: Partial<ScuLimits>;
}): AssociationPool => {
  const { maxPerPeer, idleMs, waitMs } = { ...POOL_LIMITS, ...options.pool };
  const peers = new Map<string, PeerState>();
  let isClosed = false;

  const stateOf = (name: string): PeerState => {
    const state = peers.get(name) ?? { idle: new Set(), busy: 0, waiting: [] };
    peers.set(name, state);
    return state;
  };
  const forget = (name: string, state: PeerState): void => {
    if (state.busy === 0 && state.idle.size === 0 && state.waiting.length === 0) peers.delete(name);
  };

  const take = (state: PeerState, entry: Idle): void => {
    clearTimeout(entry.timer);
    state.idle.delete(entry);
  };

  /** Resolves when a place is ours (`busy` counts it already). */
  const place = async (name: string, state: PeerState): Promise<void> => {
    if (state.busy < maxPerPeer && state.waiting.length === 0) {
      state.busy++;
      return;
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const turn = (): void => resolve(true);
    state.waiting.push(turn);
    const timer = setTimeout(() => resolve(false), waitMs);
    const isOurs = await promise;
    clearTimeout(timer);
    if (isOurs) return;
    state.waiting.splice(state.waiting.indexOf(turn), 1);
    forget(name, state);
    throw new AssociationError({ at: 'busy' });
  };
  /** The place passes on to who waits first. */
  const leave = (name: string, state: PeerState): void => {
    const next = state.waiting.shift();
    if (next) next();
    else state.busy--;
    forget(name, state);
  };

  const giveBack = async (name: string, state: PeerState, lease: Omit<Idle, 'timer'>): Promise<void> => {
    const { association } = lease;
    if (isClosed || !association.established) {
      await association.release();
      association.abort();
    } else {
      const entry: Idle = {
        ...lease,
        timer: setTimeout(() => {
          take(state, entry);
          forget(name, state);
          void association.release();
        }, idleMs).unref(),
      };
      state.idle.add(entry);
    }
    leave(name, state);
  };

  const open = async (name: string, state: PeerState, peer: Peer, contexts: readonly ProposedContext[]) => {
    for (const entry of state.idle) {
      if (!entry.association.established || !covers(entry.proposed, contexts)) continue;
      take(state, entry);
      return { association: entry.association, proposed: entry.proposed, isReused: true };
    }
    // Idle ones count too: one that has other contexts makes room.
    for (const entry of state.idle) {
      if (state.busy + state.idle.size <= maxPerPeer) break;
      take(state, entry);
      await entry.association.release();
    }
    const association = await ScuAssociation.open({ ...peer, contexts }, options.limits);
    void association.closed.then(() => {
      for (const entry of state.idle) if (entry.association === association) take(state, entry);
      forget(name, state);
    });
    return { association, proposed: contexts, isReused: false };
  };

  return {
    get size() {
      return [...peers.values()].reduce((sum, { busy, idle }) => sum + busy + idle.size, 0);
    },
    lease: async (peer, contexts) => {
      const name = key(peer);
      const state = stateOf(name);
      await place(name, state);
      try {
        const opened = await open(name, state, peer, contexts);
        let isDone = false;
        return {
          ...opened,
          done: async () => {
            if (isDone) return;
            isDone = true;
            await giveBack(name, state, opened);
          },
        };
      } catch (error) {
        leave(name, state);
        throw error;
      }
    },
    close: async () => {
      isClosed = true;
      const idle = [...peers.values()].flatMap(({ idle: entries }) => [...entries]);
      for (const { timer } of idle) clearTimeout(timer);
      await Promise.all(idle.map(({ association }) => association.release()));
    },
  };
};
