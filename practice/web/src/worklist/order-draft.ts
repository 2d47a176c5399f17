import type { EndpointRequest } from '@archwire/contracts/api';
import type { ordersApi } from '@archwire/contracts/api/orders';
import { PROCEDURES, type ProcedureId } from './procedures.ts';

/** An order as one writes it. */
export interface OrderDraft {
  readonly procedures: readonly ProcedureId[];
  /** What the procedures are called together; empty: by their own names. */
  readonly description: string;
  readonly day: string;
  readonly time: string;
  readonly locationId: string | null;
  /** AE title of the one device that shall see it; `null`: all that make such images. */
  readonly station: string | null;
  readonly isHere: boolean;
  readonly isUrgent: boolean;
  readonly requestedBy: string;
  readonly alerts: string;
}

export const isTime = (text: string): boolean => /^(?:[01]?\d|2[0-3]):[0-5]\d$/.test(text.trim());

const LONGEST = 64;

/** By the names of the chosen procedures, as long as a device can show. */
export const describe = (draft: OrderDraft, nameOf: (id: ProcedureId) => string): string =>
  (draft.description.trim() === ''
    ? draft.procedures.map(nameOf).join(' + ')
    : draft.description.trim()
  ).slice(0, LONGEST);

/** "Dr Jane Doe" as DICOM writes it: the last word is the family name. */
const physician = (text: string): string | null => {
  const words = text.trim().split(/\s+/);
  const family = words.pop() ?? '';
  return family === '' ? null : [family, words.join(' ')].filter((part) => part !== '').join('^');
};

/** As the API takes it: each procedure is one step. */
export const bodyOf = (
  draft: OrderDraft,
  patientId: string,
  nameOf: (id: ProcedureId) => string,
): EndpointRequest<typeof ordersApi.create>['body'] => ({
  patientId,
  description: describe(draft, nameOf),
  date: draft.day,
  time: draft.time.trim().padStart(5, '0'),
  checkedIn: draft.isHere,
  priority: draft.isUrgent ? 'STAT' : 'ROUTINE',
  requestingPhysician: physician(draft.requestedBy),
  medicalAlerts: draft.alerts.trim() === '' ? null : draft.alerts.trim(),
  ...(draft.locationId === null ? {} : { locationId: draft.locationId }),
  steps: PROCEDURES.filter(({ id }) => draft.procedures.includes(id)).map(({ id, modality }) => ({
    modality,
    description: nameOf(id),
    ...(draft.station === null ? {} : { stationAeTitles: [draft.station] }),
  })),
});
