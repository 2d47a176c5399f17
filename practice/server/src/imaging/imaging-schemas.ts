import { z } from 'zod';

const text = z.string().nullable();
const Instant = z.iso.datetime();
const Registration = z.enum(['registered', 'imaging-only']);
const Reason = z.string().trim().min(1).max(500);

export const IdParams = z.strictObject({ id: z.uuid() });
export const WithReason = z.strictObject({ reason: Reason });

export const Notices = z.strictObject({
  quarantinedStudies: z.int().nullable(),
  openConflicts: z.int().nullable(),
  refusedDevices: z.int().nullable(),
});

export const QuarantineQuery = z.strictObject({
  state: z.enum(['quarantined', 'rejected']).default('quarantined'),
  /** `next` of the page before. */
  before: z.uuid().optional(),
});
export const Quarantine = z.strictObject({
  studies: z.array(
    z.strictObject({
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
      instanceCount: z.int(),
      firstAt: Instant,
      suggestions: z.array(
        z.strictObject({
          patientId: z.uuid(),
          registration: Registration,
          recordNumber: text,
          name: text,
          birthDate: text,
          sex: text,
          reasons: z.array(z.enum(['patient-id', 'name', 'family-name', 'birth-date'])),
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

const Bytes = z.strictObject({ sha256: z.string(), length: z.int() });
export const Conflicts = z.strictObject({
  conflicts: z.array(
    z.strictObject({
      conflictId: z.uuid(),
      instanceId: z.string(),
      sopInstanceUid: z.string(),
      seriesInstanceUid: z.string(),
      studyInstanceUid: z.string(),
      shown: Bytes,
      other: Bytes,
      deviceId: z.uuid().nullable(),
      receivedAt: Instant,
    }),
  ),
});
export const Resolution = z.strictObject({ show: z.enum(['shown', 'other']), reason: Reason });

/** In a body, because an address ends up in logs and histories. */
export const PatientSearch = z.strictObject({
  by: z.enum(['name', 'patient-id', 'record-number']),
  text: z.string().trim().min(1).max(200),
  /** `next` of the page before. */
  after: z.uuid().optional(),
});
export const Patients = z.strictObject({
  patients: z.array(
    z.strictObject({
      patientId: z.uuid(),
      registration: Registration,
      recordNumber: text,
      name: text,
      birthDate: text,
      sex: text,
      identifiers: z.array(z.strictObject({ issuer: z.string(), value: z.string() })),
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
export const PatientMade = z.strictObject({ patientId: z.uuid() });

export const Merge = z.strictObject({ into: z.uuid(), reason: Reason });
export const MergeMade = z.strictObject({ mergeId: z.uuid() });
export const Merges = z.strictObject({
  merges: z.array(
    z.strictObject({
      mergeId: z.uuid(),
      survivorId: z.uuid(),
      mergedId: z.uuid(),
      survivorName: text,
      mergedName: text,
      studyCount: z.int(),
      mergedBy: z.uuid().nullable(),
      mergedAt: Instant,
    }),
  ),
});
