import { z } from 'zod';
import { AeTitle } from '../ae-title.ts';
import { fullEndpoint } from './endpoint.ts';

const READ = 'orders.order.read';
const WRITE = 'orders.order.write';
const Instant = z.iso.datetime();

export const orderStates = [
  'planned',
  'scheduled',
  'in_progress',
  'completed',
  'partial',
  'discontinued',
] as const;
export type OrderState = (typeof orderStates)[number];
export const stepStates = ['scheduled', 'in_progress', 'completed', 'discontinued'] as const;
export type StepState = (typeof stepStates)[number];
/** Requested Procedure Priority (0040,1003). */
export const orderPriorities = ['STAT', 'HIGH', 'ROUTINE', 'MEDIUM', 'LOW'] as const;
export type OrderPriority = (typeof orderPriorities)[number];

/** A text that a DICOM attribute of this length can hold. */
const dicomText = (length: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(length)
    .regex(/^[^\p{Cc}\\]*$/u, 'A backslash or a control character cannot be sent to a device.');
const Modality = z
  .string()
  .trim()
  .regex(/^[A-Z0-9_]{1,16}$/, 'A modality is a DICOM code such as PX, IO, CT or DX.');
const Time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/, 'Write the time like 09:30.');

/** A coded concept (PS3.3 section 8.8). */
export const Code = z.strictObject({
  value: dicomText(16),
  scheme: dicomText(16),
  meaning: dicomText(64),
});
export type Code = z.infer<typeof Code>;

export const OrderStep = z.object({
  /** Scheduled Procedure Step ID. */
  stepId: z.string(),
  modality: z.string(),
  /** Empty: every device of the modality. */
  stationAeTitles: z.array(z.string()),
  stationName: z.string().nullable(),
  description: z.string().nullable(),
  /** VR PN. */
  performingPhysician: z.string().nullable(),
  protocolCodes: z.array(Code),
  state: z.enum(stepStates).catch('scheduled'),
});

export const ImagingOrder = z.object({
  id: z.uuid(),
  state: z.enum(orderStates),
  accessionNumber: z.string(),
  requestedProcedureId: z.string(),
  /** Allocated at booking; equipment that asks the worklist sends its images under it. */
  studyInstanceUid: z.string(),
  description: z.string(),
  priority: z.enum(orderPriorities).catch('ROUTINE'),
  patient: z.object({
    id: z.uuid(),
    /** VR PN. */
    name: z.string().nullable(),
    birthDate: z.string().nullable(),
    sex: z.string().nullable(),
    /** Patient ID and issuer as equipment is told. */
    patientId: z.string().nullable(),
    issuer: z.string().nullable(),
  }),
  locationId: z.uuid(),
  locationName: z.string(),
  /** By the clock on the wall of the location. */
  date: z.iso.date(),
  time: z.string(),
  requestingPhysician: z.string().nullable(),
  medicalAlerts: z.string().nullable(),
  allergies: z.string().nullable(),
  steps: z.array(OrderStep),
  /** Why it was discontinued. */
  reason: z
    .object({ code: z.string().nullable(), scheme: z.string().nullable(), meaning: z.string() })
    .nullable(),
  /** Studies that came for it. */
  studyIds: z.array(z.uuid()),
  createdAt: Instant,
  checkedInAt: Instant.nullable(),
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
});
export type ImagingOrder = z.infer<typeof ImagingOrder>;

const NewStep = z.strictObject({
  modality: Modality,
  stationAeTitles: z.array(AeTitle).max(20).optional(),
  stationName: dicomText(16).nullish(),
  description: dicomText(64).nullish(),
  performingPhysician: dicomText(64).nullish(),
  protocolCodes: z.array(Code).max(20).optional(),
});
const Steps = z.array(NewStep).min(1).max(20);
const details = {
  priority: z.enum(orderPriorities).optional(),
  requestingPhysician: dicomText(64).nullish(),
  medicalAlerts: dicomText(64).nullish(),
  allergies: dicomText(64).nullish(),
};
export const NewImagingOrder = z.strictObject({
  patientId: z.uuid(),
  /** Without it the default location. */
  locationId: z.uuid().optional(),
  description: dicomText(64),
  date: z.iso.date(),
  time: Time,
  steps: Steps,
  /** The patient is here: equipment sees the order at once. */
  checkedIn: z.boolean().optional(),
  ...details,
});
export type NewImagingOrder = z.infer<typeof NewImagingOrder>;

/** What is left out stays as it is. */
export const ImagingOrderChange = z.strictObject({
  locationId: z.uuid().optional(),
  description: dicomText(64).optional(),
  date: z.iso.date().optional(),
  time: Time.optional(),
  steps: Steps.optional(),
  ...details,
});
export type ImagingOrderChange = z.infer<typeof ImagingOrderChange>;

