import type { Knex } from 'knex';

/**
 * Creates a function that looks across tenants with the rights of the migrating role. Only the application role may
 * call it; its search path is fixed; it answers only what its caller needs.
 * @param signature name and arguments, e.g. `find_device(called text, calling text)`
 */
export const definerFunction = async (
  trx: Knex.Transaction,
  options: {
    readonly signature: string;
    readonly returns: string;
    readonly language: 'sql' | 'plpgsql';
    readonly body: string;
  },
): Promise<void> => {
  // Not through bindings: a question mark in the body would be taken for one.
  const text = `
    create or replace function ${options.signature} returns ${options.returns}
      language ${options.language} security definer set search_path = pg_catalog, public, pg_temp
      as $definer$${options.body}$definer$;
    revoke all on function ${options.signature.replace(/\(.*\)$/s, '')} from public;
    grant execute on function ${options.signature.replace(/\(.*\)$/s, '')} to archwire_app;
  `;
  await trx.raw(text.replaceAll('?', '\\?'));
};
