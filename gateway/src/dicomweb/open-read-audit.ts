import { appendAudit, type WithTenant } from '@archwire/database';
import { createReadAudit, type ReadAudit } from './read-audit.ts';

/** The audit of reads, written to the tenant's chain; a row that is lost is reported to the log. */
export const openReadAudit = ({
  withTenant,
  log,
}: {
  readonly withTenant: WithTenant;
  readonly log: { error(fields: object, message: string): void };
}): ReadAudit =>
  createReadAudit({
    append: async (principal, { action, studyUid, patientId, destination }) => {
      await withTenant(principal.tenantId, async (trx) => {
        await appendAudit(trx, {
          actorKind: principal.kind,
          actorId: principal.id,
          action,
          outcome: 'success',
          entity: action.startsWith('imaging.patient') ? 'patient' : 'study',
          ...(patientId === undefined ? {} : { entityId: patientId, patientId }),
          ...(studyUid === null ? {} : { studyUid }),
          ...(destination === undefined ? {} : { after: { destination } }),
          address: principal.address,
          userAgent: principal.userAgent,
          requestId: principal.requestId,
        });
      });
    },
    lost: (error, { action, studyUid }) =>
      log.error({ err: error, action, studyUid }, 'audit of a read lost'),
  });
