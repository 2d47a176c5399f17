export type {
  AdmissionDecision,
  Admit,
  AdmittedSource,
  AssociationPeer,
  Refusal,
  RefusalReason,
} from './admission.ts';
export { createDicomListener, type DicomListener, type DicomListenerOptions } from './dicom-listener.ts';
export type { DeviceActivity } from './device-activity.ts';
export { createNotifyAvailability } from './availability/notify-availability.ts';
export { createCommitmentService } from './commitment/commitment-service.ts';
export { createReportCommitment } from './commitment/report-commitment.ts';
export type { DimseService } from './dimse-service.ts';
export { createMppsServices } from './mpps/mpps-services.ts';
export { createFindScp } from './query/find-scp.ts';
export { createFind } from './query/find-service.ts';
export { createWorklistScp } from './worklist/worklist-scp.ts';
export { createWorklist } from './worklist/worklist-service.ts';
export { createCapabilities } from './scu/capabilities.ts';
export { createCommitmentResultService } from './scu/commitment-result-service.ts';
export { createGetScp } from './retrieve/get-scp.ts';
export { createMoveScp } from './retrieve/move-scp.ts';
export { createRetrieve } from './retrieve/retrieve.ts';
export { createAssociationPool, type AssociationPool } from './scu/association-pool.ts';
export { createEcho } from './scu/echo.ts';
export type { Transcode } from './scu/sendable-instance.ts';
export type { ScuTls } from './scu/connect-socket.ts';
export { DEFAULT_LIMITS, type DimseLimits } from './limits.ts';
