import type { Logger } from '@archwire/runtime';
import type { Admit, AdmittedSource, AssociationPeer, RefusalReason } from './admission.ts';
import { APPLICATION_CONTEXT, type AssociateRequest } from './associate-request.ts';
import type { DimseLimits } from './limits.ts';
import { withTimeout } from './with-timeout.ts';

export interface DecideAssociationDeps {
  readonly admit: Admit;
  readonly limits: Pick<DimseLimits, 'maxAssociationsPerAe' | 'admissionTimeoutMs'>;
  /** Open associations by calling AE title. */
  readonly perAe: ReadonlyMap<string, number>;
  readonly log: Pick<Logger, 'error'>;
}

/** A P-DATA-TF that holds less than this carries no command in reasonable time; 0 stands for unlimited. */
const SMALLEST_MAX_PDU_LENGTH = 128;

const ownRefusal = (
  { applicationContext, callingAe, contexts, maxPduLength, protocolVersion }: AssociateRequest,
  { limits, perAe }: DecideAssociationDeps,
): RefusalReason | null => {
  if ((protocolVersion & 1) === 0) return 'protocol-version';
  if (applicationContext !== APPLICATION_CONTEXT) return 'application-context';
  if (maxPduLength > 0 && maxPduLength < SMALLEST_MAX_PDU_LENGTH) return 'max-pdu-length';
  if (contexts.length === 0) return 'no-contexts';
  return (perAe.get(callingAe) ?? 0) < limits.maxAssociationsPerAe ? null : 'too-many-associations';
};

/** Whether an association is made: by what it says of itself, and by who asks. Never rejects: an outage is `unavailable`. */
export const decideAssociation = async (
  request: AssociateRequest,
  peer: Pick<AssociationPeer, 'address' | 'tlsClientCertificate'>,
  deps: DecideAssociationDeps,
): Promise<AdmittedSource | RefusalReason> => {
  const own = ownRefusal(request, deps);
  if (own !== null) return own;
  const { calledAe, callingAe } = request;
  try {
    const asked = deps.admit({ ...peer, calledAe, callingAe });
    const decision = await withTimeout(asked, deps.limits.admissionTimeoutMs);
    return decision.admitted ? decision.source : decision.reason;
  } catch (error) {
    deps.log.error(
      { err: error, callingAe, calledAe, address: peer.address },
      'admission could not be decided',
    );
    return 'unavailable';
  }
};
