import { z } from 'zod';
import { IMAGE_LATERALITIES, imageViews, kindOfView, VIEW_ORIGINS } from '../image-view.ts';
import { fullEndpoint } from './endpoint.ts';

const text = z.string().nullable();
const Instant = z.iso.datetime();
const Registration = z.enum(['registered', 'imaging-only']);
const READ = 'imaging.study.read';

export const IdParams = z.strictObject({ id: z.uuid() });

/** A word that a newer server knows and this page does not is shown as something else, not as an error. */
const View = z.enum(imageViews).catch('other');
const Kind = z.enum(imageViews.map(kindOfView)).catch('other');

/** In a body, because an address ends up in logs and histories. */
export const PatientsBody = z.strictObject({
  /** Empty: everybody by name. */
  text: z
    .string()
    .trim()
    .max(200)
    .regex(/^\P{Cc}*$/u, 'A search has no control characters.')
    .default(''),
  /** `next` of the page before. */
  after: z.uuid().optional(),
});
export const PatientList = z.object({
  patients: z
    .array(
      z.object({
        patientId: z.uuid(),
        registration: Registration,
        recordNumber: text,
        name: text,
        birthDate: text,
        sex: text,
        patientIds: z.array(z.string()).readonly(),
        studyCount: z.int(),
        lastStudyDate: text,
      }),
    )
    .readonly(),
  next: z.uuid().nullable(),
});

export const Patient = z.object({
  patientId: z.uuid(),
  registration: Registration,
  recordNumber: text,
  name: text,
  birthDate: text,
  sex: text,
  identifiers: z.array(z.object({ issuer: z.string(), value: z.string() })).readonly(),
  studyCount: z.int(),
  /** The patient that this one was merged into: go there. */
  mergedInto: z.uuid().nullable(),
});

/** Of an image: `/api/v1/pictures/:instanceId/:version/:kind` never changes; kind is `thumbnail`, `preview` or `display`. */
const Picture = z.object({
  version: z.string(),
  /** Of the display image, in pixels. */
  width: z.int(),
  height: z.int(),
  /** The frame shown, from 1. */
  frame: z.int(),
  /** Not `null`: the pictures are drawn placeholders, and why. */
  placeholderReason: text,
});
export const Image = z.object({
  instanceId: z.string(),
  sopInstanceUid: z.string(),
  sopClassUid: z.string(),
  transferSyntaxUid: z.string(),
  seriesInstanceUid: z.string(),
  instanceNumber: z.int().nullable(),
  view: View,
  /** ISO 3950 numbers. */
  teeth: z.array(z.string()).readonly(),
  laterality: z.enum(IMAGE_LATERALITIES).nullable().catch(null),
  /** ADA-1100 key of a standard photograph. */
  viewKey: text,
  /** How the view is known. */
  origin: z.enum(VIEW_ORIGINS).nullable().catch(null),
  /** Of the rule that decided. */
  ruleName: text,
  rows: z.int().nullable(),
  columns: z.int().nullable(),
  /** `null` when the object has no pixels. */
  frames: z.int().nullable(),
  byteCount: z.int(),
  arrivedAt: Instant,
  conflicted: z.boolean(),
  /** `null`: not made yet. */
  picture: Picture.nullable(),
});
const Arrival = z.enum(['receiving', 'preparing', 'complete']);

export const TimelineQuery = z.strictObject({
  /** `next` of the page before. */
  before: z.uuid().optional(),
});
export const TimelineStudy = z.object({
  studyId: z.uuid(),
  studyInstanceUid: z.string(),
  studyDate: text,
  studyTime: text,
  /** The day at which it stands: of the study or, when the images say none, of their arrival. */
  onDate: z.string(),
  /** Days since the patient's first dated study; `null` for one without a date. */
  dayOffset: z.int().nullable(),
  description: text,
  locationName: z.string(),
  kinds: z.array(Kind).readonly(),
  modalities: z.array(z.string()).readonly(),
  seriesCount: z.int(),
  instanceCount: z.int(),
  hasConflict: z.boolean(),
  firstArrivalAt: Instant,
  arrival: Arrival,
  /** At most four pictures that stand for the study. */
  thumbnails: z.array(Image).readonly(),
});
export const Timeline = z.object({
  studies: z.array(TimelineStudy).readonly(),
  next: z.uuid().nullable(),
  studyCount: z.int(),
  firstDate: text,
  lastDate: text,
});

