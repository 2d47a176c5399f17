export { accountsRoutes } from './accounts/accounts-routes.ts';
export type { Authenticated, Authenticator } from './accounts/authenticator.ts';
export { ACCESS_COOKIE } from './accounts/cookies.ts';
export { createAccounts, type Accounts } from './accounts/create-accounts.ts';
export {
  DEFAULT_ADMIN_EMAIL,
  ensureFirstAdministrator,
  firstTenantId,
  type FirstAdministrator,
} from './accounts/first-administrator.ts';
export { createSecretBox, type SecretBox } from './accounts/secret-box.ts';
export { assertSecretKey, loadSecretKey } from './accounts/secret-key.ts';
export { loadSigningKey } from './accounts/signing-key.ts';
export type { SignedInUser } from './accounts/signed-in-user.ts';
export type { Client } from './api/client.ts';
export type { ByteBody, RawRequest, Reply, ReplyCookie, ReplyFile, Route } from './api/route.ts';
export { createAdmission, type Admission, type AdmissionDecision } from './devices/admission.ts';
export { createActivityRecorder, type ActivityRecorder } from './devices/activity-recorder.ts';
export { createDeviceCapabilities, type CapabilitiesFinding } from './devices/device-capabilities.ts';
export { createFindDeviceTarget } from './devices/find-device-target.ts';
export { createDeviceEcho, type EchoFinding, type EchoTarget } from './devices/device-echo.ts';
export type { AssociationFinding, DeviceTarget } from './devices/device-question.ts';
export { createDeviceService, type DeviceService } from './devices/device-service.ts';
export { devicesRoutes, type ReceiverView } from './devices/devices-routes.ts';
export { isLoopback } from './devices/is-loopback.ts';
export { createMoveDestination } from './devices/move-destination.ts';
export { readHome } from './devices/read-home.ts';
export { createRefusalList, type RefusalList } from './devices/refusal-list.ts';
export { createRefusalRecorder, type RefusalRecorder, type RefusedPeer } from './devices/refusal-recorder.ts';
export { createSetupService, type SetupService, type TestImageTarget } from './setup/setup-service.ts';
export { setupRoutes } from './setup/setup-routes.ts';
export { TEST_PATIENT } from './setup/test-patient.ts';
export { createMailer } from './mail/mailer.ts';
export { createLetterSender, type LetterSender } from './mail/send-letter.ts';
export { createGroupService, type GroupService } from './group/group-service.ts';
export { groupRoutes } from './group/group-routes.ts';
export { createAuditService, type AuditService } from './audit/audit-service.ts';
export { auditRoutes } from './audit/audit-routes.ts';
export { createAlertService } from './operations/alert-service.ts';
export { createAlertLetters } from './operations/alert-letters.ts';
export { createAssociationRecorder, type EndedAssociation } from './operations/association-recorder.ts';
export { createFailedJobService } from './operations/failed-job-service.ts';
export { createOperationsService } from './operations/operations-service.ts';
export { operationsRoutes } from './operations/operations-routes.ts';
export type { NodeFigures } from './operations/read-overview.ts';
export { createInstallationWatch, type Finding } from './operations/watch-installation.ts';
export { imagingRoutes } from './imaging/imaging-routes.ts';
export { importsRoutes } from './imports/imports-routes.ts';
export { createOrderService, type OrderService } from './orders/order-service.ts';
export { ordersRoutes } from './orders/orders-routes.ts';
export { createWorklistPreview } from './orders/worklist-preview.ts';
export { patientsRoutes, type PatientsDeps } from './patients/patients-routes.ts';
export { viewsRoutes } from './views/views-routes.ts';
export { studiesRoutes, type StudiesDeps } from './studies/studies-routes.ts';
export { exportsRoutes } from './exports/exports-routes.ts';
export { createShareDoor, type ShareDoor } from './shares/share-door.ts';
export { createShareService } from './shares/share-service.ts';
export { SHARE_COOKIE, sharesRoutes } from './shares/shares-routes.ts';
