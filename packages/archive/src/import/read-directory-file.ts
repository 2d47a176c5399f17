import { AppError } from '@archwire/contracts';
import { readDirectory } from '@archwire/dicom';
import { posix } from 'node:path';
import type { WithTenant } from '@archwire/database';
import { entryPath, foldPath, shownName } from './entry-path.ts';
import type { ImportFileRow } from './import-file-row.ts';
import type { RecordedResult } from './record-result.ts';

/** A directory of a hundred thousand files has some 50 MB. */
const MAX_BYTES = 64 * 1024 * 1024;
const ROWS = 500;

interface Named {
  readonly key: string;
  readonly path: string;
  readonly folded: string;
  readonly safe: boolean;
}

/** Where a Referenced File ID points, beside its DICOMDIR; one that leaves the folder is named, and refused. */
const nameOf = (directory: ImportFileRow, parts: readonly string[], index: number): Named => {
  const folder = posix.dirname(directory.path);
  const inside = parts.some((part) => /[/:]/.test(part)) ? undefined : entryPath(parts.join('/'));
  const path = inside === undefined ? shownName(parts.join('\\')) : posix.join(folder, inside);
  return {
    key: `${directory.id}-named-${index}`,
    path,
    folded: foldPath(path),
    safe: inside !== undefined,
  };
};

const INSERT = `
  insert into import_file (tenant_id, import_id, parent_id, key, path, path_folded, size, depth, state, outcome, reason)
  select app_tenant(), ?, ?, n.key, n.path, n.folded, 0, ?, case when n.safe then 'named' else 'done' end,
         case when n.safe then null else 'refused' end, case when n.safe then null else 'unsafe-path' end
    from jsonb_to_recordset(?::jsonb) as n(key text, path text, folded text, safe boolean)
  on conflict (tenant_id, import_id, key) do nothing`;

/** Writes down which files a DICOMDIR names; whether they came is known when the import ends. Safe to repeat. */
export const readDirectoryFile = async (
  withTenant: WithTenant,
  tenantId: string,
  file: ImportFileRow,
  read: () => Promise<Buffer>,
): Promise<RecordedResult> => {
  const damaged = { outcome: 'unreadable', reason: 'directory-damaged', sopInstanceUid: null } as const;
  if (file.size > MAX_BYTES) return damaged;
  const bytes = await read();
  let references: readonly (readonly string[])[];
  try {
    references = readDirectory(bytes);
  } catch (error) {
    if (error instanceof AppError && error.kind === 'invalid') return damaged;
    throw error;
  }
  for (let from = 0; from < references.length; from += ROWS) {
    const named = references
      .slice(from, from + ROWS)
      .map((parts, index) => nameOf(file, parts, from + index));
    await withTenant(tenantId, async (trx) => {
      await trx.raw(INSERT, [file.import_id, file.parent_id, file.depth, JSON.stringify(named)]);
    });
  }
  return { outcome: 'opened', reason: 'directory-read', sopInstanceUid: null };
};
