import {
  type Export,
  ExportFormat,
  ExportIdentity,
  ExportOptions,
  ExportState,
} from '@archwire/contracts/api/exports';
import { isoInstant } from '../timeline/study-image.ts';

export interface ExportRow {
  readonly id: string;
  readonly state: string;
  readonly study_id: string | null;
  readonly patient_id: string | null;
  readonly patient_name: string | null;
  readonly study_date: string | null;
  readonly format: string;
  readonly identity: string;
  readonly options: unknown;
  readonly total: number;
  readonly done: number;
  readonly left_out: Readonly<Record<string, number>>;
  readonly bytes: number;
  readonly object_key: string | null;
  readonly created_by_name: string | null;
  readonly created: string;
  readonly expires: string;
}

/** Of `export_job x`, with whose it is and who asked for it. */
export const SELECT_EXPORT = `
  select x.id, x.state, x.study_id, x.patient_id, x.format, x.identity, x.options, x.total, x.done, x.left_out, x.bytes,
         x.object_key, ${isoInstant('x.created_at')} as created, ${isoInstant('x.expires_at')} as expires,
         s.study_date::text as study_date, coalesce(p.name, s.pat_known_name, s.pat_name) as patient_name,
         u.display_name as created_by_name
    from export_job x
    left join study s on s.tenant_id = x.tenant_id and s.id = x.study_id
    left join patient p on p.tenant_id = x.tenant_id and p.id = coalesce(x.patient_id, s.patient_id)
    left join app_user u on u.tenant_id = x.tenant_id and u.id = x.created_by`;

export const presentExport = (row: ExportRow): Export => ({
  id: row.id,
  state: ExportState.parse(row.state),
  studyId: row.study_id,
  patientId: row.patient_id,
  patientName: row.patient_name,
  studyDate: row.study_date,
  format: ExportFormat.parse(row.format),
  identity: ExportIdentity.parse(row.identity),
  total: row.total,
  done: row.done,
  leftOut: row.left_out,
  bytes: row.bytes,
  createdBy: row.created_by_name,
  createdAt: row.created,
  expiresAt: row.expires,
});

/** What was ordered, as the job reads it. */
export const orderOf = (row: Pick<ExportRow, 'format' | 'identity' | 'options'>) => ({
  format: ExportFormat.parse(row.format),
  identity: ExportIdentity.parse(row.identity),
  options: ExportOptions.parse(row.options),
});