export const ImagingOrderQuery = z.strictObject({
  /** First and last day, both inclusive. */
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  locationId: z.uuid().optional(),
  patientId: z.uuid().optional(),
  /** States with commas between; without it all of them. */
  state: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(orderStates)).min(1))
    .optional(),
  modality: Modality.optional(),
  /** `next` of the page before. */
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type ImagingOrderQuery = z.infer<typeof ImagingOrderQuery>;
export const ImagingOrders = z.object({ orders: z.array(ImagingOrder), next: z.string().nullable() });

export const OrderDiscontinuation = z.strictObject({
  reason: dicomText(64),
  /** From PS3.16 CID 9300, 9301 or 9302, or a list of your own. */
  code: dicomText(16).optional(),
  scheme: dicomText(16).optional(),
});
export const OrderCompletion = z.strictObject({
  /** Something that was asked for is still missing. */
  partial: z.boolean().optional(),
});

export const WorklistQuestion = z.strictObject({
  deviceId: z.uuid(),
  /** The keys by which a device narrows its question, as DICOM writes them. */
  date: z
    .string()
    .regex(/^\d{8}(?:-(?:\d{8})?)?$|^-\d{8}$/, 'Write a day like 20260131, or days like 20260101-20260131.')
    .optional(),
  modality: z.string().trim().max(16).optional(),
  stationAeTitle: z.string().trim().max(16).optional(),
  /** Wildcards as in DICOM. */
  patientName: z.string().trim().max(64).optional(),
  patientId: z.string().trim().max(64).optional(),
  accessionNumber: z.string().trim().max(16).optional(),
});
export type WorklistQuestion = z.infer<typeof WorklistQuestion>;

/** One worklist item, read from the data set that the device would get. */
export const WorklistItem = z.object({
  patientName: z.string(),
  patientId: z.string(),
  issuerOfPatientId: z.string(),
  patientBirthDate: z.string(),
  patientSex: z.string(),
  accessionNumber: z.string(),
  requestedProcedureId: z.string(),
  requestedProcedureDescription: z.string(),
  studyInstanceUid: z.string(),
  modality: z.string(),
  scheduledStationAeTitle: z.string(),
  startDate: z.string(),
  startTime: z.string(),
  scheduledPerformingPhysicianName: z.string(),
  scheduledProcedureStepDescription: z.string(),
  scheduledProcedureStepId: z.string(),
  scheduledProcedureStepStatus: z.string(),
  /** The whole answer in the DICOM JSON Model (PS3.18 annex F). */
  dataSet: z.record(z.string(), z.unknown()),
});
export type WorklistItem = z.infer<typeof WorklistItem>;
export const WorklistPreview = z.object({
  items: z.array(WorklistItem),
  /** There are more than a preview shows. */
  more: z.boolean(),
});

const IdParams = z.strictObject({ id: z.uuid() });

/** What was asked to be imaged, and what equipment is told of it. */
export const ordersApi = {
  list: fullEndpoint({
    method: 'get',
    path: '/imaging-orders',
    summary: 'Imaging orders in the order of their days and times.',
    permission: READ,
    query: ImagingOrderQuery,
    response: ImagingOrders,
  }),
  get: fullEndpoint({
    method: 'get',
    path: '/imaging-orders/:id',
    summary: 'One imaging order.',
    permission: READ,
    params: IdParams,
    response: ImagingOrder,
  }),
  create: fullEndpoint({
    method: 'post',
    path: '/imaging-orders',
    summary: 'Order images of a patient; accession number and Study Instance UID are allocated now.',
    permission: WRITE,
    status: 201,
    body: NewImagingOrder,
    response: ImagingOrder,
  }),
  change: fullEndpoint({
    method: 'patch',
    path: '/imaging-orders/:id',
    summary: 'Change or move an order that has not begun.',
    permission: WRITE,
    params: IdParams,
    body: ImagingOrderChange,
    response: ImagingOrder,
  }),
  checkIn: fullEndpoint({
    method: 'post',
    path: '/imaging-orders/:id/check-in',
    summary: 'The patient is here: equipment sees the order in its worklist.',
    permission: WRITE,
    params: IdParams,
    response: ImagingOrder,
  }),
  complete: fullEndpoint({
    method: 'post',
    path: '/imaging-orders/:id/complete',
    summary: 'All that was asked for is there, or all that will come.',
    permission: WRITE,
    params: IdParams,
    body: OrderCompletion,
    response: ImagingOrder,
  }),
  discontinue: fullEndpoint({
    method: 'post',
    path: '/imaging-orders/:id/discontinue',
    summary: 'End an order that will not be carried out, or not further.',
    permission: WRITE,
    params: IdParams,
    body: OrderDiscontinuation,
    response: ImagingOrder,
  }),
  worklistPreview: fullEndpoint({
    method: 'post',
    path: '/worklist/preview',
    summary: 'Exactly what a device would be told if it asked for its worklist now.',
    permission: READ,
    body: WorklistQuestion,
    response: WorklistPreview,
  }),
} as const;
