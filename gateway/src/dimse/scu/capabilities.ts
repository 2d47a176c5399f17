import { peerServices, type CapabilityAnswer } from '@archwire/contracts/api/device-capabilities';
import type { CapabilitiesFinding, DeviceTarget } from '@archwire/practice-server';
import type { ProposedContext } from '../associate-request.ts';
import { AssociationError } from './association-error.ts';
import { associationOutcome } from './association-outcome.ts';
import { PROBED_STORAGE, SERVICE_CLASSES, syntaxesOf } from './capability-table.ts';
import type { ScuTls } from './connect-socket.ts';
import type { AssociateAccept } from './read-associate-accept.ts';
import { ScuAssociation } from './scu-association.ts';
import { wantsTls } from './wants-tls.ts';

/** Together less than the ten seconds that a person at a screen is told. */
const LIMITS = {
  connectTimeoutMs: 3_000,
  associateTimeoutMs: 4_000,
  answerTimeoutMs: 1_000,
  releaseTimeoutMs: 500,
};

const withIds = (contexts: readonly Omit<ProposedContext, 'id'>[]): readonly ProposedContext[] =>
  contexts.map((context, at) => ({ id: at * 2 + 1, ...context }));

/** Everything at once: one association is enough, and nothing is done on it. */
const PROPOSED: readonly ProposedContext[] = withIds([
  ...peerServices.map((service) => ({
    abstractSyntax: SERVICE_CLASSES[service],
    transferSyntaxes: syntaxesOf('uncompressed'),
  })),
  ...PROBED_STORAGE.flatMap(({ sopClassUid, groups }) =>
    groups.map((group) => ({ abstractSyntax: sopClassUid, transferSyntaxes: syntaxesOf(group) })),
  ),
]);

const answerOf = (result: number | undefined): CapabilityAnswer => {
  if (result === 0) return 'accepted';
  return result === 1 || result === 2 ? 'refused' : 'unsupported';
};

const readAccept = ({ results, maxPduLength }: AssociateAccept) => {
  const resultOf = (abstractSyntax: string, transferSyntaxes: readonly string[]): number | undefined => {
    const context = PROPOSED.find(
      (one) =>
        one.abstractSyntax === abstractSyntax && one.transferSyntaxes.join() === transferSyntaxes.join(),
    );
    return context === undefined ? undefined : results.get(context.id);
  };
  return {
    services: peerServices.map((service) => ({
      service,
      answer: answerOf(resultOf(SERVICE_CLASSES[service], syntaxesOf('uncompressed'))),
    })),
    storage: PROBED_STORAGE.map(({ sopClassUid, keyword, groups }) => ({
      sopClassUid,
      keyword,
      syntaxes: groups.filter((group) => resultOf(sopClassUid, syntaxesOf(group)) === 0),
    })),
    maxPduLength,
  };
};

const NOTHING = {
  services: [],
  storage: [],
  maxPduLength: null,
  implementationClassUid: null,
  implementationVersionName: null,
};

/**
 * Finds out what a peer takes: proposes every service that we know and every kind of image, reads what it accepted, and
 * releases the association. Whatever the network does is an outcome; it ends within ten seconds.
 */
export const createCapabilities =
  (options: {
    readonly callingAe: string;
    readonly tls: ScuTls;
    readonly limits?: Partial<typeof LIMITS>;
  }): ((target: DeviceTarget) => Promise<CapabilitiesFinding>) =>
  async (target) => {
    const { callingAe } = options;
    const limits = { ...LIMITS, ...options.limits };
    const since = performance.now();
    const milliseconds = (): number => Math.round(performance.now() - since);
    try {
      const association = await ScuAssociation.open(
        { ...target, tls: target.tls ? options.tls : null, callingAe, contexts: PROPOSED },
        limits,
      );
      const { peer } = association;
      const { implementationClassUid, implementationVersionName } = peer;
      const found = readAccept(peer);
      const took = milliseconds();
      await association.release();
      return {
        outcome: 'success',
        rejection: null,
        callingAe,
        milliseconds: took,
        implementationClassUid,
        implementationVersionName,
        ...found,
      };
    } catch (error) {
      if (!(error instanceof AssociationError)) throw error;
      const { outcome, rejection } = associationOutcome(error.failure);
      const isTls = outcome === 'closed' && !target.tls && (await wantsTls(target, limits.connectTimeoutMs));
      return {
        ...NOTHING,
        outcome: isTls ? 'tls-needed' : outcome,
        rejection,
        callingAe,
        milliseconds: milliseconds(),
      };
    }
  };
