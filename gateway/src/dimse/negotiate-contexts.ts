import dimse from 'dcmjs-dimse';
import type { DicomService } from '@archwire/contracts';
import type { AssociateRequest, RoleSelection } from './associate-request.ts';
import type { PresentationPolicy } from './presentation-policy.ts';
import { serviceOf } from './service-of.ts';

/** The answer to one proposed context: its own id, always. */
export interface NegotiatedContext {
  readonly id: number;
  readonly abstractSyntax: string;
  /** Result/Reason of PS3.8 section 9.3.3.2; 0 is acceptance. */
  readonly result: number;
  /** The one to be used; not significant when refused. */
  readonly transferSyntax: string;
  /** Present when the peer proposed roles for this abstract syntax and this is the first context that has it. */
  readonly roles?: RoleSelection;
  /** The peer may not use this service. An accepted context has it when the peer is its SCP only: it answers there, and asks nothing. */
  readonly denied?: DicomService;
}

const { PresentationContextResult, TransferSyntax } = dimse.constants;

/**
 * Answers every proposed context in the order proposed. The first acceptable transfer syntax of the proposer wins: a sender
 * lists first what it holds, and what it holds is what we keep.
 * A service that the peer may not use is refused by us as its user (user-rejection), so that it can tell this from not having it.
 * The roles that a peer proposes are granted as far as something here plays the other one; without a proposal it is SCU.
 */
export const negotiateContexts = (
  request: Pick<AssociateRequest, 'contexts' | 'roles'>,
  policy: PresentationPolicy,
  services: ReadonlySet<DicomService>,
): readonly NegotiatedContext[] => {
  const answeredRoles = new Set<string>();
  const deniedService = (abstractSyntax: string): DicomService | undefined => {
    const service = serviceOf(abstractSyntax);
    return service === null || services.has(service) ? undefined : service;
  };
  const classes = new Set(
    request.contexts
      .map(({ abstractSyntax }) => abstractSyntax)
      .filter((uid) => deniedService(uid) === undefined),
  );
  return request.contexts.map(({ id, abstractSyntax, transferSyntaxes }): NegotiatedContext => {
    const refuse = (result: number): NegotiatedContext => ({
      id,
      abstractSyntax,
      result,
      transferSyntax: transferSyntaxes[0] ?? TransferSyntax.ImplicitVRLittleEndian,
    });
    // PS3.8 section 9.3.2.2: ids are odd. An even one is the peer's mistake, but its other contexts may still be good.
    if (id % 2 === 0) return refuse(PresentationContextResult.RejectNoReason);
    if (!policy.acceptsAbstractSyntax(abstractSyntax)) {
      return refuse(PresentationContextResult.RejectAbstractSyntaxNotSupported);
    }
    const denied = deniedService(abstractSyntax);
    const proposed = request.roles.get(abstractSyntax);
    const wanted = denied === undefined ? proposed : { scu: false, scp: proposed?.scp === true };
    const roles = wanted ? policy.roles(abstractSyntax, wanted, classes) : undefined;
    const mark = denied === undefined ? {} : { denied };
    if (roles === null) return { ...refuse(PresentationContextResult.RejectUser), ...mark };
    const transferSyntax = transferSyntaxes.find((uid) => policy.acceptsTransferSyntax(uid, abstractSyntax));
    if (transferSyntax === undefined)
      return refuse(PresentationContextResult.RejectTransferSyntaxesNotSupported);
    const accepted = {
      id,
      abstractSyntax,
      result: PresentationContextResult.Accept,
      transferSyntax,
      ...mark,
    };
    if (!roles || answeredRoles.has(abstractSyntax)) return accepted;
    answeredRoles.add(abstractSyntax);
    return { ...accepted, roles };
  });
};
