import knex, { type Knex } from 'knex';
import PostgresClient from 'knex/lib/dialects/postgres/index.js';
import { toDatabaseError } from './database-error.ts';
import { typeParsers } from './type-parsers.ts';

/** Every error of every query, also inside transactions, leaves knex as `toDatabaseError` made it. */
class ArchwireClient extends PostgresClient {
  override async query(connection: unknown, query: unknown): Promise<unknown> {
    try {
      return await super.query(connection, query);
    } catch (error) {
      throw toDatabaseError(error);
    }
  }

  override async acquireConnection(): Promise<unknown> {
    try {
      return await super.acquireConnection();
    } catch (error) {
      throw toDatabaseError(error);
    }
  }
}

const ignore = (): void => {};

/** A pool for one role. Connections are made when asked for, so that opening it costs nothing. */
export const createKnex = (options: {
  readonly connectionString: string;
  readonly applicationName: string;
  readonly poolSize: number;
  /** 0 is no limit, for migrations. */
  readonly statementTimeoutMs: number;
}): Knex =>
  knex({
    client: ArchwireClient,
    version: '18',
    connection: {
      connectionString: options.connectionString,
      application_name: options.applicationName,
      statement_timeout: options.statementTimeoutMs,
      idle_in_transaction_session_timeout: options.statementTimeoutMs,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      types: typeParsers,
    },
    pool: { min: 0, max: options.poolSize, idleTimeoutMillis: 60_000 },
    acquireConnectionTimeout: 15_000,
    // The default would write the bindings, so patient data, into the error message.
    compileSqlOnError: false,
    // A lost connection is reported by the query that meets it; knex would print it on the console as well.
    log: { warn: ignore, error: ignore, debug: ignore, deprecate: ignore },
  });
