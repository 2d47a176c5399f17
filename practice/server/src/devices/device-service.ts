import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import type { Knex } from 'knex';
import { actorOf, auditAccount } from '../accounts/audit-entry.ts';

export interface DeviceView {
  readonly id: string;
  readonly name: string;
  readonly aeTitle: string;
  /** `null`: whatever title it calls us by. */
  readonly calledAe: string | null;
  /** `null`: from any address. */
  readonly address: string | null;
  readonly locationId: string;
  /** `null`: the issuer of the location. */
  readonly issuer: string | null;
  readonly active: boolean;
  readonly createdAt: string;
}

export interface RefusalView {
  readonly id: string;
  readonly callingAe: string;
  readonly calledAe: string;
  readonly address: string;
  readonly reason: string;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

export interface LocationView {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly isDefault: boolean;
}

export interface NewDevice {
  readonly name: string;
  readonly aeTitle: string;
  readonly calledAe?: string | null | undefined;
  readonly address?: string | null | undefined;
  /** The default location when not given. */
  readonly locationId?: string | null | undefined;
  readonly issuer?: string | null | undefined;
}

/** The equipment that may send to this group. Every method throws AppError `forbidden` without its permission. */
export interface DeviceService {
  list(principal: Principal): Promise<DeviceView[]>;
  locations(principal: Principal): Promise<LocationView[]>;
  /** Newest first: who knocked and was not let in. */
  refusals(principal: Principal): Promise<RefusalView[]>;
  /** Also forgets the refusals that this registration ends. @throws AppError `conflict` when the same triple is registered. */
  register(principal: Principal, device: NewDevice): Promise<DeviceView>;
  /** @throws AppError `not-found` */
  deactivate(principal: Principal, id: string): Promise<void>;
}

interface DeviceRow {
  readonly id: string;
  readonly name: string;
  readonly ae_title: string;
  readonly called_ae: string | null;
  readonly address: string | null;
  readonly location_id: string;
  readonly issuer: string | null;
  readonly active: boolean;
  readonly created_at: Date;
}

interface RefusalRow {
  readonly id: string;
  readonly calling_ae: string;
  readonly called_ae: string;
  readonly address: string;
  readonly reason: string;
  readonly count: number;
  readonly first_at: Date;
  readonly last_at: Date;
}

interface LocationRow {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly is_default: boolean;
}

const present = (row: DeviceRow): DeviceView => ({
  id: row.id,
  name: row.name,
  aeTitle: row.ae_title,
  calledAe: row.called_ae,
  address: row.address,
  locationId: row.location_id,
  issuer: row.issuer,
  active: row.active,
  createdAt: row.created_at.toISOString(),
});

const findLocation = async (trx: Knex.Transaction, id: string | null): Promise<LocationRow> => {
  const location = await trx<LocationRow>('location')
    .where(id === null ? { is_default: true } : { id })
    .first();
  if (location === undefined) {
    throw new AppError('invalid', 'There is no such location in your group. Choose one of the list.', {
      details: { locationId: id },
    });
  }
  return location;
};

const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '23505';

const clearRefusals = async (trx: Knex.Transaction, device: DeviceRow): Promise<void> => {
  const query = trx('association_refusal').where({ calling_ae: device.ae_title });
  if (device.called_ae !== null) void query.andWhere({ called_ae: device.called_ae });
  if (device.address !== null) void query.andWhere({ address: device.address });
  await query.delete();
};

export const createDeviceService = (deps: {
  readonly database: Pick<Database, 'withTenant'>;
  /** Called after a change, so that the admission of this process sees it at once. */
  readonly forget: () => void;
}): DeviceService => ({
  list: async (principal) => {
    requirePermission(principal, 'devices.device.read');
    return await deps.database.withTenant(principal.tenantId, async (trx) =>
      (await trx<DeviceRow>('device').orderBy('name').orderBy('id').limit(5000).select('*')).map(present),
    );
  },

  locations: async (principal) => {
    requirePermission(principal, 'devices.device.read');
    return await deps.database.withTenant(principal.tenantId, async (trx) =>
      (
        await trx<LocationRow>('location')
          .orderBy('name')
          .limit(1000)
          .select('id', 'name', 'issuer', 'is_default')
      ).map((row) => ({
        id: row.id,
        name: row.name,
        issuer: row.issuer,
        isDefault: row.is_default,
      })),
    );
  },

  refusals: async (principal) => {
    requirePermission(principal, 'devices.device.read');
    return await deps.database.withTenant(principal.tenantId, async (trx) =>
      (await trx<RefusalRow>('association_refusal').orderBy('last_at', 'desc').limit(1000).select('*')).map(
        (row) => ({
          id: row.id,
          callingAe: row.calling_ae,
          calledAe: row.called_ae,
          address: row.address,
          reason: row.reason,
          count: row.count,
          firstAt: row.first_at.toISOString(),
          lastAt: row.last_at.toISOString(),
        }),
      ),
    );
  },

  register: async (principal, device) => {
    requirePermission(principal, 'devices.device.write');
    try {
      const made = await deps.database.withTenant(principal.tenantId, async (trx) => {
        const location = await findLocation(trx, device.locationId ?? null);
        const rows = await trx('device')
          .insert({
            tenant_id: principal.tenantId,
            name: device.name,
            ae_title: device.aeTitle,
            called_ae: device.calledAe ?? null,
            address: device.address ?? null,
            location_id: location.id,
            issuer: device.issuer ?? null,
          })
          .returning<DeviceRow[]>('*');
        const row = rows[0];
        if (row === undefined) throw new AppError('internal', 'The device was not made.');
        await clearRefusals(trx, row);
        await auditAccount(trx, actorOf(principal), {
          action: 'device.register',
          entity: 'device',
          entityId: row.id,
        });
        return present(row);
      });
      deps.forget();
      return made;
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new AppError(
        'conflict',
        'A device with this AE title, called AE title and address is registered already.',
        {
          details: { reason: 'device-taken' },
        },
      );
    }
  },

  deactivate: async (principal, id) => {
    requirePermission(principal, 'devices.device.write');
    await deps.database.withTenant(principal.tenantId, async (trx) => {
      const count = await trx('device').where({ id, active: true }).update({ active: false });
      if (count === 0)
        throw new AppError('not-found', 'There is no such active device.', { details: { id } });
      await auditAccount(trx, actorOf(principal), {
        action: 'device.deactivate',
        entity: 'device',
        entityId: id,
      });
    });
    deps.forget();
  },
});
