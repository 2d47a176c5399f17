export type {
  AdmissionDecision,
  Admit,
  AdmittedSource,
  AssociationPeer,
  Refusal,
  RefusalReason,
} from './admission.ts';
export { createDicomListener, type DicomListener, type DicomListenerOptions } from './dicom-listener.ts';
export { DEFAULT_LIMITS, type DimseLimits } from './limits.ts';
