import { z } from 'zod';
import type { Permission } from './permissions.ts';

/** What a page can be told about while it is open, and the permission that one needs to hear of it. */
export const LIVE_KINDS = {
  /** A study, its series or instances, its patient or its state. */
  'study.changed': 'imaging.study.read',
  'patient.changed': 'imaging.study.read',
  /** Pictures of a series were made. */
  'derivative.made': 'imaging.study.read',
  /** A study went into quarantine or came out of it. */
  'quarantine.changed': 'imaging.reconcile.write',
  'conflict.changed': 'imaging.conflict.read',
  'order.changed': 'orders.order.read',
  'device.changed': 'devices.device.read',
  'device.refused': 'devices.device.read',
  'import.progress': 'imaging.study.store',
  'export.progress': 'imaging.export.write',
  'account.changed': 'accounts.user.read',
  'alert.changed': 'operations.health.read',
} as const satisfies Record<string, Permission>;
export type LiveKind = keyof typeof LIVE_KINDS;

const kinds: readonly string[] = Object.keys(LIVE_KINDS);
export const isLiveKind = (text: string): text is LiveKind => kinds.includes(text);

/** Everything that an event may hold besides its kind: ids, never a word about a patient. */
export const LIVE_IDS = {
  studyId: z.uuid().optional(),
  patientId: z.uuid().optional(),
  seriesId: z.uuid().optional(),
  deviceId: z.uuid().optional(),
  orderId: z.uuid().optional(),
  importId: z.uuid().optional(),
  exportId: z.uuid().optional(),
} as const;

/** Something changed. Without ids it may be any, or many at once: ask again for what is shown. */
export const LiveEvent = z.object({
  kind: z
    .string()
    .refine(isLiveKind)
    .meta({ enum: [...kinds] }),
  ...LIVE_IDS,
});
export type LiveEvent = z.infer<typeof LiveEvent>;
