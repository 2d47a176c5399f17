import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@archwire/contracts';
import { Client, DatabaseError } from 'pg';

/** Any constant of our own; advisory locks of one database share one number space. */
const CLAIM_LOCK = 4_172_001;
const CLAIM_TIMEOUT_MS = 3_000;

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
