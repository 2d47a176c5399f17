import { mkdir } from 'node:fs/promises';
import { type Archive, createWatcher } from '@archwire/archive';
import { AppError } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import type { Logger, Shutdown } from '@archwire/runtime';

/**
 * Watches the folders of devices, where the installation has such.
 * @throws AppError `invalid` when the folder of `ARCHWIRE_WATCH_DIR` is not there and cannot be made.
 */
export const composeWatch = async (deps: {
  readonly root: string | null;
  readonly database: Database;
  readonly archive: Pick<Archive, 'ingest'>;
  readonly shutdown: Shutdown;
  readonly log: Logger;
}): Promise<void> => {
  const { root, database, archive, shutdown, log } = deps;
  if (root === null) return;
  await mkdir(root, { recursive: true }).catch((cause: unknown) => {
    throw new AppError(
      'invalid',
      `The folder ${root} of ARCHWIRE_WATCH_DIR cannot be made. Make it, and let this server write to it.`,
      { cause },
    );
  });
  const { knex, withTenant } = database;
  const running = createWatcher({ knex, withTenant, ingest: archive.ingest, root, log }).start();
  shutdown.add('watched folders', () => running.stop());
};
