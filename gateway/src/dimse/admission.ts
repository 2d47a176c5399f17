import type { DicomService, IngestSource } from '@archwire/contracts';
import dimse from 'dcmjs-dimse';

/** Who asks to associate. AE titles are without padding. */
export interface AssociationPeer {
  readonly calledAe: string;
  readonly callingAe: string;
  readonly address: string;
  /** Present when the peer showed a client certificate that our CA signed. */
  readonly tlsClientCertificate?: { readonly fingerprint256: string; readonly commonName: string | null };
}

/** Whose images an admitted peer sends, and what it may ask for beside C-ECHO. */
export type AdmittedSource = Pick<IngestSource, 'tenantId' | 'locationId' | 'deviceId' | 'issuer'> & {
  readonly services: ReadonlySet<DicomService>;
};

export type AdmissionDecision =
  | { readonly admitted: true; readonly source: AdmittedSource }
  | { readonly admitted: false; readonly reason: 'called-ae' | 'calling-ae' };

/**
 * Decides about each association. A throw, or no answer in time, is taken for an outage: the peer is told to try again.
 * Its answer is asked for once per association, before anything is accepted.
 */
export type Admit = (peer: AssociationPeer) => Promise<AdmissionDecision>;

/** Why an association was not made. `called-ae` and `calling-ae` come from `Admit`, the others from the listener itself. */
export type RefusalReason =
  | 'called-ae'
  | 'calling-ae'
  | 'too-many-connections'
  | 'too-many-associations'
  | 'unavailable'
  | 'protocol-version'
  | 'application-context'
  | 'max-pdu-length'
  | 'no-contexts';

export interface Refusal {
  readonly calledAe: string | null;
  readonly callingAe: string | null;
  readonly address: string;
  readonly reason: RefusalReason;
}

const { RejectReason, RejectResult, RejectSource } = dimse.constants;

/** Result, source and reason of A-ASSOCIATE-RJ (PS3.8 section 9.3.4) for each refusal; transient ones invite a retry. */
export const REJECTIONS: Readonly<
  Record<RefusalReason, readonly [result: number, source: number, reason: number]>
> = {
  'called-ae': [RejectResult.Permanent, RejectSource.ServiceUser, RejectReason.CalledAeNotRecognized],
  'calling-ae': [RejectResult.Permanent, RejectSource.ServiceUser, RejectReason.CallingAeNotRecognized],
  'too-many-connections': [
    RejectResult.Transient,
    RejectSource.ServiceProviderPresentation,
    RejectReason.LocalLimitExceeded,
  ],
  'too-many-associations': [
    RejectResult.Transient,
    RejectSource.ServiceProviderPresentation,
    RejectReason.LocalLimitExceeded,
  ],
  unavailable: [
    RejectResult.Transient,
    RejectSource.ServiceProviderPresentation,
    RejectReason.TemporaryCongestion,
  ],
  'protocol-version': [
    RejectResult.Permanent,
    RejectSource.ServiceProviderAcse,
    RejectReason.ProtocolVersionNotSupported,
  ],
  'application-context': [
    RejectResult.Permanent,
    RejectSource.ServiceUser,
    RejectReason.ApplicationContextNotSupported,
  ],
  'max-pdu-length': [RejectResult.Permanent, RejectSource.ServiceUser, RejectReason.NoReasonGiven],
  'no-contexts': [RejectResult.Permanent, RejectSource.ServiceUser, RejectReason.NoReasonGiven],
};
