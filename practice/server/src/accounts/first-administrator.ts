import { AppError } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import type { Knex } from 'knex';
import { auditAccount, SYSTEM } from './audit-entry.ts';
import { hashPassword } from './password-hash.ts';
import { newOneTimePassword } from './secret-token.ts';
import { foldEmail, type UserRow } from './user-row.ts';

export const DEFAULT_ADMIN_EMAIL = 'admin@archwire.local';
/** Any constant: processes that start together do this one after the other. */
const FIRST_START_LOCK = 4_172_010;

export interface FirstAdministrator {
  readonly tenantId: string;
  readonly email: string;
  /** To be shown once, now; `null` when the environment gave the password. */
  readonly oneTimePassword: string | null;
}

interface Deps {
  readonly database: Pick<Database, 'knex' | 'withTenant'>;
  readonly email: string | null;
  readonly password: string | null;
}

const firstTenant = async (knex: Knex): Promise<string | undefined> => {
  const { rows } = await knex.raw<{ rows: { tenant_id: string }[] }>(
    'select tenant_id from find_first_tenant()',
  );
  return rows[0]?.tenant_id;
};

/** @throws AppError `internal` when there is none; `ensureFirstAdministrator` makes it. */
export const firstTenantId = async (database: Pick<Database, 'knex'>): Promise<string> => {
  const tenantId = await firstTenant(database.knex);
  if (tenantId === undefined) throw new AppError('internal', 'There is no tenant yet.');
  return tenantId;
};

const createTenant = async (trx: Knex.Transaction, tenantId: string): Promise<void> => {
  await trx('tenant').insert({ id: tenantId, name: 'Archwire' });
  await trx('location').insert({ tenant_id: tenantId, name: 'Main', issuer: 'ARCHWIRE', is_default: true });
  await auditAccount(trx, SYSTEM, { action: 'tenant.create', entity: 'tenant', entityId: tenantId });
};

const createAdministrator = async (
  trx: Knex.Transaction,
  tenantId: string,
  deps: Deps,
): Promise<FirstAdministrator> => {
  const email = foldEmail(deps.email ?? DEFAULT_ADMIN_EMAIL);
  const oneTimePassword = deps.password === null ? newOneTimePassword() : null;
  const rows = await trx('app_user')
    .insert({
      tenant_id: tenantId,
      email,
      display_name: 'Administrator',
      role: 'administrator',
      password_hash: await hashPassword(deps.password ?? oneTimePassword ?? ''),
      must_change_password: oneTimePassword !== null,
    })
    .returning<{ id: string }[]>('id');
  await auditAccount(trx, SYSTEM, {
    action: 'user.create',
    entity: 'user',
    entityId: rows[0]?.id ?? null,
    changed: { role: 'administrator' },
  });
  return { tenantId, email, oneTimePassword };
};

/**
 * Makes the first tenant, its default location and its first administrator when there are none; `null` when there is
 * nothing to do. Any number of processes may call it at the same time: one of them does it.
 * A one-time password that nobody read is replaced by starting again with ARCHWIRE_ADMIN_PASSWORD.
 */
export const ensureFirstAdministrator = async (deps: Deps): Promise<FirstAdministrator | null> => {
  const known = await firstTenant(deps.database.knex);
  const tenantId = known ?? crypto.randomUUID();
  return await deps.database.withTenant(tenantId, async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(?)', [FIRST_START_LOCK]);
    if (known === undefined) {
      if ((await firstTenant(trx)) !== undefined) return null; // another process was first
      await createTenant(trx, tenantId);
    }
    const administrators = await trx<UserRow>('app_user')
      .where({ role: 'administrator' })
      .orderBy('created_at')
      .limit(2);
    const only = administrators[0];
    if (only === undefined) return await createAdministrator(trx, tenantId, deps);
    const neverUsed = administrators.length === 1 && only.must_change_password && deps.password !== null;
    if (!neverUsed || deps.password === null) return null;
    await trx('app_user')
      .where({ id: only.id })
      .update({
        email: foldEmail(deps.email ?? only.email),
        password_hash: await hashPassword(deps.password),
        must_change_password: false,
        failed_count: 0,
        locked_until: null,
      });
    await auditAccount(trx, SYSTEM, { action: 'user.reset-password', entity: 'user', entityId: only.id });
    return { tenantId, email: foldEmail(deps.email ?? only.email), oneTimePassword: null };
  });
};
