import { AppError, type Principal, requirePermission, type Role } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import { actorOf, auditAccount } from './audit-entry.ts';
import { permissionsOf } from './authenticator.ts';
import { hashSecret, newApiKey } from './secret-token.ts';

export interface ApiKeyView {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly role: Role;
  readonly locationId: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

/** Keys for machines. Every method throws AppError `forbidden` without `accounts.apikey.write`. */
export interface ApiKeyService {
  list(principal: Principal): Promise<ApiKeyView[]>;
  /** The key itself is answered here and nowhere else. A key is never allowed more than its maker. */
  create(
    principal: Principal,
    key: { readonly name: string; readonly role: Role; readonly locationId?: string | null | undefined },
  ): Promise<{ readonly apiKey: ApiKeyView; readonly key: string }>;
  /** @throws AppError `not-found` */
  revoke(principal: Principal, id: string): Promise<void>;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly role: Role;
  readonly location_id: string | null;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
}

const present = (row: Row): ApiKeyView => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  role: row.role,
  locationId: row.location_id,
  createdAt: row.created_at.toISOString(),
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
});

const COLUMNS = ['id', 'name', 'prefix', 'role', 'location_id', 'created_at', 'last_used_at'] as const;

export const createApiKeyService = (deps: {
  readonly database: Pick<Database, 'withTenant'>;
  readonly clock: () => Date;
  readonly forget: () => void;
}): ApiKeyService => ({
  list: async (principal) => {
    requirePermission(principal, 'accounts.apikey.write');
    return await deps.database.withTenant(principal.tenantId, async (trx) =>
      (
        await trx<Row>('api_key')
          .whereNull('revoked_at')
          .orderBy('created_at')
          .limit(1000)
          .select(...COLUMNS)
      ).map(present),
    );
  },

  create: async (principal, { name, role, locationId }) => {
    requirePermission(principal, 'accounts.apikey.write');
    for (const permission of permissionsOf(role)) requirePermission(principal, permission);
    const { prefix, secret, key } = newApiKey();
    const apiKey = await deps.database.withTenant(principal.tenantId, async (trx) => {
      if (
        locationId !== undefined &&
        locationId !== null &&
        (await trx('location').where({ id: locationId }).first()) === undefined
      ) {
        throw new AppError('invalid', 'There is no such location in your group.', {
          details: { locationId },
        });
      }
      const rows = await trx('api_key')
        .insert({
          tenant_id: principal.tenantId,
          name,
          prefix,
          hash: hashSecret(secret),
          role,
          location_id: locationId ?? null,
          created_by: principal.id,
          created_at: deps.clock(),
        })
        .returning<Row[]>([...COLUMNS]);
      const row = rows[0];
      if (row === undefined) throw new AppError('internal', 'The API key was not made.');
      await auditAccount(trx, actorOf(principal), {
        action: 'api-key.create',
        entity: 'api-key',
        entityId: row.id,
        changed: { role },
      });
      return present(row);
    });
    return { apiKey, key };
  },

  revoke: async (principal, id) => {
    requirePermission(principal, 'accounts.apikey.write');
    await deps.database.withTenant(principal.tenantId, async (trx) => {
      const revoked = await trx('api_key')
        .where({ id })
        .whereNull('revoked_at')
        .update({ revoked_at: deps.clock() });
      if (revoked === 0)
        throw new AppError('not-found', 'There is no such API key, or it was revoked before.', {
          details: { id },
        });
      await auditAccount(trx, actorOf(principal), {
        action: 'api-key.revoke',
        entity: 'api-key',
        entityId: id,
      });
    });
    deps.forget();
  },
});
