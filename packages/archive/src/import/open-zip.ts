import type { WithTenant } from '@archwire/database';
import { AppError, type IngestSource } from '@archwire/contracts';
import { peek } from './byte-stream.ts';
import { entryPath, foldPath, shownName } from './entry-path.ts';
import type { ImportFileRow } from './import-file-row.ts';
import { enqueueOpening, type ImportParts } from './import-parts.ts';
import { isImportReason, type ImportReason } from './import-reason.ts';
import { type EntryOfContainer, type RecordedResult, recordEntry } from './record-result.ts';
import { sniff, SNIFF_BYTES } from './sniff.ts';
import type { SpooledFile } from './spool.ts';
import { failedResult, storeObject } from './store-object.ts';
import { isEntryBomb, planZip, ZIP_LIMITS } from './zip-plan.ts';
import { type ZipEntry, zipEntries, zipProblem } from './zip-reader.ts';

/** Entries under way at once: while one waits for the index, the next is unpacked. */
const LANES = 4;
/** Over all archives of one import, so that an archive of archives gains nothing. */
const IMPORT_FREE_BYTES = 16 * 1024 ** 3;
const IMPORT_FILES = 1_000_000;

const refused = (reason: ImportReason): RecordedResult => ({
  outcome: 'refused',
  reason,
  sopInstanceUid: null,
});

interface Before {
  /** Indexes that an earlier run of this job has done. */
  readonly done: ReadonlySet<number>;
  readonly files: number;
  readonly inflated: number;
  readonly sent: number;
}

const readBefore = async (withTenant: WithTenant, tenantId: string, file: ImportFileRow): Promise<Before> =>
  await withTenant(tenantId, async (trx) => {
    const { rows: keys }: { rows: { index: number }[] } = await trx.raw(
      `select substring(key from length(?) + 2)::int as index from import_file where parent_id = ? and state in ('queued', 'done')
          and key ~ '-[0-9]+$' and left(key, length(?)) = ?`,
      [file.id, file.id, file.id, file.id],
    );
    const { rows }: { rows: { files: number; inflated: number; sent: number }[] } = await trx.raw(
      `select count(*)::int as files, coalesce(sum(size) filter (where parent_id is not null and parent_id <> ?), 0)::bigint as inflated,
              coalesce(sum(size) filter (where parent_id is null), 0)::bigint as sent
         from import_file where import_id = ?`,
      [file.id, file.import_id],
    );
    return {
      done: new Set(keys.map(({ index }) => index)),
      files: rows[0]?.files ?? 0,
      inflated: rows[0]?.inflated ?? 0,
      sent: rows[0]?.sent ?? 0,
    };
  });

const toReason = (error: unknown): ImportReason => {
  if (!(error instanceof AppError) || error.kind !== 'invalid') throw error;
  return isImportReason(error.details['reason']) ? error.details['reason'] : 'zip-damaged';
};

/** How a whole archive that cannot be opened is told of. */
const whole = (reason: ImportReason): RecordedResult => ({
  outcome: reason === 'zip-damaged' ? 'unreadable' : 'refused',
  reason,
  sopInstanceUid: null,
});

/**
 * Reads every file of an archive and gives the images to the archive of the group. Each file's result is written down as it
 * comes, so that a second run goes on where the first was cut off. Nothing is written under a name of the archive.
 * @throws whatever may pass by itself, and what `assertGoesOn` throws.
 */
