import type { Principal } from '@archwire/contracts';
import { appendAudit } from '@archwire/database';
import type { Knex } from 'knex';

/** Writes who reconciled what into the audit chain of the same transaction. Call it last. Ids and states only. */
export const auditReconcile = async (
  trx: Knex.Transaction,
  principal: Principal,
  event: {
    readonly action: string;
    readonly entity?: 'study' | 'patient' | 'instance';
    readonly entityId?: string;
    readonly patientId?: string;
    readonly studyUid?: string;
    readonly reason?: string;
    readonly before?: Readonly<Record<string, unknown>>;
    readonly after?: Readonly<Record<string, unknown>>;
  },
): Promise<void> => {
  await appendAudit(trx, {
    ...event,
    actorKind: principal.kind,
    actorId: principal.id,
    outcome: 'success',
    address: principal.address,
    userAgent: principal.userAgent?.slice(0, 300) ?? null,
    requestId: principal.requestId,
  });
};
