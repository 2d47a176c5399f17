import { AppError, type JobPayload } from '@archwire/contracts';
import { completeImport } from './complete-import.ts';
import { findFile, type ImportFileRow } from './import-file-row.ts';
import type { ImportParts } from './import-parts.ts';
import { importSource } from './import-source.ts';
import { openZip } from './open-zip.ts';
import { readDirectoryFile } from './read-directory-file.ts';
import { type RecordedResult, recordFile } from './record-result.ts';
import { sniff, SNIFF_BYTES } from './sniff.ts';
import type { SpooledFile } from './spool.ts';
import { storeObject } from './store-object.ts';
import { isOfRecord, takeRecordFile } from './take-record-file.ts';

/** How often work under way looks whether the import was cancelled. */
const LOOK_MS = 1000;
/** Of a photograph, 3D model or document. */
const MOST_BYTES = 256 * 1024 * 1024;

export interface OpenImportFile {
  /**
   * Opens a container, or reads a large file, that lies in the spool. Safe to repeat, also after a crash in the middle.
   * @throws whatever may pass by itself, until the last attempt: then the file is refused, and a person may try again.
   */
  open(job: JobPayload<'open-import'>, context: { readonly lastAttempt: boolean }): Promise<void>;
  /** Work under way gives up at the next file; a job that is taken up later goes on from there. */
  stop(): void;
}

const stopping = (): AppError =>
  new AppError('unavailable', 'The server is stopping. The import goes on when it is back.');

class Cancelled extends Error {}

export const createOpenImportFile = (parts: ImportParts): OpenImportFile => {
  const { withTenant, ingest, spool } = parts;
  let isStopping = false;

  const look = (tenantId: string, importId: string) => {
    let lookedAt = Date.now();
    return async (): Promise<void> => {
      if (isStopping) throw stopping();
      if (Date.now() - lookedAt < LOOK_MS) return;
      lookedAt = Date.now();
      const session = await withTenant(tenantId, async (trx): Promise<{ state: string } | undefined> => {
        await trx('import_session').where({ id: importId }).update({ active_at: trx.fn.now() });
        return await trx('import_session').where({ id: importId }).first('state');
      });
      if (session?.state !== 'open' && session?.state !== 'finishing') throw new Cancelled();
    };
  };

  /** Read whole, so that it can be looked at from all sides: what is larger than any of its kind is not begun. */
  const readRecordFile = async (
    tenantId: string,
    file: ImportFileRow,
    spooled: SpooledFile,
  ): Promise<RecordedResult> =>
    file.size > MOST_BYTES
      ? { outcome: 'refused', reason: 'too-large', sopInstanceUid: null }
      : await takeRecordFile(parts, tenantId, file, null, async () => await spooled.read(0, file.size));

  const read = async (tenantId: string, file: ImportFileRow): Promise<RecordedResult> => {
    const spooled = spool.open(tenantId, file.id, file.size);
    if (isOfRecord(file)) return await readRecordFile(tenantId, file, spooled);
    const kind = sniff(await spooled.read(0, Math.min(SNIFF_BYTES, file.size)));
    const source = importSource(tenantId, file, null);
    if (kind === 'other') return { outcome: 'skipped', reason: 'not-dicom', sopInstanceUid: null };
    if (kind === 'zip')
      return await openZip(parts, tenantId, file, spooled, source, look(tenantId, file.import_id));
    if (kind === 'directory')
      return await readDirectoryFile(withTenant, tenantId, file, () => spooled.read(0, file.size));
    return await storeObject(ingest, source, kind, spooled.stream(0, file.size));
  };

  /** What could pass, but did not. */
  const givenUp = (error: unknown): RecordedResult => ({
    outcome: 'refused',
    reason: error instanceof AppError && error.kind === 'storage-full' ? 'storage-full' : 'unavailable',
    sopInstanceUid: null,
    retryable: true,
  });

  return {
    open: async ({ tenantId, importId, fileId }, { lastAttempt }) => {
      if (isStopping) throw stopping();
      const file = await withTenant(tenantId, async (trx) => await findFile(trx, importId, fileId));
      if (file === undefined || file.state !== 'queued') return;
      if (file.session_state !== 'open' && file.session_state !== 'finishing') return;
      let result: RecordedResult;
      try {
        result = await read(tenantId, file);
      } catch (error) {
        if (error instanceof Cancelled) return;
        if (!lastAttempt || isStopping) throw error;
        result = givenUp(error);
      }
      const actor = { kind: file.created_kind, id: file.created_by };
      await recordFile(withTenant, tenantId, actor, { importId, fileId }, result);
      if (result.retryable !== true) {
        await spool.remove(tenantId, fileId, file.size);
        await withTenant(tenantId, async (trx) => {
          await trx('import_file').where({ id: fileId }).update({ spooled: false });
        });
      }
      await completeImport(withTenant, tenantId, importId);
    },
    stop: () => {
      isStopping = true;
    },
  };
};