export const openZip = async (
  parts: ImportParts,
  tenantId: string,
  file: ImportFileRow,
  spooled: SpooledFile,
  source: IngestSource,
  assertGoesOn: () => Promise<void>,
): Promise<RecordedResult> => {
  const { withTenant, ingest, spool, enqueue } = parts;
  if (file.depth > ZIP_LIMITS.depth) return refused('zip-nesting');
  const before = await readBefore(withTenant, tenantId, file);
  try {
    const plan = await planZip(spooled);
    const most = Math.max(IMPORT_FREE_BYTES, before.sent * ZIP_LIMITS.ratio);
    if (before.inflated + plan.totalBytes > most) throw zipProblem('zip-bomb');
    if (before.files + plan.entryCount > IMPORT_FILES) throw zipProblem('zip-entries');
    await withTenant(tenantId, async (trx) => {
      await trx('import_file').where({ id: file.id }).update({ entry_count: plan.entryCount });
    });
  } catch (error) {
    return whole(toReason(error));
  }
  const actor = { kind: file.created_kind, id: file.created_by };
  const names = new Set<string>();

  /** An archive or a DICOMDIR inside: it waits for a job of its own. */
  const queueEntry = async (entry: EntryOfContainer, bytes: AsyncIterable<Buffer>): Promise<void> => {
    const id = await withTenant(tenantId, async (trx) => {
      const { rows }: { rows: { id: string }[] } = await trx.raw(
        `insert into import_file (tenant_id, import_id, parent_id, key, path, path_folded, size, depth, spooled)
         values (app_tenant(), :importId, :parentId, :key, :path, :folded, :size, :depth, true)
         on conflict (tenant_id, import_id, key) do update set updated_at = now() returning id`,
        {
          importId: file.import_id,
          parentId: file.id,
          key: `${file.id}-${entry.index}`,
          path: entry.path,
          folded: entry.pathFolded,
          size: entry.size,
          depth: entry.depth,
        },
      );
      return rows[0]?.id ?? '';
    });
    await spool.putAll(tenantId, id, entry.size, bytes);
    await withTenant(tenantId, async (trx) => {
      await trx('import_file')
        .where({ id })
        .whereNot({ state: 'done' })
        .update({ state: 'queued', received: entry.size, updated_at: trx.fn.now() });
    });
    await enqueueOpening(enqueue, tenantId, file.import_id, id);
  };

  const read = async (zipEntry: ZipEntry, entry: EntryOfContainer): Promise<RecordedResult | 'queued'> => {
    if (entryPath(zipEntry.name) === undefined) return refused('unsafe-path');
    if (zipEntry.obstacle !== null) return refused(zipEntry.obstacle);
    if (isEntryBomb(zipEntry)) return refused('zip-entry-bomb');
    if (zipEntry.size === 0) return { outcome: 'skipped', reason: 'empty', sopInstanceUid: null };
    const { head, all, leave } = await peek(zipEntry.bytes(), SNIFF_BYTES);
    try {
      const kind = sniff(head);
      if (kind === 'other') return { outcome: 'skipped', reason: 'not-dicom', sopInstanceUid: null };
      if (kind !== 'zip' && kind !== 'directory') return await storeObject(ingest, source, kind, all);
      if (kind === 'zip' && entry.depth > ZIP_LIMITS.depth) return refused('zip-nesting');
      await queueEntry(entry, all);
      return 'queued';
    } finally {
      await leave();
    }
  };

  const work = async (zipEntry: ZipEntry, isSecond: boolean): Promise<void> => {
    const path = entryPath(zipEntry.name) ?? shownName(zipEntry.name);
    const entry: EntryOfContainer = {
      parentId: file.id,
      index: zipEntry.index,
      path,
      pathFolded: foldPath(path),
      size: zipEntry.size,
      depth: file.depth + 1,
    };
    let result: RecordedResult | 'queued';
    try {
      result = isSecond ? refused('duplicate-name') : await read(zipEntry, entry);
    } catch (error) {
      result = failedResult(error);
    }
    if (result !== 'queued') await recordEntry(withTenant, tenantId, actor, file.import_id, entry, result);
  };

  const entries = zipEntries(spooled);
  let failure: { readonly error: unknown } | undefined;
  const lane = async (): Promise<void> => {
    try {
      // One generator for all lanes: each takes the next entry when it is free.
      for (
        let next = await entries.next();
        next.done !== true && failure === undefined;
        next = await entries.next()
      ) {
        const { value } = next;
        const folded = foldPath(value.name);
        const isSecond = names.has(folded);
        names.add(folded);
        if (before.done.has(value.index)) continue;
        await assertGoesOn();
        await work(value, isSecond);
      }
    } catch (error) {
      failure ??= { error };
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  await entries.return(undefined);
  if (failure !== undefined) throw failure.error;
  return { outcome: 'opened', reason: null, sopInstanceUid: null };
};
