import type { Knex } from 'knex';
import type { LiveKind } from '@archwire/contracts';

/**
 * Announces every change of a tenant table to open pages, once a statement: an event of this kind for each row, or one
 * without ids when a statement touches hundreds. `id` says which column is which id of the event.
 */
export const liveTrigger = async (
  trx: Knex.Transaction,
  table: string,
  kind: LiveKind,
  id?: { readonly name: string; readonly column: string },
): Promise<void> => {
  const args = [kind, ...(id === undefined ? [] : [id.name, id.column])]
    .map((text) => `'${text}'`)
    .join(', ');
  for (const [change, rows] of [
    ['insert', 'new'],
    ['update', 'new'],
    ['delete', 'old'],
  ] as const) {
    await trx.raw(`
      create trigger ${table}_live_${change} after ${change} on ${table} referencing ${rows} table as changed
        for each statement execute function announce_rows(${args})
    `);
  }
};
