import { z } from 'zod';
import { imageKinds } from '../image-view.ts';
import { fullEndpoint } from './endpoint.ts';

const text = z.string().nullable();
const Instant = z.iso.datetime();
const READ = 'imaging.study.read';

export const MatchState = z.enum(['auto', 'matched', 'suggested', 'quarantined', 'rejected']);

const filter = {
  /** Beginnings of words of the name, in any order; of a Patient ID, record number or accession number. */
  text: z
    .string()
    .trim()
    .max(200)
    .regex(/^\P{Cc}*$/u, 'A search has no control characters.')
    .default(''),
  /** Days that a study stands at, both included. */
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  modalities: z.array(z.string().trim().min(1).max(64)).max(20).default([]),
  /** What people call the pictures of it: it has at least one of them. */
  kinds: z.array(z.enum(imageKinds)).max(20).default([]),
  locationIds: z.array(z.uuid()).max(100).default([]),
  deviceIds: z.array(z.uuid()).max(100).default([]),
  /** Empty: all but the rejected, which only those may ask for who decide about them. */
  states: z.array(MatchState).max(4).default([]),
};

/** In a body, because an address ends up in logs and histories. */
export const StudyFilter = z.strictObject(filter);
export const StudySearch = z.strictObject({
  ...filter,
  sort: z.enum(['study-date', 'received']).default('study-date'),
  /** `next` of the page before. */
  after: z.string().max(4000).optional(),
  limit: z.int().min(1).max(200).default(50),
});

/** One line of the study list. */
export const ListedStudy = z.object({
  studyId: z.uuid(),
  studyInstanceUid: z.string(),
  /** `null`: nobody knows yet, or it was rejected. */
  patientId: z.uuid().nullable(),
  /** Of the patient; of the images where no patient is known. */
  patientName: text,
  birthDate: text,
  sex: text,
  recordNumber: text,
  /** Patient ID as it was received. */
  receivedPatientId: text,
  accessionNumber: text,
  studyDate: text,
  studyTime: text,
  /** The day at which it stands: of the study or, when the images say none, of their arrival. */
  onDate: z.string(),
  description: text,
  modalities: z.array(z.string()).readonly(),
  seriesCount: z.int(),
  instanceCount: z.int(),
  matchState: MatchState,
  quarantineReason: text,
  firstArrivalAt: Instant,
  /** The last image came moments ago: more may follow. */
  receiving: z.boolean(),
  locationName: z.string(),
  deviceNames: z.array(z.string()).readonly(),
  /** `/api/v1/pictures/:instanceId/:version/thumbnail`; `null`: none yet, or nothing to be seen. */
  thumbnail: z.object({ instanceId: z.string(), version: z.string(), view: z.string() }).nullable(),
});
export const StudyPage = z.object({
  studies: z.array(ListedStudy).readonly(),
  /** `null` on the last page. A page may be short, even empty, and not be the last. */
  next: z.string().nullable(),
  /** When nothing was found: texts that are like the one asked for and would find something. */
  similar: z.array(z.string()).readonly(),
});
export const StudyCount = z.object({
  count: z.int(),
  /** There are more than were counted. */
  more: z.boolean(),
});

const Named = z.object({ id: z.uuid(), name: z.string() });
export const StudyFacets = z.object({
  locations: z.array(Named).readonly(),
  devices: z.array(Named).readonly(),
  modalities: z.array(z.string()).readonly(),
  /** Where a device sends to; `null`: this server receives nothing over DICOM. */
  receiver: z.object({ aeTitle: z.string(), port: z.int() }).nullable(),
});

/** The list of studies. */
export const studiesApi = {
  search: fullEndpoint({
    method: 'post',
    path: '/studies/search',
    summary: 'A page of the study list, newest first.',
    permission: READ,
    body: StudySearch,
    response: StudyPage,
  }),
  count: fullEndpoint({
    method: 'post',
    path: '/studies/count',
    summary: 'How many studies a search finds; counting ends at 10,001.',
    permission: READ,
    body: StudyFilter,
    response: StudyCount,
  }),
  facets: fullEndpoint({
    method: 'get',
    path: '/studies/facets',
    summary: 'What the list can be filtered by, and where a device sends to.',
    permission: READ,
    response: StudyFacets,
  }),
} as const;
