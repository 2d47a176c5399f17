import type { Principal } from '@archwire/contracts';
import type { ImagingOrder } from '@archwire/contracts/api/orders';
import { appendAudit } from '@archwire/database';
import type { Knex } from 'knex';

/** Writes who did what with an order into the audit chain of the same transaction. Call it last. */
export const auditOrder = async (
  trx: Knex.Transaction,
  principal: Principal,
  action: string,
  order: ImagingOrder,
  after: Readonly<Record<string, unknown>> = {},
): Promise<void> => {
  await appendAudit(trx, {
    actorKind: principal.kind,
    actorId: principal.id,
    action,
    outcome: 'success',
    entity: 'imaging-order',
    entityId: order.id,
    patientId: order.patient.id,
    studyUid: order.studyInstanceUid,
    address: principal.address,
    userAgent: principal.userAgent?.slice(0, 300) ?? null,
    requestId: principal.requestId,
    after: { state: order.state, ...after },
  });
};
