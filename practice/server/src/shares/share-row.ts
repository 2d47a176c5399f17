import { SHARE_LIMITS, ShareDownload, type Share } from '@archwire/contracts/api/shares';

export interface ShareRow {
  readonly id: string;
  readonly study_id: string;
  readonly study_uid: string;
  readonly study_date: string | null;
  readonly patient_name: string | null;
  readonly export_id: string | null;
  readonly export_format: string | null;
  readonly secret_hash: Buffer;
  readonly passcode_hash: string | null;
  readonly created_by: string | null;
  readonly created_by_name: string | null;
  readonly created: Date;
  readonly expires: Date;
  readonly revoked: Date | null;
  readonly openings: number;
  readonly opened: Date | null;
  readonly failures: number;
}

/** Of `share_link l`, with the study that it shows and who made it. */
export const SELECT_SHARE = `
  select l.id, l.study_id, s.study_uid, s.study_date::text as study_date, coalesce(p.name, s.pat_known_name, s.pat_name) as patient_name,
         l.export_id, x.format as export_format, l.secret_hash, l.passcode_hash, l.created_by, u.display_name as created_by_name,
         l.created_at as created, l.expires_at as expires, l.revoked_at as revoked, l.openings, l.opened_at as opened, l.failures
    from share_link l
    join study s on s.tenant_id = l.tenant_id and s.id = l.study_id and s.match_state <> 'rejected'
    left join patient p on p.tenant_id = s.tenant_id and p.id = s.patient_id
    left join export_job x on x.tenant_id = l.tenant_id and x.id = l.export_id
    left join app_user u on u.tenant_id = l.tenant_id and u.id = l.created_by`;

/** Whether a link opens: it does not once it was closed, has expired, or saw too many wrong passcodes. */
export const shareState = (
  { revoked, expires, failures }: Pick<ShareRow, 'revoked' | 'expires' | 'failures'>,
  now: number,
): Share['state'] => {
  if (revoked !== null) return 'revoked';
  if (expires.getTime() <= now) return 'expired';
  return failures >= SHARE_LIMITS.failures ? 'locked' : 'open';
};

export const presentShare = (row: ShareRow, now: number): Share => ({
  id: row.id,
  state: shareState(row, now),
  studyId: row.study_id,
  patientName: row.patient_name,
  studyDate: row.study_date,
  hasPasscode: row.passcode_hash !== null,
  download: ShareDownload.parse(row.export_format ?? 'none'),
  createdBy: row.created_by_name,
  createdAt: row.created.toISOString(),
  expiresAt: row.expires.toISOString(),
  openings: row.openings,
  openedAt: row.opened?.toISOString() ?? null,
});
