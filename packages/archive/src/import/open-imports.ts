import type { EnqueueJob } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import type { ObjectStore } from '@archwire/storage-adapters';
import type { JournalLog } from '../journal/journal.ts';
import type { Archive } from '../stores/open-archive.ts';
import { createImportService, type ImportService } from './import-service.ts';
import { createOpenImportFile, type OpenImportFile } from './open-import-file.ts';
import { createSpool } from './spool.ts';
import { createImportSweeper } from './sweep-imports.ts';

export interface Imports {
  readonly service: ImportService;
  readonly opener: OpenImportFile;
  /** Looks after leftovers, now and then. Stop it before the workers, which then give up their work at the next file. */
  start(): { stop(): Promise<void> };
}

/** Everything about imports on one archive. What waits to be opened lies in `store`, which every process can reach. */
export const openImports = (deps: {
  readonly database: Database;
  readonly archive: Pick<Archive, 'ingest' | 'journal'>;
  readonly store: ObjectStore;
  readonly enqueue: EnqueueJob;
  readonly log: Pick<JournalLog, 'warn'>;
}): Imports => {
  const { database, archive, enqueue, log } = deps;
  const { withTenant, knex } = database;
  const spool = createSpool(deps.store);
  const parts = {
    withTenant,
    ingest: archive.ingest,
    spool,
    enqueue,
    assertRoom: () => archive.journal.assertRoom(),
  };
  const opener = createOpenImportFile(parts);
  const sweeper = createImportSweeper({ knex, withTenant, spool, enqueue, log });
  return {
    service: createImportService(parts),
    opener,
    start: () => {
      const running = sweeper.start();
      return {
        stop: async () => {
          opener.stop();
          await running.stop();
        },
      };
    },
  };
};
