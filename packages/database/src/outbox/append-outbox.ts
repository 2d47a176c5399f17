import type { Knex } from 'knex';

/**
 * Announces something in the same transaction that does it. `payload` holds ids only, never patient data; the relay
 * delivers it at least once, so that whoever handles it is idempotent by the event's id.
 */
export const appendOutbox = async (
  trx: Knex.Transaction,
  topic: string,
  payload: Readonly<Record<string, unknown>>,
): Promise<void> => {
  await trx.raw('insert into outbox (tenant_id, topic, payload) values (app_tenant(), ?, ?)', [
    topic,
    JSON.stringify(payload),
  ]);
};
