import { AppError } from '@archwire/contracts';
import type { Knex } from 'knex';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Runs `work` in one transaction that sees exactly one tenant. Every query inside takes `trx`: one that forgets it runs
 * on another connection without a tenant and finds no rows. Keep it short; no file, network or queue inside.
 * @throws AppError `unavailable` when PostgreSQL does not answer; whatever `work` throws, after a rollback.
 */
export type WithTenant = <T>(tenantId: string, work: (trx: Knex.Transaction) => Promise<T>) => Promise<T>;

export const createWithTenant =
  (knex: Knex): WithTenant =>
  async (tenantId, work) => {
    if (!UUID.test(tenantId))
      throw new AppError('internal', 'A tenant id is a UUID. It comes from verified credentials only.');
    return await knex.transaction(async (trx) => {
      await trx.raw("select set_config('app.tenant_id', ?, true)", [tenantId]);
      return await work(trx);
    });
  };
