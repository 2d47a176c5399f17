import { z } from 'zod';
import { imageViews } from '../image-view.ts';
import { PictureAdjustment } from '../picture-adjustment.ts';
import { TREATMENT_EVENTS } from '../treatment-event.ts';
import { fullEndpoint } from './endpoint.ts';

const Instant = z.iso.datetime();
const PERMISSION = 'imaging.study.store';

/** How the bytes of one file travel. */
export const IMPORT_LIMITS = {
  /** A file up to here goes in one request. */
  wholeBytes: 64 * 1024 * 1024,
  /** A larger one goes in pieces of exactly this, the last one shorter, each at a multiple of it. */
  pieceBytes: 8 * 1024 * 1024,
  /** Files that one declaration may name. */
  declaredFiles: 200,
  /** The largest file that is taken at all. */
  fileBytes: 64 * 1024 * 1024 * 1024,
} as const;

/**
 * `open` takes files; `finishing` opens what came in containers; `done`, `cancelled`, `abandoned` (nobody sent for days)
 * take nothing any more.
 */
export const ImportState = z.enum(['open', 'finishing', 'done', 'cancelled', 'abandoned']);

/**
 * `waiting`: named, not here yet; `arriving`: in part; `queued`: here, to be opened; `done`: see `outcome`.
 */
export const ImportFileState = z.enum(['waiting', 'arriving', 'queued', 'done']);

/**
 * `opened`: a container or directory that was read; `skipped`: no image, nothing to worry about; `missing`: named by the
 * person or by a DICOMDIR, never came. The others are what became of an image.
 */
export const ImportOutcome = z.enum([
  'stored',
  'duplicate',
  'conflict',
  'quarantined',
  'opened',
  'skipped',
  'unreadable',
  'refused',
  'missing',
]);

export const ImportCounts = z.object({
  /** Named so far, entries of containers included. */
  files: z.int(),
  bytes: z.int(),
  /** Bytes that arrived. */
  receivedBytes: z.int(),
  waiting: z.int(),
  arriving: z.int(),
  queued: z.int(),
  /** Files inside opened containers that are not read yet. */
  unread: z.int(),
  studies: z.int(),
  outcomes: z.record(z.string(), z.int()),
});
export const Import = z.object({
  id: z.uuid(),
  state: ImportState,
  locationId: z.uuid(),
  locationName: z.string(),
  /** Where the media come from, in the words of the person. */
  source: z.string().nullable(),
  /** Whose Patient IDs they carry when they do not say. */
  issuer: z.string(),
  /** Of an import for one patient. */
  patientId: z.uuid().nullable(),
  expectedFiles: z.int(),
  expectedBytes: z.int(),
  createdBy: z.string().nullable(),
  createdAt: Instant,
  activeAt: Instant,
  finishedAt: Instant.nullable(),
  counts: ImportCounts,
});
export const Imports = z.object({ imports: z.array(Import), next: z.uuid().nullable() });

/** Whose photographs, 3D models and documents are brought in, and of which visit. */
export const RecordTarget = z.strictObject({
  patientId: z.uuid(),
  /** A study of this patient that they are added to; otherwise the one of that day and name is made, or added to. */
  studyId: z.uuid().nullish(),
  studyDate: z.iso.date(),
  /** What a person calls the visit: "Initial", "Progress 3". */
  description: z
    .string()
    .trim()
    .max(64)
    .regex(/^[^\\\p{Cc}]*$/u, 'No backslashes and control characters.')
    .default(''),
  event: z.enum(TREATMENT_EVENTS).nullish(),
});

export const NewImport = z.strictObject({
  /** Not given: discs, folders and archives of DICOM files, which say themselves whose they are. */
  record: RecordTarget.nullish(),
  /** The default location when not given. */
  locationId: z.uuid().nullish(),
  source: z.string().trim().min(1).max(200).nullish(),
  /** For media of another practice, whose Patient IDs are not ours. The location's when not given. */
  issuer: z.string().trim().min(1).max(64).nullish(),
  expectedFiles: z.int().min(0).max(10_000_000),
  expectedBytes: z.int().min(0),
});

/** What the client calls a file: the same file after a lost connection has the same key. */
const FileKey = z.string().regex(/^[A-Za-z0-9_-]{8,120}$/);
export const RecordFile = z.strictObject({
  view: z.enum(imageViews),
  /** ISO 3950 numbers. */
  teeth: z
    .array(z.string().regex(/^(?:[1-4][1-8]|[5-8][1-5])$/))
    .max(52)
    .default([]),
  adjustment: PictureAdjustment.nullish(),
});
export const Declaration = z.strictObject({
  files: z
    .array(
      z.strictObject({
        key: FileKey,
        /** Relative, as the person's computer has it, with `/`. */
        path: z.string().min(1).max(1000),
        size: z.int().min(0).max(IMPORT_LIMITS.fileBytes),
        /** What a photograph or 3D model of a patient's record shows. */
        shows: RecordFile.optional(),
      }),
    )
    .min(1)
    .max(IMPORT_LIMITS.declaredFiles),
});
export const Progress = z.object({
  fileId: z.uuid(),
  state: ImportFileState,
  /** The next byte to send. */
  received: z.int(),
  outcome: ImportOutcome.nullable(),
  /** A code; `message` says it in words. */
  reason: z.string().nullable(),
  message: z.string().nullable(),
  studyId: z.uuid().nullable(),
});
export const Declared = z.object({ files: z.array(Progress.extend({ key: z.string() })) });

