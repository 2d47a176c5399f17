import { z } from 'zod';
import { fullEndpoint } from './endpoint.ts';

const Instant = z.iso.datetime();
const WRITE = 'imaging.export.write';

/** `queued` and `running` become `done`, `failed` or `cancelled`; what is done is thrown away when it has `expired`. */
export const ExportState = z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'expired']);
/** `dicom`: objects with a DICOMDIR; `jpeg`: pictures. */
export const ExportFormat = z.enum(['dicom', 'jpeg']);
/** Whose the objects say that they are: as the practice knows it, as they came, or nobody's. */
export const ExportIdentity = z.enum(['known', 'received', 'deidentified']);
/** What becomes of dates when an export is de-identified. */
export const ExportDates = z.enum(['remove', 'shift', 'keep']);

/** Why an object is not in an export. */
export const ExportLeftOut = z.enum(['opaque', 'burned-in', 'face', 'unsupported', 'damaged', 'no-picture']);
export type ExportLeftOut = z.infer<typeof ExportLeftOut>;

export const ExportOptions = z.strictObject({
  /** Pixels without compression, for programs that know none. */
  uncompressed: z.boolean().default(false),
  dates: ExportDates.default('shift'),
  /** Serial number and name of the device stay in de-identified objects. */
  keepDevice: z.boolean().default(false),
  /** Sex, age, size and weight stay in de-identified objects. */
  keepCharacteristics: z.boolean().default(true),
  /** Photographs of the face are part of a de-identified export, though anybody may know it again. */
  includeFaces: z.boolean().default(false),
  /** De-identified exports of one project fit together: the same person has the same pseudonym. */
  project: z.string().trim().max(64).default(''),
  /** JPEG: folders are called by the patient. */
  namedFolders: z.boolean().default(false),
});
export type ExportOptions = z.infer<typeof ExportOptions>;

export const NewExport = z
  .strictObject({
    studyId: z.uuid().optional(),
    patientId: z.uuid().optional(),
    format: ExportFormat,
    identity: ExportIdentity.default('known'),
    options: ExportOptions.prefault({}),
  })
  .refine(({ studyId, patientId }) => (studyId === undefined) !== (patientId === undefined), {
    message: 'Name a study or a patient, one of them.',
  });
export type NewExport = z.infer<typeof NewExport>;

export const Export = z.object({
  id: z.uuid(),
  state: ExportState,
  studyId: z.uuid().nullable(),
  patientId: z.uuid().nullable(),
  /** Whose it is, for those who see the list. */
  patientName: z.string().nullable(),
  studyDate: z.string().nullable(),
  format: ExportFormat,
  identity: ExportIdentity,
  /** Objects of the export, and those that are in it or were left out by now. */
  total: z.int(),
  done: z.int(),
  /** How many were left out, by reason. */
  leftOut: z.record(z.string(), z.int()),
  /** Of the file, so far. */
  bytes: z.int(),
  createdBy: z.string().nullable(),
  createdAt: Instant,
  expiresAt: Instant,
});
export type Export = z.infer<typeof Export>;
export const ExportPage = z.object({ exports: z.array(Export).readonly(), next: z.uuid().nullable() });

const pixels = z.int().min(0).max(65_535);
const size = z.int().min(1).max(65_535);
/** A rectangle of pictures of one size of a device model, in which it writes who was imaged. */
export const NewCleanRegionRule = z.strictObject({
  /** Manufacturer (0008,0070) and Manufacturer's Model Name (0008,1090), whatever their case. */
  manufacturer: z.string().trim().min(1).max(64),
  model: z.string().trim().min(1).max(64),
  rows: size,
  columns: size,
  left: pixels,
  top: pixels,
  width: size,
  height: size,
});
export type NewCleanRegionRule = z.infer<typeof NewCleanRegionRule>;
export const CleanRegionRule = z.object({ ...NewCleanRegionRule.shape, id: z.uuid() });
export type CleanRegionRule = z.infer<typeof CleanRegionRule>;

const params = z.strictObject({ id: z.uuid() });

/** Studies and patients as files to take along. The file itself is at `/api/v1/exports/:id/file`. */
export const exportsApi = {
  create: fullEndpoint({
    method: 'post',
    path: '/exports',
    summary: 'Begin an export of a study, or of all studies of a patient.',
    permission: WRITE,
    status: 201,
    body: NewExport,
    response: Export,
  }),
  list: fullEndpoint({
    method: 'get',
    path: '/exports',
    summary: 'Exports, newest first: one’s own, and all of the group for an administrator.',
    permission: WRITE,
    query: z.strictObject({ after: z.uuid().optional() }),
    response: ExportPage,
  }),
  get: fullEndpoint({
    method: 'get',
    path: '/exports/:id',
    summary: 'How far an export is.',
    permission: WRITE,
    params,
    response: Export,
  }),
  remove: fullEndpoint({
    method: 'delete',
    path: '/exports/:id',
    summary: 'Stop an export, or throw its file away.',
    permission: WRITE,
    params,
  }),
  cleanRegions: fullEndpoint({
    method: 'get',
    path: '/clean-regions',
    summary: 'Where device models write into their pictures: what de-identified exports blank.',
    permission: 'imaging.export.manage',
    response: z.object({ regions: z.array(CleanRegionRule).readonly() }),
  }),
  addCleanRegion: fullEndpoint({
    method: 'post',
    path: '/clean-regions',
    summary: 'Blank a rectangle in pictures of a device model when they are de-identified.',
    permission: 'imaging.export.manage',
    status: 201,
    body: NewCleanRegionRule,
    response: CleanRegionRule,
  }),
  removeCleanRegion: fullEndpoint({
    method: 'delete',
    path: '/clean-regions/:id',
    summary: 'Blank a rectangle no longer.',
    permission: 'imaging.export.manage',
    params,
  }),
} as const;
