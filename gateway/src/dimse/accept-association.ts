import type { DicomService } from '@archwire/contracts';
import type { AdmittedSource } from './admission.ts';
import type { AssociateRequest } from './associate-request.ts';
import type { AssociationPdus } from './association-pdus.ts';
import type { DimseService } from './dimse-service.ts';
import { withExtendedNegotiation } from './extended-negotiation.ts';
import { negotiateContexts, type NegotiatedContext } from './negotiate-contexts.ts';
import type { PresentationPolicy } from './presentation-policy.ts';

export interface AcceptedAssociation {
  readonly contexts: readonly NegotiatedContext[];
  /** Those that were accepted, by id. */
  readonly accepted: ReadonlyMap<number, NegotiatedContext>;
  /** Services that it asked for and may not use. */
  readonly denied: readonly DicomService[];
  /** A-ASSOCIATE-AC. */
  readonly pdu: Buffer;
}

/** Negotiates contexts, roles and extended information, and writes the answer. */
export const acceptAssociation = (
  request: AssociateRequest,
  admitted: Pick<AdmittedSource, 'services'>,
  deps: {
    readonly policy: PresentationPolicy;
    readonly services: readonly DimseService[];
    readonly pdus: Pick<AssociationPdus, 'accept'>;
  },
): AcceptedAssociation => {
  const contexts = negotiateContexts(request, deps.policy, admitted.services);
  const refused = contexts.filter(({ result }) => result !== 0);
  const denied = [...new Set(refused.flatMap((context) => context.denied ?? []))];
  const accepted = new Map<number, NegotiatedContext>();
  for (const context of contexts) if (context.result === 0) accepted.set(context.id, context);
  const classes = new Set([...accepted.values()].map(({ abstractSyntax }) => abstractSyntax));
  const extended = [...request.extended].flatMap(([uid, information]) => {
    const service = deps.services.find(
      ({ abstractSyntaxes, negotiate }) => abstractSyntaxes.has(uid) && negotiate !== undefined,
    );
    return classes.has(uid) && service?.negotiate !== undefined
      ? [[uid, service.negotiate(information)] as const]
      : [];
  });
  return {
    contexts,
    accepted,
    denied,
    pdu: withExtendedNegotiation(deps.pdus.accept(request, contexts), extended),
  };
};