export const ImportFile = Progress.extend({
  path: z.string(),
  /** The path of the container that it lies in. */
  inside: z.string().nullable(),
  size: z.int(),
  /** Whether asking again may help without the file being sent anew. */
  retryable: z.boolean(),
});
export const ImportFiles = z.object({ files: z.array(ImportFile), next: z.uuid().nullable() });
export const FilesQuery = z.strictObject({
  /** `problems`: what a person should look at; `skipped`: what is no image; `open`: what is not done. */
  show: z.enum(['all', 'problems', 'skipped', 'open']).default('all'),
  after: z.uuid().optional(),
});

export const ImportStudies = z.object({
  studies: z.array(
    z.object({
      studyId: z.uuid(),
      studyInstanceUid: z.string(),
      patientId: z.uuid().nullable(),
      patientName: z.string().nullable(),
      patientBirthDate: z.string().nullable(),
      studyDate: z.string().nullable(),
      description: z.string().nullable(),
      modalities: z.array(z.string()),
      quarantined: z.boolean(),
      /** Of this import. */
      files: z.int(),
      /** One of its pictures: `/api/v1/pictures/:instanceId/:version/thumbnail`. `null` until one is made. */
      picture: z.object({ instanceId: z.string(), version: z.string() }).nullable(),
    }),
  ),
  next: z.uuid().nullable(),
});

export const ImportParams = z.strictObject({ id: z.uuid() });
export const ImportFileParams = z.strictObject({ id: z.uuid(), fileId: z.uuid() });
const After = z.strictObject({ after: z.uuid().optional() });

/** Bringing files of a disc, a folder or an archive into the group, one session for each, that survives what may go wrong. */
export const importsApi = {
  create: fullEndpoint({
    method: 'post',
    path: '/imports',
    summary: 'Begin an import.',
    permission: PERMISSION,
    status: 201,
    body: NewImport,
    response: Import,
  }),
  list: fullEndpoint({
    method: 'get',
    path: '/imports',
    summary: 'The imports of the group, newest first.',
    permission: PERMISSION,
    query: After,
    response: Imports,
  }),
  get: fullEndpoint({
    method: 'get',
    path: '/imports/:id',
    summary: 'How far an import is.',
    permission: PERMISSION,
    params: ImportParams,
    response: Import,
  }),
  files: fullEndpoint({
    method: 'get',
    path: '/imports/:id/files',
    summary: 'What became of each file.',
    permission: PERMISSION,
    params: ImportParams,
    query: FilesQuery,
    response: ImportFiles,
  }),
  studies: fullEndpoint({
    method: 'get',
    path: '/imports/:id/studies',
    summary: 'The studies that an import brought, the newest first.',
    permission: PERMISSION,
    params: ImportParams,
    query: After,
    response: ImportStudies,
  }),
  declare: fullEndpoint({
    method: 'post',
    path: '/imports/:id/files',
    summary:
      'Name files that are to come, and learn how much of each is here already. Naming one again is no second file.',
    permission: PERMISSION,
    params: ImportParams,
    body: Declaration,
    response: Declared,
  }),
  send: fullEndpoint({
    method: 'put',
    path: '/imports/:id/files/:fileId',
    summary:
      'The bytes of a file: all of it up to 64 MiB, else pieces of 8 MiB, each at its offset. Sending again what is here changes nothing.',
    permission: PERMISSION,
    params: ImportFileParams,
    query: z.strictObject({ offset: z.coerce.number().int().min(0).default(0) }),
    bytes: true,
    response: Progress,
  }),
  retry: fullEndpoint({
    method: 'post',
    path: '/imports/:id/files/:fileId/retry',
    summary: 'Open a container again that could not be opened for a reason that may have passed.',
    permission: PERMISSION,
    params: ImportFileParams,
    response: Progress,
  }),
  finish: fullEndpoint({
    method: 'post',
    path: '/imports/:id/finish',
    summary: 'Everything was sent. Files that were named and never came are reported as missing.',
    permission: PERMISSION,
    params: ImportParams,
    response: Import,
  }),
  cancel: fullEndpoint({
    method: 'post',
    path: '/imports/:id/cancel',
    summary: 'Stop. What was stored stays stored.',
    permission: PERMISSION,
    params: ImportParams,
    response: Import,
  }),
} as const;
