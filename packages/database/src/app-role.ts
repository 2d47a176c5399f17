import { createHmac } from 'node:crypto';
import { AppError } from '@archwire/contracts';
import type { Knex } from 'knex';

export const APP_ROLE = 'archwire_app';

/**
 * The connection string of the application role. Its password is derived from the owner's, so that every gateway that
 * knows DATABASE_URL knows it, nothing has to be stored, and whoever learns it does not learn the owner's.
 * @throws AppError `invalid` when the owner's connection string has no password.
 */
export const appUrlOf = (ownerUrl: string): string => {
  const url = new URL(ownerUrl);
  if (url.password === '') {
    throw new AppError(
      'invalid',
      'DATABASE_URL needs a user and a password: postgresql://user:password@host:5432/database.',
    );
  }
  const password = createHmac('sha256', decodeURIComponent(url.password))
    .update('archwire_app v1')
    .digest('base64url');
  url.username = APP_ROLE;
  url.password = password;
  return url.href;
};

/**
 * Makes the restricted role, or gives it the derived password again after the owner's changed. Needs CREATEROLE, not a superuser.
 * @throws AppError `unavailable` with what the administrator must run when the owner may not make roles.
 */
export const ensureAppRole = async (trx: Knex.Transaction, appUrl: string): Promise<void> => {
  const { rows } = await trx.raw<{ rows: { powerful: boolean }[] }>(
    'select rolsuper or rolbypassrls as powerful from pg_roles where rolname = ?',
    [APP_ROLE],
  );
  const [existing] = rows;
  if (existing?.powerful === true) {
    throw new AppError(
      'unavailable',
      `The role ${APP_ROLE} could see every tenant. Run "alter role ${APP_ROLE} nosuperuser nobypassrls" as a superuser.`,
    );
  }
  const verb = existing === undefined ? 'create' : 'alter';
  // The password is base64url: it needs no quoting, and role statements take no bindings.
  const password = new URL(appUrl).password;
  try {
    // A savepoint, so that a refusal leaves the transaction usable.
    await trx.transaction(async (inner) => {
      await inner.raw(`${verb} role ${APP_ROLE} login password '${password}'`);
    });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === '42501')) throw error;
    throw new AppError(
      'unavailable',
      `The role of DATABASE_URL may not ${verb} the role ${APP_ROLE}. Give it the attribute CREATEROLE (alter role … createrole), and let one Archwire only use this PostgreSQL cluster.`,
    );
  }
};
