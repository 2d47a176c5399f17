import { z } from 'zod';
import { fullEndpoint } from './endpoint.ts';
import { Image } from './patients.ts';

const text = z.string().nullable();
const Instant = z.iso.datetime();
const Registration = z.enum(['registered', 'imaging-only']);
const Reason = z.string().trim().min(1).max(500);

export const IdParams = z.strictObject({ id: z.uuid() });
export const WithReason = z.strictObject({ reason: Reason });

export const Notices = z.object({
  quarantinedStudies: z.int().nullable(),
  openConflicts: z.int().nullable(),
  refusedDevices: z.int().nullable(),
});

export const QuarantineQuery = z.strictObject({
  state: z.enum(['quarantined', 'rejected']).default('quarantined'),
  /** `next` of the page before. */
  before: z.uuid().optional(),
});
export const Quarantine = z.object({
  studies: z.array(
    z.object({
      studyId: z.uuid(),
      studyInstanceUid: z.string(),
      reason: text,
      patientId: text,
      issuer: z.string(),
      patientName: text,
      birthDate: text,
      sex: text,
      studyDate: text,
      description: text,
      locationName: z.string(),
      modalities: z.array(z.string()).readonly(),
      instanceCount: z.int(),
      firstAt: Instant,
      /** The first twelve; none for who may not look at images. */
      images: z.array(Image).readonly(),
      /** Other studies in the same state that came with the same identity. */
      alike: z.array(z.uuid()).readonly(),
      /** Of a rejected study: who decided, when and why. */
      rejection: z
        .object({ decisionId: z.uuid(), reason: z.string(), decidedAt: Instant, decidedBy: text })
        .nullable(),
      /** The order that the study names although the identity in its images is another. */
      order: z
        .object({
          patientId: z.uuid(),
          accessionNumber: z.string(),
          description: z.string(),
          startDate: z.iso.date(),
        })
        .nullable(),
      suggestions: z.array(
        z.object({
          patientId: z.uuid(),
          registration: Registration,
          recordNumber: text,
          name: text,
          birthDate: text,
          sex: text,
          reasons: z.array(z.enum(['order', 'patient-id', 'name', 'family-name', 'birth-date'])),
          identifiers: z.array(z.object({ issuer: z.string(), value: z.string() })).readonly(),
          studyCount: z.int(),
          lastStudyDate: text,
        }),
      ),
    }),
  ),
  next: z.uuid().nullable(),
});
export const Assignment = z.strictObject({
  patientId: z.uuid(),
  reason: Reason,
  rememberIdentifier: z.boolean().default(false),
});

/** Studies that came with the same identity, decided about at once. */
const StudyIds = z.array(z.uuid()).min(1).max(101);
export const BatchAssignment = z.strictObject({ ...Assignment.shape, studyIds: StudyIds });
export const BatchRejection = z.strictObject({ studyIds: StudyIds, reason: Reason });
/** What can be taken back. */
export const Decided = z.object({ decisionId: z.uuid() });

const Bytes = z.object({ sha256: z.string(), length: z.int() });
export const Conflicts = z.object({
  conflicts: z.array(
    z.object({
      conflictId: z.uuid(),
      instanceId: z.string(),
      sopInstanceUid: z.string(),
      seriesInstanceUid: z.string(),
      studyInstanceUid: z.string(),
      shown: Bytes,
      other: Bytes,
      deviceId: z.uuid().nullable(),
      receivedAt: Instant,
      studyId: z.uuid(),
      patientName: text,
      patientId: text,
      studyDate: text,
      modality: text,
      description: text,
      instanceNumber: z.int().nullable(),
      deviceName: text,
      shownDeviceName: text,
      shownReceivedAt: Instant,
    }),
  ),
});
const ConflictSide = z.object({
  /** A `data:` URL. */
  picture: z.string(),
  /** Not `null`: a drawn placeholder, and why. */
  placeholderReason: text,
});
export const ConflictComparison = z.object({
  shown: ConflictSide,
  other: ConflictSide,
  differences: z.array(z.object({ tag: z.string(), keyword: text, shown: text, other: text })).readonly(),
  moreDifferences: z.int(),
  pixels: z.enum(['same', 'different']).nullable(),
});
export const Resolution = z.strictObject({ show: z.enum(['shown', 'other']), reason: Reason });

/** In a body, because an address ends up in logs and histories. */
export const PatientSearch = z.strictObject({
  /** `any`: a name, a Patient ID, a record number, or a birth date as `YYYY-MM-DD`; at most one page. */
  by: z.enum(['any', 'name', 'patient-id', 'record-number']),
  text: z.string().trim().min(1).max(200),
  /** `next` of the page before. */
  after: z.uuid().optional(),
});
export const Patients = z.object({
  patients: z.array(
    z.object({
      patientId: z.uuid(),
      registration: Registration,
      recordNumber: text,
      name: text,
      birthDate: text,
      sex: text,
      identifiers: z.array(z.object({ issuer: z.string(), value: z.string() })),
      studyCount: z.int(),
    }),
  ),
  next: z.uuid().nullable(),
});
/** VR PN: one value, up to three groups of five components (PS3.5 6.2). */
const PersonName = z
  .string()
  .trim()
  .min(1)
  .max(194)
  .regex(/^[^\p{Cc}\\]+$/u, 'A name has no backslash and no control characters.');
