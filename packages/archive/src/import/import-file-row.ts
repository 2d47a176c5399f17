import type { EndpointResponse } from '@archwire/contracts/api';
import type { importsApi } from '@archwire/contracts/api/imports';
import type { TreatmentEvent } from '@archwire/contracts';
import type { ShownByFile } from '../record/store-record-file.ts';
import type { Transaction } from '../query/transaction.ts';
import { importMessage } from './import-reason.ts';

export type FileProgress = EndpointResponse<typeof importsApi.send>;

/** A file together with its session, as the work on it needs them. */
export interface ImportFileRow {
  readonly id: string;
  readonly import_id: string;
  readonly parent_id: string | null;
  readonly path: string;
  readonly size: number;
  readonly received: number;
  readonly state: 'named' | FileProgress['state'];
  readonly depth: number;
  readonly outcome: FileProgress['outcome'];
  readonly reason: string | null;
  readonly retryable: boolean;
  readonly spooled: boolean;
  readonly study_id: string | null;
  readonly session_state: 'open' | 'finishing' | 'done' | 'cancelled' | 'abandoned';
  readonly location_id: string;
  readonly issuer: string;
  readonly created_kind: 'user' | 'api-key' | 'device' | 'system';
  readonly created_by: string | null;
  /** Of an import for one patient. */
  readonly patient_id: string | null;
  readonly record_study_id: string | null;
  readonly study_date: string | null;
  readonly study_description: string | null;
  readonly treatment_event: TreatmentEvent | null;
  readonly shows: ShownByFile | null;
}

/** One file of one import. */
export const findFile = async (
  trx: Transaction,
  importId: string,
  fileId: string,
): Promise<ImportFileRow | undefined> => {
  const { rows }: { rows: ImportFileRow[] } = await trx.raw(
    `select f.id, f.import_id, f.parent_id, f.path, f.size, f.received, f.state, f.depth, f.outcome, f.reason, f.retryable,
            f.spooled, f.study_id, s.state as session_state, s.location_id, s.issuer, s.created_kind, s.created_by, s.patient_id, s.record_study_id,
            s.study_date::text as study_date, s.study_description, s.treatment_event, f.shows
       from import_file f join import_session s on s.id = f.import_id
      where f.id = ? and f.import_id = ?`,
    [fileId, importId],
  );
  return rows[0];
};

/** Where a file stands, for whoever sends it. */
export const progressOf = (
  row: Pick<ImportFileRow, 'id' | 'state' | 'received' | 'outcome' | 'reason' | 'study_id'>,
): FileProgress => ({
  fileId: row.id,
  state: row.state === 'named' ? 'waiting' : row.state,
  received: row.received,
  outcome: row.outcome,
  reason: row.reason,
  message: importMessage(row.reason),
  studyId: row.study_id,
});
