import { type Principal, requirePermission } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';

import { isoInstant } from '../timeline/study-image.ts';

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
  readonly studyId: string;
  /** Identity as the images came with it. */
  readonly patientName: string | null;
  readonly patientId: string | null;
  readonly studyDate: string | null;
  readonly modality: string | null;
  readonly description: string | null;
  readonly instanceNumber: number | null;
  /** The device that sent the other bytes, and that which sent what is shown; `null` when they came another way. */
  readonly deviceName: string | null;
  readonly shownDeviceName: string | null;
  readonly shownReceivedAt: string;
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
  readonly study_id: string;
  readonly pat_name: string | null;
  readonly pat_id: string | null;
  readonly study_date: string | null;
  readonly modality: string | null;
  readonly description: string | null;
  readonly instance_number: number | null;
  readonly device_name: string | null;
  readonly shown_device_name: string | null;
  readonly shown_at: string;
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
              ${isoInstant('c.received_at')} as received_at, ${isoInstant('i.arrived_at')} as shown_at,
              st.id as study_id, st.pat_name, st.pat_id, st.study_date::text as study_date, se.modality,
              coalesce(se.description, st.description) as description, i.instance_number,
              (select d.name from device d where d.id = c.device_id) as device_name,
              (select d.name from device d where d.id = i.device_id) as shown_device_name
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
      studyId: row.study_id,
      patientName: row.pat_name,
      patientId: row.pat_id,
      studyDate: row.study_date,
      modality: row.modality,
      description: row.description,
      instanceNumber: row.instance_number,
      deviceName: row.device_name,
      shownDeviceName: row.shown_device_name,
      shownReceivedAt: row.shown_at,
    }));
  });
};
