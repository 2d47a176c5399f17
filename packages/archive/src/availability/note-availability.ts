import type { Transaction } from '../query/transaction.ts';

/** The device has taken the notification: it is not told of this revision again. */
export const noteAvailability = async (
  trx: Transaction,
  studyId: string,
  deviceId: string,
  revision: number,
): Promise<void> => {
  await trx.raw(
    `insert into availability_notice (tenant_id, study_id, device_id, revision) values (app_tenant(), ?, ?, ?)
     on conflict (tenant_id, study_id, device_id)
       do update set revision = greatest(availability_notice.revision, excluded.revision), notified_at = now()`,
    [studyId, deviceId, revision],
  );
};
