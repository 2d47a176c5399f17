import type { LiveEvent } from '@archwire/contracts';
import type { Knex } from 'knex';

/**
 * Tells the open pages of this tenant that something changed, when the transaction commits. Studies, patients, devices,
 * refusals and pictures announce themselves by triggers; this is for what no table shows.
 */
export const announceLive = async (trx: Knex.Transaction, event: LiveEvent): Promise<void> => {
  const { kind, ...ids } = event;
  await trx.raw('select announce_live(app_tenant(), ?, ?::jsonb)', [kind, JSON.stringify(ids)]);
};