const Series = z.object({
  seriesId: z.uuid(),
  seriesInstanceUid: z.string(),
  modality: text,
  seriesNumber: z.int().nullable(),
  description: text,
  bodyPart: text,
  laterality: text,
  stationName: text,
  manufacturer: text,
  instanceCount: z.int(),
  byteCount: z.int(),
  images: z.array(Image).readonly(),
  /** `after` of the next images; `null` when these are all. */
  next: z.string().nullable(),
});
export const Study = z.object({
  studyId: z.uuid(),
  studyInstanceUid: z.string(),
  patient: z
    .object({ patientId: z.uuid(), recordNumber: text, name: text, birthDate: text, sex: text })
    .nullable(),
  /** What the images came with. */
  received: z.object({
    patientId: text,
    issuer: z.string(),
    name: text,
    birthDate: text,
    sex: text,
  }),
  matchState: z.enum(['auto', 'matched', 'suggested', 'quarantined', 'rejected']),
  quarantineReason: text,
  studyDate: text,
  studyTime: text,
  timezoneOffset: text,
  description: text,
  accessionNumber: text,
  referringName: text,
  institutionName: text,
  locationName: z.string(),
  deviceNames: z.array(z.string()).readonly(),
  seriesCount: z.int(),
  instanceCount: z.int(),
  byteCount: z.int(),
  conflictCount: z.int(),
  firstArrivalAt: Instant,
  lastArrivalAt: Instant,
  arrival: Arrival,
  series: z.array(Series).readonly(),
});
export const UidParams = z.strictObject({ uid: z.string().regex(/^[0-9.]{1,64}$/) });
export const WhereStudy = z.object({
  studyId: z.uuid(),
  /** `null` while nobody knows whose it is. */
  patientId: z.uuid().nullable(),
  patientName: text,
  description: text,
  studyDate: text,
  /** Days since the patient's first dated study. */
  dayOffset: z.int().nullable(),
});
export const SeriesParams = z.strictObject({ id: z.uuid(), seriesId: z.uuid() });
export const SeriesQuery = z.strictObject({ after: z.string().regex(/^\d{1,18}$/) });
export const SeriesImages = z.object({ images: z.array(Image).readonly(), next: z.string().nullable() });

/** Patients, what was imaged of them and when, and one study with its images. */
export const patientsApi = {
  search: fullEndpoint({
    method: 'post',
    path: '/patients/search',
    summary:
      'Patients by name, or those that a text finds: the beginning of a name, a whole Patient ID or record number, a birth date.',
    permission: READ,
    body: PatientsBody,
    response: PatientList,
  }),
  get: fullEndpoint({
    method: 'get',
    path: '/patients/:id',
    summary: 'Who a patient is.',
    permission: READ,
    params: IdParams,
    response: Patient,
  }),
  timeline: fullEndpoint({
    method: 'get',
    path: '/patients/:id/timeline',
    summary:
      'What was imaged of a patient and when, newest first, with the pictures that stand for each study.',
    permission: READ,
    params: IdParams,
    query: TimelineQuery,
    response: Timeline,
  }),
  study: fullEndpoint({
    method: 'get',
    path: '/studies/:id',
    summary: 'A study with its series and the first images of each.',
    permission: READ,
    params: IdParams,
    response: Study,
  }),
  whereStudy: fullEndpoint({
    method: 'get',
    path: '/studies/by-uid/:uid',
    summary: 'Where the pages of a study are that is known by its Study Instance UID, and what it is called.',
    permission: READ,
    params: UidParams,
    response: WhereStudy,
  }),
  seriesImages: fullEndpoint({
    method: 'get',
    path: '/studies/:id/series/:seriesId/images',
    summary: 'The next images of a series.',
    permission: READ,
    params: SeriesParams,
    query: SeriesQuery,
    response: SeriesImages,
  }),
} as const;
