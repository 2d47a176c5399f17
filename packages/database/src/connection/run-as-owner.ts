import { createKnex } from './create-knex.ts';

/**
 * Runs statements as the role that owns the schema and sees every tenant: for tools that fill or move whole databases,
 * never for requests. One connection, no time limit, no bindings.
 */
export const runAsOwner = async (
  ownerUrl: string,
  work: (run: (sql: string) => Promise<void>) => Promise<void>,
): Promise<void> => {
  const knex = createKnex({
    connectionString: ownerUrl,
    applicationName: 'archwire-owner',
    poolSize: 1,
    statementTimeoutMs: 0,
  });
  try {
    await work(async (sql) => {
      await knex.raw(sql.replaceAll('?', '\\?'));
    });
  } finally {
    await knex.destroy();
  }
};
