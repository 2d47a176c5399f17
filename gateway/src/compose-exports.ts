import {
  createBuildExport,
  createCleanRegionService,
  createExportService,
  createExportSweeper,
  createPictureLookup,
  type BuildExport,
  type InstanceReader,
  type Stores,
} from '@archwire/archive';
import type { EnqueueJob } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import type { PixelPool } from '@archwire/dicom';
import {
  createShareDoor,
  createShareService,
  exportsRoutes,
  loadSigningKey,
  type Route,
  sharesRoutes,
} from '@archwire/practice-server';
import type { Logger } from '@archwire/runtime';
import type { ObjectStore } from '@archwire/storage-adapters';
import { exportFiles } from './http/export-files.ts';
import { createRateLimiter } from './http/rate-limiter.ts';
import { sharedFiles } from './http/shared-files.ts';
import type { AppMiddleware } from './http/state.ts';

export interface ExportsParts {
  readonly builder: BuildExport;
  readonly routes: readonly Route[];
  /** Files and pictures, which routes do not send. */
  readonly doors: readonly AppMiddleware[];
  /** Throws away what has expired, now and then. */
  start(): { stop(): Promise<void> };
}

const GUESSES = { burst: 60, perMinute: 60 };

/** What leaves the house by hand: exports, and links that show a study. */
export const composeExports = async (deps: {
  readonly database: Pick<Database, 'knex' | 'withTenant'>;
  readonly reader: InstanceReader;
  readonly pixels: PixelPool;
  readonly stores: Stores;
  readonly store: ObjectStore;
  readonly enqueue: EnqueueJob;
  readonly log: Logger;
}): Promise<ExportsParts> => {
  const { database, reader, pixels, stores, store, enqueue, log } = deps;
  const { withTenant, knex } = database;
  const exports = createExportService({ withTenant, store, enqueue });
  const door = createShareDoor({ withTenant, key: await loadSigningKey(database, 'share') });
  const sweeper = createExportSweeper({ knex, withTenant, store, enqueue, log });
  return {
    builder: createBuildExport({ withTenant, reader, pixels, store }),
    routes: [
      ...exportsRoutes(exports, createCleanRegionService({ withTenant })),
      ...sharesRoutes({ shares: createShareService({ withTenant, exports }), door }),
    ],
    doors: [
      exportFiles({ exports, store }),
      sharedFiles({
        door,
        pictures: createPictureLookup({ withTenant }),
        stores,
        store,
        guesses: createRateLimiter(GUESSES),
      }),
    ],
    start: () => sweeper.start(),
  };
};
