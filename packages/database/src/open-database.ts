import type { Knex } from 'knex';
import { appUrlOf, ensureAppRole } from './app-role.ts';
import { createKnex } from './connection/create-knex.ts';
import { startEmbeddedPostgres } from './embedded/start-embedded-postgres.ts';
import { isAtHead, migrateUp } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { createWithTenant, type WithTenant } from './with-tenant.ts';

export interface Database {
  /** The pool of the restricted application role. Outside `withTenant` it sees no row of any tenant. */
  readonly knex: Knex;
  readonly withTenant: WithTenant;
  /** Connection string of the application role, for parts with pools of their own (queue, LISTEN). Holds a password. */
  readonly appUrl: string;
  /** Connection string of the owner, for migrations only. Holds a password. */
  readonly ownerUrl: string;
  /** One query. @throws AppError `unavailable`. */
  ping(): Promise<void>;
  /** Closes the pool, then stops the embedded PostgreSQL if this process started it. Close everything else first. */
  close(): Promise<void>;
}

const STATEMENT_TIMEOUT_MS = 60_000;

/** Opens an existing server: migrates as the owner when needed, then works as the restricted role. */
export const connectDatabase = async (options: {
  readonly ownerUrl: string;
  readonly poolSize?: number;
  readonly stopServer?: () => Promise<void>;
}): Promise<Database> => {
  const appUrl = appUrlOf(options.ownerUrl);
  const knex = createKnex({
    connectionString: appUrl,
    applicationName: 'archwire',
    poolSize: options.poolSize ?? 16,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  try {
    if (!(await isAtHead(knex, migrations))) {
      const owner = createKnex({
        connectionString: options.ownerUrl,
        applicationName: 'archwire-migrate',
        poolSize: 1,
        statementTimeoutMs: 0,
      });
      try {
        await migrateUp(owner, migrations, async (trx) => await ensureAppRole(trx, appUrl));
      } finally {
        await owner.destroy();
      }
    }
  } catch (error) {
    await knex.destroy();
    throw error;
  }
  return {
    knex,
    withTenant: createWithTenant(knex),
    appUrl,
    ownerUrl: options.ownerUrl,
    ping: async () => {
      await knex.raw('select 1');
    },
    close: async () => {
      await knex.destroy();
      await options.stopServer?.();
    },
  };
};

/**
 * Opens the database that the configuration names: `connectionString` (the owner's, `DATABASE_URL`), or else the
 * embedded PostgreSQL under `<dataDir>/postgres`.
 * @throws AppError `unavailable` or `invalid` that says what to do.
 */
export const openDatabase = async (options: {
  readonly connectionString?: string | undefined;
  readonly dataDir: string;
  readonly poolSize?: number;
}): Promise<Database> => {
  const pool = options.poolSize === undefined ? {} : { poolSize: options.poolSize };
  if (options.connectionString !== undefined) {
    return await connectDatabase({ ownerUrl: options.connectionString, ...pool });
  }
  const server = await startEmbeddedPostgres({ dataDir: options.dataDir });
  try {
    return await connectDatabase({
      ownerUrl: server.ownerUrl,
      stopServer: async () => await server.stop(),
      ...pool,
    });
  } catch (error) {
    await server.stop();
    throw error;
  }
};
