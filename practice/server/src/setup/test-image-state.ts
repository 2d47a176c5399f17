import type { Knex } from 'knex';
import { TEST_PATIENT } from './test-patient.ts';

export interface TestImageState {
  readonly indexed: boolean;
  readonly thumbnail: boolean;
  readonly placeholderReason: string | null;
  readonly studyId: string | null;
}

interface Row {
  readonly study_id: string;
  readonly thumbnail: boolean;
  readonly placeholder_reason: string | null;
}

/** Only a test image: of anybody else's this says nothing. */
const READ = `
  select s.id as study_id, d.instance_id is not null as thumbnail, d.placeholder_reason
    from instance i
    join series r on r.tenant_id = i.tenant_id and r.id = i.series_id
    join study s on s.tenant_id = r.tenant_id and s.id = r.study_id
    left join derivative d on d.tenant_id = i.tenant_id and d.instance_id = i.id and d.kind = 'thumbnail'
   where i.sop_uid = ? and s.pat_id = ?`;

/** How far a test image has come: in the index, and with a picture made of it. */
export const readTestImageState = async (
  trx: Knex.Transaction,
  sopInstanceUid: string,
): Promise<TestImageState> => {
  const { rows } = await trx.raw<{ rows: Row[] }>(READ, [sopInstanceUid, TEST_PATIENT.PatientID]);
  const [row] = rows;
  return {
    indexed: row !== undefined,
    thumbnail: row?.thumbnail ?? false,
    placeholderReason: row?.placeholder_reason ?? null,
    studyId: row?.study_id ?? null,
  };
};
