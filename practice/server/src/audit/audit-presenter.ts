import { z } from 'zod';
import type { AuditNames } from './audit-names.ts';
import type { AuditRow } from './audit-query.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const fields = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((value) => value ?? null);
/** What of an entry has no column of its own. */
const Entry = z.object({
  reason: text,
  address: text,
  userAgent: text,
  requestId: text,
  before: fields,
  after: fields,
});

export type AuditEntryView = ReturnType<typeof presentAudit>;

export const presentAudit = (row: AuditRow, names: AuditNames) => ({
  seq: row.seq,
  at: row.at.toISOString(),
  actorKind: row.actor_kind,
  actorId: row.actor_id,
  actorName: names.of(row.actor_id),
  action: row.action,
  outcome: row.outcome,
  entity: row.entity,
  entityId: row.entity_id,
  entityName: row.entity === 'study' || row.entity === 'patient' ? null : names.of(row.entity_id),
  patientId: row.patient_id,
  patientName: names.patientOf(row),
  studyUid: row.study_uid,
  ...Entry.parse(JSON.parse(row.entry)),
});
