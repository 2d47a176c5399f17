import { type Principal, requirePermission } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';

export interface InstanceConflict {
  readonly conflictId: string;
  readonly instanceId: string;
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly studyInstanceUid: string;
  /** SHA-256 and size of the bytes that are shown, and of the others. */
  readonly shown: { readonly sha256: string; readonly length: number };
  readonly other: { readonly sha256: string; readonly length: number };
  readonly deviceId: string | null;
  readonly receivedAt: string;
}

interface Row {
  readonly id: string;
  readonly instance_id: string;
  readonly sop_uid: string;
  readonly series_uid: string;
  readonly study_uid: string;
  readonly shown_sha: string;
  readonly shown_length: string;
  readonly other_sha: string;
  readonly other_length: string;
  readonly device_id: string | null;
  readonly received_at: string;
}

const LIMIT = 200;

/** Instances of which two different sets of bytes came under one UID and nobody has decided yet, oldest first, at most 200. @throws AppError `forbidden`. */
export const listConflicts = async (
  withTenant: WithTenant,
  principal: Principal,
): Promise<InstanceConflict[]> => {
  requirePermission(principal, 'imaging.conflict.read');
  return await withTenant(principal.tenantId, async (trx) => {
    const { rows }: { rows: Row[] } = await trx.raw(
      `select c.id, i.id::text as instance_id, i.sop_uid, se.series_uid, st.study_uid,
              encode(i.sha256, 'hex') as shown_sha, i.length::text as shown_length,
              encode(c.sha256, 'hex') as other_sha, c.length::text as other_length, c.device_id,
              to_char(c.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as received_at
         from instance_conflict c
         join instance i on i.tenant_id = c.tenant_id and i.id = c.instance_id
         join series se on se.tenant_id = i.tenant_id and se.id = i.series_id
         join study st on st.tenant_id = se.tenant_id and st.id = se.study_id
        where c.resolved_at is null
        order by c.received_at, c.id limit ${LIMIT}`,
    );
    return rows.map((row) => ({
      conflictId: row.id,
      instanceId: row.instance_id,
      sopInstanceUid: row.sop_uid,
      seriesInstanceUid: row.series_uid,
      studyInstanceUid: row.study_uid,
      shown: { sha256: row.shown_sha, length: Number(row.shown_length) },
      other: { sha256: row.other_sha, length: Number(row.other_length) },
      deviceId: row.device_id,
      receivedAt: row.received_at,
    }));
  });
};
