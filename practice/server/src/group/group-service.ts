import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import type { Knex } from 'knex';
import { actorOf, auditAccount } from '../accounts/audit-entry.ts';

export interface LocationView {
  readonly id: string;
  readonly name: string;
  /** IANA. */
  readonly timezone: string;
  /** Issuer of Patient ID of what arrives here, unless the device or the image names its own. */
  readonly issuer: string;
  readonly isDefault: boolean;
}

/** The group's name and its places. Every method throws AppError `forbidden` without `accounts.group.write`. */
export interface GroupService {
  rename(principal: Principal, name: string): Promise<{ readonly id: string; readonly name: string }>;
  /** @throws AppError `conflict` when another location has this name or issuer. */
  createLocation(
    principal: Principal,
    location: { readonly name: string; readonly timezone?: string | undefined; readonly issuer: string },
  ): Promise<LocationView>;
  /** @throws AppError `not-found`, `conflict` */
  updateLocation(
    principal: Principal,
    id: string,
    change: {
      readonly name?: string | undefined;
      readonly timezone?: string | undefined;
      readonly issuer?: string | undefined;
      readonly isDefault?: true | undefined;
    },
  ): Promise<LocationView>;
  /** @throws AppError `not-found`; `conflict` when it is the default or something belongs to it. */
  removeLocation(principal: Principal, id: string): Promise<void>;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly timezone: string;
  readonly issuer: string;
  readonly is_default: boolean;
}

const present = (row: Row): LocationView => ({
  id: row.id,
  name: row.name,
  timezone: row.timezone,
  issuer: row.issuer,
  isDefault: row.is_default,
});

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
const FOREIGN_KEY = '23503';

const readLocations = async (trx: Knex.Transaction): Promise<Row[]> =>
  await trx<Row>('location').forUpdate().select('id', 'name', 'timezone', 'issuer', 'is_default');

/** Two places of one name cannot be told apart on a screen; two of one issuer would mix up their Patient IDs on purpose, which is allowed. */
const assertNameFree = (all: readonly Row[], name: string, except: string | null): void => {
  if (all.some((row) => row.id !== except && row.name.toLowerCase() === name.toLowerCase())) {
    throw new AppError('conflict', 'Another location has this name already. Choose another one.', {
      details: { reason: 'name-taken' },
    });
  }
};

export const createGroupService = (deps: {
  readonly database: Pick<Database, 'withTenant'>;
  /** Called after a change of locations, so that admission of this process sees it at once. */
  readonly forget: () => void;
}): GroupService => {
  const change = async <T>(principal: Principal, work: (trx: Knex.Transaction) => Promise<T>): Promise<T> => {
    requirePermission(principal, 'accounts.group.write');
    const result = await deps.database.withTenant(principal.tenantId, async (trx) => {
      // One change at a time in a group: the checks below read what the others wrote.
      await trx('tenant').where({ id: principal.tenantId }).forNoKeyUpdate().first('id');
      return await work(trx);
    });
    deps.forget();
    return result;
  };
  const audit = async (
    trx: Knex.Transaction,
    principal: Principal,
    verb: 'create' | 'update' | 'remove',
    id: string,
    changed: Readonly<Record<string, string | boolean>>,
  ): Promise<void> =>
    await auditAccount(trx, actorOf(principal), {
      action: `location.${verb}`,
      entity: 'location',
      entityId: id,
      changed,
    });

  return {
    rename: async (principal, name) =>
      await change(principal, async (trx) => {
        await trx('tenant').where({ id: principal.tenantId }).update({ name });
        await auditAccount(trx, actorOf(principal), {
          action: 'tenant.rename',
          entity: 'tenant',
          entityId: principal.tenantId,
          changed: { name },
        });
        return { id: principal.tenantId, name };
      }),

    createLocation: async (principal, { name, timezone, issuer }) =>
      await change(principal, async (trx) => {
        const all = await readLocations(trx);
        assertNameFree(all, name, null);
        const rows = await trx('location')
          .insert({
            tenant_id: principal.tenantId,
            name,
            timezone: timezone ?? all.find((row) => row.is_default)?.timezone ?? 'UTC',
            issuer,
          })
          .returning<Row[]>(['id', 'name', 'timezone', 'issuer', 'is_default']);
        const [row] = rows;
        if (row === undefined) throw new AppError('internal', 'The location was not made.');
        await audit(trx, principal, 'create', row.id, { name, timezone: row.timezone, issuer });
        return present(row);
      }),

    updateLocation: async (principal, id, { name, timezone, issuer, isDefault }) =>
      await change(principal, async (trx) => {
        const all = await readLocations(trx);
        const known = all.find((row) => row.id === id);
        if (known === undefined)
          throw new AppError('not-found', 'There is no such location in your group.', { details: { id } });
        if (name !== undefined) assertNameFree(all, name, id);
        if (isDefault === true)
          await trx('location').where({ is_default: true }).update({ is_default: false });
        const after = {
          name: name ?? known.name,
          timezone: timezone ?? known.timezone,
          issuer: issuer ?? known.issuer,
          is_default: isDefault ?? known.is_default,
        };
        await trx('location').where({ id }).update(after);
        const changed = Object.fromEntries(
          Object.entries({ name, timezone, issuer, isDefault }).filter(
            (entry): entry is [string, string | true] => entry[1] !== undefined,
          ),
        );
        await audit(trx, principal, 'update', id, changed);
        return present({ id, ...after });
      }),

    removeLocation: async (principal, id) => {
      try {
        await change(principal, async (trx) => {
          const known = (await readLocations(trx)).find((row) => row.id === id);
          if (known === undefined)
            throw new AppError('not-found', 'There is no such location in your group.', { details: { id } });
          if (known.is_default)
            throw new AppError(
              'conflict',
              'This is the default location. Make another one the default first.',
              {
                details: { reason: 'default-location' },
              },
            );
          await trx('location').where({ id }).delete();
          await audit(trx, principal, 'remove', id, { name: known.name });
        });
      } catch (error) {
        if (codeOf(error) !== FOREIGN_KEY) throw error;
        throw new AppError(
          'conflict',
          'Devices, studies or API keys belong to this location. It stays; rename it if it is closed.',
          { details: { reason: 'location-in-use' } },
        );
      }
    },
  };
};
