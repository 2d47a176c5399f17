import type { Transaction } from '../query/transaction.ts';
import { SELECT_INSTANCE, storedInstance, type InstanceRow } from '../retrieve/find-instances.ts';
import type { StoredInstance } from '../retrieve/stored-instance.ts';

/** What an export is of: one study, or all studies of a patient. */
export interface ExportScope {
  readonly studyId: string | null;
  readonly patientId: string | null;
}

/** An export of more is not one that people carry. */
export const MAX_EXPORTED = 200_000;

/** An instance of an export, with the patient of the practice whose pseudonym it gets. */
export interface ExportedInstance {
  readonly instance: StoredInstance;
  /** `null` while nobody knows whose study it is. */
  readonly patientId: string | null;
}

/** The instances of an export, study by study in the order of their series and instance numbers; what was rejected is left out. */
export const findExported = async (
  trx: Transaction,
  { studyId, patientId }: ExportScope,
): Promise<readonly ExportedInstance[]> => {
  const { rows }: { rows: (InstanceRow & { readonly patient_id: string | null })[] } = await trx.raw(
    `${SELECT_INSTANCE.replace('select i.tenant_id', 'select s.patient_id, i.tenant_id')}
      where s.${studyId === null ? 'patient_id' : 'id'} = ? and s.match_state <> 'rejected'
      order by s.on_date, s.id, e.series_number asc nulls last, e.id, i.instance_number asc nulls last, i.id limit ?`,
    [studyId ?? patientId, MAX_EXPORTED],
  );
  return rows.map((row) => ({ instance: storedInstance(row), patientId: row.patient_id }));
};
