export { AppError, type AppErrorKind } from './app-error.ts';
export { AeTitle } from './ae-title.ts';
export { DICOM_SERVICES, isDicomService, type DicomService } from './dicom-service.ts';
export {
  IMAGE_LATERALITIES,
  IMAGE_VIEWS,
  imageKinds,
  imageViews,
  isImageView,
  kindOfView,
  TEETH,
  VIEW_ORIGINS,
  type ImageKind,
  type ImageLaterality,
  type ImageView,
  type ViewOrigin,
} from './image-view.ts';
export type { IngestOutcome, IngestSource } from './ingest-source.ts';
export type { InstanceHeader } from './instance-header.ts';
export type { InstanceLocation } from './instance-location.ts';
export { isJobName, JOBS, type EnqueueJob, type JobName, type JobPayload } from './jobs.ts';
export { isLiveKind, LIVE_IDS, LIVE_KINDS, LiveEvent, type LiveKind } from './live-event.ts';
export { LiveNotice } from './live-notice.ts';
export { PERMISSIONS, ROLES, TOTP_ROLES, type Permission, type Role } from './permissions.ts';
export { isAdjusted, PictureAdjustment } from './picture-adjustment.ts';
export { requirePermission, type Principal } from './principal.ts';
export { LANGUAGES, type Language } from './languages.ts';
export { TREATMENT_EVENTS, type TreatmentEvent } from './treatment-event.ts';
export { createUid, isUid, isUidLenient, Uid } from './uid.ts';
export { RuleConditions, RuleResult, ViewRuleDraft } from './view-rule.ts';
