import type { ImportFileRow } from './import-file-row.ts';
import { readRecordStudy } from '../record/read-record-study.ts';
import { storeRecordFile } from '../record/store-record-file.ts';
import { createGate } from './gate.ts';
import type { ImportParts } from './import-parts.ts';
import { importSource } from './import-source.ts';
import { failedResult, type FileResult } from './store-object.ts';

/** Files that are decoded at once: each may need some hundred megabytes. */
const AT_ONCE = 2;
const gate = createGate(AT_ONCE);

/** Whether the files of an import become part of one patient's record. */
export const isOfRecord = (file: ImportFileRow): boolean => file.patient_id !== null;

/**
 * Makes a file of an import for one patient a part of the record. `read` is called when it is this file's turn.
 * @throws whatever may pass by itself.
 */
export const takeRecordFile = async (
  { withTenant, ingest }: Pick<ImportParts, 'withTenant' | 'ingest'>,
  tenantId: string,
  file: ImportFileRow,
  address: string | null,
  read: () => Promise<Buffer>,
): Promise<FileResult> =>
  await gate(async () => {
    const { patient_id, study_date } = file;
    if (patient_id === null || study_date === null)
      return { outcome: 'refused', reason: 'record-kind', sopInstanceUid: null };
    const bytes = await read();
    const target = { ...file, tenant_id: tenantId, patient_id, study_date };
    try {
      const study = await withTenant(tenantId, async (trx) => await readRecordStudy(trx, target));
      const isKnown = async (uid: string): Promise<boolean> =>
        await withTenant(
          tenantId,
          async (trx) => (await trx('instance').where({ sop_uid: uid }).first('id')) !== undefined,
        );
      return await storeRecordFile({ ingest, isKnown }, importSource(tenantId, file, address), study, {
        bytes,
        name: file.path,
        shows: file.shows,
        event: file.treatment_event,
      });
    } catch (error) {
      return failedResult(error);
    }
  });
