import type { Knex } from 'knex';

/** One step of the linear history. Runs as the owner of the database, inside one transaction with its bookkeeping. */
export interface Migration {
  /** Four digits, then words: the order of the list and the name in `schema_migration`. Never changes once released. */
  readonly name: string;
  up(trx: Knex.Transaction): Promise<void>;
  down(trx: Knex.Transaction): Promise<void>;
}