export const NewPatient = z.strictObject({
  name: PersonName,
  birthDate: z.iso.date().nullish(),
  sex: z.enum(['M', 'F', 'O']).nullish(),
  recordNumber: z
    .string()
    .trim()
    .min(1)
    .max(64)
    .regex(/^\P{Cc}+$/u, 'A record number has no control characters.')
    .nullish(),
});
export const PatientMade = z.object({ patientId: z.uuid() });

export const Merge = z.strictObject({ into: z.uuid(), reason: Reason });
export const MergeMade = z.object({ mergeId: z.uuid() });
export const Merges = z.object({
  merges: z.array(
    z.object({
      mergeId: z.uuid(),
      survivorId: z.uuid(),
      mergedId: z.uuid(),
      survivorName: text,
      mergedName: text,
      studyCount: z.int(),
      mergedBy: z.uuid().nullable(),
      mergedByName: text,
      survivorBirthDate: text,
      mergedBirthDate: text,
      mergedAt: Instant,
    }),
  ),
});

const RECONCILE = 'imaging.reconcile.write';

/** What people decide about images that do not fit: quarantine, identity, two sets of bytes under one UID. */
export const imagingApi = {
  quarantine: fullEndpoint({
    method: 'get',
    path: '/imaging/quarantine',
    summary:
      'Studies that wait for somebody to say whose they are, newest first, with suggestions; or those that were rejected.',
    permission: RECONCILE,
    query: QuarantineQuery,
    response: Quarantine,
  }),
  assignStudy: fullEndpoint({
    method: 'post',
    path: '/imaging/studies/:id/assign',
    summary: 'Say whose study this is: out of quarantine, or from one patient to another.',
    permission: RECONCILE,
    params: IdParams,
    body: Assignment,
    response: Decided,
  }),
  assignStudies: fullEndpoint({
    method: 'post',
    path: '/imaging/studies/assign',
    summary: 'Say whose studies these are, that came with the same identity.',
    permission: RECONCILE,
    body: BatchAssignment,
    response: Decided,
  }),
  rejectStudies: fullEndpoint({
    method: 'post',
    path: '/imaging/studies/reject',
    summary: 'Say that these studies, that came with the same identity, belong to nobody here.',
    permission: RECONCILE,
    body: BatchRejection,
    response: Decided,
  }),
  undoDecision: fullEndpoint({
    method: 'post',
    path: '/imaging/decisions/:id/undo',
    summary: 'Take an assignment or a rejection back, unless something changed since.',
    permission: RECONCILE,
    params: IdParams,
  }),
  rejectStudy: fullEndpoint({
    method: 'post',
    path: '/imaging/studies/:id/reject',
    summary: 'Say that this study belongs to nobody here. Its bytes are kept; assigning brings it back.',
    permission: RECONCILE,
    params: IdParams,
    body: WithReason,
    response: Decided,
  }),
  rebuildPictures: fullEndpoint({
    method: 'post',
    path: '/imaging/studies/:id/rebuild-pictures',
    summary: 'Make the pictures of all images of a study again. The old ones are shown until they are there.',
    permission: 'imaging.conflict.write',
    params: IdParams,
    response: z.object({ instances: z.int() }),
  }),
  notices: fullEndpoint({
    method: 'get',
    path: '/imaging/notices',
    summary: 'How much waits for a person; null where you may not look.',
    permission: RECONCILE,
    response: Notices,
  }),
  conflicts: fullEndpoint({
    method: 'get',
    path: '/imaging/conflicts',
    summary: 'Instances that arrived twice with different bytes. Both are kept.',
    permission: 'imaging.conflict.read',
    response: Conflicts,
  }),
  compareConflict: fullEndpoint({
    method: 'get',
    path: '/imaging/conflicts/:id',
    summary: 'Both sets of bytes of a conflict side by side: a picture of each, and what differs.',
    permission: 'imaging.conflict.read',
    params: IdParams,
    response: ConflictComparison,
  }),
  resolveConflict: fullEndpoint({
    method: 'post',
    path: '/imaging/conflicts/:id/resolve',
    summary: 'Choose which bytes are shown. Both stay kept.',
    permission: 'imaging.conflict.write',
    params: IdParams,
    body: Resolution,
  }),
  searchPatients: fullEndpoint({
    method: 'post',
    path: '/imaging/patients/search',
    summary: 'Find the patient of a study by the beginning of a name, a Patient ID or a record number.',
    permission: RECONCILE,
    body: PatientSearch,
    response: Patients,
  }),
  registerPatient: fullEndpoint({
    method: 'post',
    path: '/imaging/patients',
    summary: 'Register the patient of images that came without a usable identity.',
    permission: RECONCILE,
    status: 201,
    body: NewPatient,
    response: PatientMade,
  }),
  mergePatient: fullEndpoint({
    method: 'post',
    path: '/imaging/patients/:id/merge',
    summary:
      'This patient, known from images alone, is the same person as another, who gets the studies and identifiers.',
    permission: RECONCILE,
    status: 201,
    params: IdParams,
    body: Merge,
    response: MergeMade,
  }),
  merges: fullEndpoint({
    method: 'get',
    path: '/imaging/merges',
    summary: 'Merges of patients that can be undone, newest first.',
    permission: RECONCILE,
    response: Merges,
  }),
  undoMerge: fullEndpoint({
    method: 'post',
    path: '/imaging/merges/:id/undo',
    summary: 'Take a merge back: what it moved and nobody has moved since returns.',
    permission: RECONCILE,
    params: IdParams,
    body: WithReason,
  }),
} as const;
