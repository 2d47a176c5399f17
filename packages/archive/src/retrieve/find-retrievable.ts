import type { Transaction } from '../query/transaction.ts';
import { SELECT_INSTANCE, storedInstance, type InstanceRow } from './find-instances.ts';
import type { StoredInstance } from './stored-instance.ts';

/** Unique keys of C-MOVE and C-GET (PS3.4 C.4.2.1.4): an instance has to fit every one that is given; the patient as C-FIND names them. */
export interface RetrieveKeys {
  readonly patientId?: string;
  /** Whose Patient ID it is; of any issuer when absent, as the standard has it. */
  readonly issuer?: string;
  readonly studyUids?: readonly string[];
  readonly seriesUids?: readonly string[];
  readonly sopUids?: readonly string[];
}

/**
 * The instances that fit all keys, study by study in the order of their series and instance numbers, at most `limit`. What a person rejected is not
 * there, as C-FIND does not show it either. Without any key there is nothing.
 */
export const findRetrievable = async (
  trx: Transaction,
  { patientId, issuer, studyUids, seriesUids, sopUids }: RetrieveKeys,
  limit: number,
): Promise<readonly StoredInstance[]> => {
  const parts: readonly (readonly [string, string | readonly string[] | undefined])[] = [
    ['s.pat_known_id = ?', patientId],
    ['s.pat_known_issuer = ?', issuer],
    ['s.study_uid = any(?)', studyUids],
    ['e.series_uid = any(?)', seriesUids],
    ['i.sop_uid = any(?)', sopUids],
  ];
  const asked = parts.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
  if (asked.length === 0) return [];
  const { rows }: { rows: InstanceRow[] } = await trx.raw(
    `${SELECT_INSTANCE} where ${asked.map(({ sql }) => sql).join(' and ')} and s.match_state <> 'rejected'
     order by s.id, e.series_number asc nulls last, e.id, i.instance_number asc nulls last, i.id limit ?`,
    [...asked.map(({ value }) => (typeof value === 'string' ? value : [...value])), limit],
  );
  return rows.map(storedInstance);
};
