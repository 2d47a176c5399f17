import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@archwire/contracts';
import { Client, DatabaseError } from 'pg';

/** Any constant of our own; advisory locks of one database share one number space. */
const CLAIM_LOCK = 4_172_001;
const CLAIM_TIMEOUT_MS = 10_000;

/** Makes the owner role and the database. Safe to repeat after a kill in the middle. */
export const bootstrapCluster = async (superuserUrl: string, ownerPassword: string): Promise<void> => {
  const client = new Client({ connectionString: superuserUrl });
  client.on('error', () => {});
  await client.connect();
  try {
    const password = client.escapeLiteral(ownerPassword);
    const role = await client.query("select 1 from pg_roles where rolname = 'archwire_owner'");
    if (role.rowCount === 0)
      await client.query(`create role archwire_owner login createrole password ${password}`);
    const database = await client.query("select 1 from pg_database where datname = 'archwire'");
    if (database.rowCount === 0) {
      await client.query(
        `create database archwire owner archwire_owner template template0 encoding 'UTF8'
         locale_provider builtin builtin_locale 'C.UTF-8' lc_collate 'C' lc_ctype 'C.UTF-8'`,
      );
    }
  } finally {
    await client.end();
  }
};

const connect = async (url: string): Promise<Client> => {
  const client = new Client({ connectionString: url, application_name: 'archwire-claim' });
  // The claim is only asked at start; when PostgreSQL goes away the pools report it.
  client.on('error', () => {});
  await client.connect();
  return client;
};

const isMissing = (error: unknown): boolean =>
  error instanceof DatabaseError && (error.code === '28P01' || error.code === '3D000');

/**
 * Holds the cluster for this process, as long as its connection lives. After a kill PostgreSQL notices the closed
 * socket at once, so the next start gets the lock; a second living Archwire on the same folder does not.
 */
export const claimCluster = async (
  ownerUrl: string,
  repair: () => Promise<void>,
): Promise<{ release(): Promise<void> }> => {
  const client = await connect(ownerUrl).catch(async (error: unknown) => {
    if (!isMissing(error)) throw error;
    await repair();
    return await connect(ownerUrl);
  });
  const deadline = Date.now() + CLAIM_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [
      CLAIM_LOCK,
    ]);
    if (rows[0]?.held === true) return { release: async () => await client.end().catch(() => {}) };
    await sleep(50);
  }
  await client.end();
  throw new AppError(
    'unavailable',
    'Another Archwire already uses this data folder. Stop it, or give this one its own ARCHWIRE_DATA_DIR.',
  );
};
