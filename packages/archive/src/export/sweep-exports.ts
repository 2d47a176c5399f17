import type { EnqueueJob } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import type { ObjectStore } from '@archwire/storage-adapters';
import type { Knex } from 'knex';
import type { JournalLog } from '../journal/journal.ts';
import { exportKey } from './build-export.ts';

const MINUTE_MS = 60_000;

interface Due {
  readonly tenant_id: string;
  readonly export_id: string;
  readonly expired: boolean;
}

/**
 * Throws away what has expired and asks again for what lost its job. Every process may do it at once; doing it twice
 * changes nothing.
 */
export const createExportSweeper = (
  deps: {
    readonly knex: Knex;
    readonly withTenant: WithTenant;
    readonly store: Pick<ObjectStore, 'delete'>;
    readonly enqueue: EnqueueJob;
    readonly log: Pick<JournalLog, 'warn'>;
  },
  { everyMs = 10 * MINUTE_MS, stuckMs = 30 * MINUTE_MS } = {},
) => {
  const { knex, withTenant, store, enqueue, log } = deps;
  const sweep = async (now = Date.now()): Promise<void> => {
    const { rows }: { rows: Due[] } = await knex.raw(
      'select tenant_id, export_id, expired from find_due_exports(?)',
      [new Date(now - stuckMs)],
    );
    for (const { tenant_id: tenantId, export_id: exportId, expired } of rows) {
      if (!expired) {
        await enqueue('build-export', { tenantId, exportId }, { jobId: `build-export-${exportId}-${now}` });
        continue;
      }
      await store.delete(exportKey(tenantId, exportId));
      await withTenant(tenantId, async (trx) => {
        await trx.raw(
          `update export_job set state = 'expired', object_key = null, updated_at = now() where id = ?`,
          [exportId],
        );
      });
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
            'exports: what has expired could not be thrown away yet',
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
