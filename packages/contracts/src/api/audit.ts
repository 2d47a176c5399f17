import { z } from 'zod';
import { Uid } from '../uid.ts';
import { fullEndpoint } from './endpoint.ts';

const text = z.string().nullable();
const Instant = z.iso.datetime();
const Action = z.string().regex(/^[a-z][a-z.-]{1,63}$/);
const list = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(item).max(60));

/** Ids and codes only, because an address ends up in histories. */
export const AuditFilter = z.strictObject({
  actorId: z.string().min(1).max(64).optional(),
  actorKind: z.enum(['user', 'api-key', 'device', 'system']).optional(),
  action: list(Action).optional(),
  outcome: z.enum(['success', 'failure']).optional(),
  patientId: z.uuid().optional(),
  studyUid: Uid.optional(),
  from: Instant.optional(),
  /** Not included. */
  to: Instant.optional(),
});
export const AuditQuery = AuditFilter.extend({
  /** `next` of the page before. */
  before: z
    .string()
    .regex(/^\d{1,16}-\d{1,16}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const AuditEntries = z.object({
  entries: z.array(
    z.object({
      seq: z.int(),
      at: Instant,
      actorKind: z.string(),
      actorId: text,
      /** As it is now; `null` when there is nobody of this id any more. */
      actorName: text,
      action: z.string(),
      outcome: z.string(),
      entity: text,
      entityId: text,
      entityName: text,
      patientId: text,
      /** Only for those who may see images. */
      patientName: text,
      studyUid: text,
      reason: text,
      address: text,
      userAgent: text,
      requestId: text,
      before: z.record(z.string(), z.unknown()).nullable(),
      after: z.record(z.string(), z.unknown()).nullable(),
    }),
  ),
  next: text,
});
export const AuditChain = z.object({
  firstSeq: z.int().nullable(),
  lastSeq: z.int().nullable(),
  headHash: text,
  broken: z.object({ seq: z.int(), reason: z.enum(['missing', 'altered', 'unlinked', 'head']) }).nullable(),
  verifiedAt: Instant,
});

const READ = 'audit.log.read';

/** Who did what. Looking is written down as well. */
export const auditApi = {
  list: fullEndpoint({
    method: 'get',
    path: '/audit',
    summary: 'What happened, newest first.',
    permission: READ,
    query: AuditQuery,
    response: AuditEntries,
  }),
  exportCsv: fullEndpoint({
    method: 'get',
    path: '/audit/export',
    summary: 'The same as a CSV file, at most 100,000 lines.',
    permission: READ,
    query: AuditFilter,
    status: 200,
  }),
  verify: fullEndpoint({
    method: 'post',
    path: '/audit/verify',
    summary: 'Recompute the whole hash chain. Keep `headHash` outside: it fixes everything up to `lastSeq`.',
    permission: READ,
    response: AuditChain,
  }),
} as const;
