import type { Knex } from 'knex';
import type { WithTenant } from '@archwire/database';
import type { JournalLog } from '../journal/journal.ts';
import { enqueueOpening, type ImportParts } from './import-parts.ts';

const HOUR_MS = 60 * 60 * 1000;

export interface SweepOptions {
  readonly everyMs?: number;
  /** A file that waits longer than this to be opened has lost its job. */
  readonly queuedMs?: number;
  /** Nobody sent anything for so long: the import is given up, what arrived in part is thrown away. */
  readonly idleMs?: number;
  /** How long the report of an import is kept. */
  readonly keptMs?: number;
}

interface Leftover {
  readonly tenant_id: string;
  readonly import_id: string;
  readonly file_id: string | null;
  readonly is_old: boolean;
}

type Deps = Pick<ImportParts, 'spool' | 'enqueue'> & {
  readonly knex: Knex;
  readonly withTenant: WithTenant;
  readonly log: Pick<JournalLog, 'warn'>;
};

/**
 * Takes care of what nobody comes back for: files whose job was lost, imports that were left half-way, reports that are
 * old. Every process may do it at once; doing it twice changes nothing.
 */
export const createImportSweeper = (
  { knex, withTenant, spool, enqueue, log }: Deps,
  {
    everyMs = HOUR_MS / 6,
    queuedMs = HOUR_MS / 4,
    idleMs = 7 * 24 * HOUR_MS,
    keptMs = 90 * 24 * HOUR_MS,
  }: SweepOptions = {},
) => {
  const removeSpooled = async (tenantId: string, importId: string): Promise<void> => {
    const files = await withTenant(
      tenantId,
      async (trx): Promise<{ id: string; size: number }[]> =>
        await trx('import_file').where({ import_id: importId, spooled: true }).select('id', 'size'),
    );
    for (const { id, size } of files) await spool.remove(tenantId, id, size);
    await withTenant(tenantId, async (trx) => {
      await trx('import_file').where({ import_id: importId, spooled: true }).update({ spooled: false });
    });
  };

  const abandon = async (tenantId: string, importId: string): Promise<void> => {
    await withTenant(tenantId, async (trx) => {
      await trx('import_session')
        .where({ id: importId })
        .whereIn('state', ['open', 'finishing'])
        .update({ state: 'abandoned', finished_at: trx.fn.now() });
    });
    await removeSpooled(tenantId, importId);
  };

  const forget = async (tenantId: string, importId: string): Promise<void> => {
    await removeSpooled(tenantId, importId);
    await withTenant(tenantId, async (trx) => {
      await trx('import_session').where({ id: importId }).delete();
    });
  };

  const sweep = async (now = Date.now()): Promise<void> => {
    const ago = (ms: number): Date => new Date(now - ms);
    const { rows }: { rows: Leftover[] } = await knex.raw(
      'select tenant_id, import_id, file_id, is_old from find_import_leftovers(?, ?, ?)',
      [ago(queuedMs), ago(idleMs), ago(keptMs)],
    );
    for (const { tenant_id: tenantId, import_id: importId, file_id: fileId, is_old: isOld } of rows) {
      if (fileId !== null) await enqueueOpening(enqueue, tenantId, importId, fileId);
      else if (isOld) await forget(tenantId, importId);
      else await abandon(tenantId, importId);
    }
  };

  return {
    sweep,
    start: (): { stop(): Promise<void> } => {
      let running: Promise<void> = Promise.resolve();
      const run = (): void => {
        running = sweep().catch((error: unknown) =>
          log.warn(
            { kind: error instanceof Error ? error.name : 'unknown' },
            'imports: leftovers could not be looked after yet',
          ),
        );
      };
      run();
      const timer = setInterval(run, everyMs);
      return {
        stop: async () => {
          clearInterval(timer);
          await running;
        },
      };
    },
  };
};
