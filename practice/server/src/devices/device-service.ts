import {
  AppError,
  DICOM_SERVICES,
  type DicomService,
  type Principal,
  requirePermission,
} from '@archwire/contracts';
import { DEFAULT_SERVICES, type DeviceKind } from '@archwire/contracts/api/devices';
import type { Database } from '@archwire/database';
import type { Knex } from 'knex';
import { actorOf, auditAccount } from '../accounts/audit-entry.ts';
import { type DeviceView, readDevice, readDevices, type TrafficView } from './device-view.ts';
import { endRefusals } from './refusal-list.ts';

export interface LocationView {
  readonly id: string;
  readonly name: string;
  /** IANA. */
  readonly timezone: string;
  readonly issuer: string;
  readonly isDefault: boolean;
}

export interface DeviceChange {
  readonly name?: string | undefined;
  readonly kind?: DeviceKind | undefined;
  readonly aeTitle?: string | undefined;
  readonly calledAe?: string | null | undefined;
  readonly address?: string | null | undefined;
  /** `null`: the default location. */
  readonly locationId?: string | null | undefined;
  readonly issuer?: string | null | undefined;
  readonly host?: string | null | undefined;
  readonly port?: number | null | undefined;
  readonly echoAe?: string | null | undefined;
  readonly tls?: boolean | undefined;
  /** What it may ask for. Of a new device, when left out: that of its kind. */
  readonly services?: readonly DicomService[] | undefined;
  readonly notifyAvailability?: boolean | undefined;
  /** Name of a folder below the watched one. */
  readonly watchFolder?: string | null | undefined;
  readonly notes?: string | null | undefined;
}

export interface NewDevice extends DeviceChange {
  readonly name: string;
  readonly aeTitle: string;
}

export interface TrafficDay extends TrafficView {
  readonly day: string;
}

/** The equipment that may send to this group, and what else it may ask for. Every method throws AppError `forbidden` without its permission. */
export interface DeviceService {
  list(principal: Principal): Promise<DeviceView[]>;
  locations(principal: Principal): Promise<LocationView[]>;
  /** Also ends the refusals that this registration explains. @throws AppError `conflict` when the same triple is registered. */
  register(principal: Principal, device: NewDevice): Promise<DeviceView>;
  /** What is left out stays. @throws AppError `not-found`; `conflict` as `register`. */
  change(principal: Principal, id: string, change: DeviceChange): Promise<DeviceView>;
  /** @throws AppError `not-found` */
  deactivate(principal: Principal, id: string): Promise<void>;
  /** @throws AppError `not-found`; `conflict` when another device took its place. */
  activate(principal: Principal, id: string): Promise<void>;
  /** The last thirty days in the time zone of its location, oldest first. @throws AppError `not-found` */
  traffic(principal: Principal, id: string): Promise<TrafficDay[]>;
}

const DAYS = 30;

const COLUMNS = {
  name: 'name',
  kind: 'kind',
  aeTitle: 'ae_title',
  calledAe: 'called_ae',
  address: 'address',
  issuer: 'issuer',
  host: 'host',
  port: 'port',
  echoAe: 'echo_ae',
  tls: 'tls',
  notifyAvailability: 'notify_availability',
  watchFolder: 'watch_folder',
  notes: 'notes',
} as const satisfies Partial<Record<keyof DeviceChange, string>>;

const findLocationId = async (trx: Knex.Transaction, id: string | null): Promise<string> => {
  const location = await trx<{ id: string; is_default: boolean }>('location')
    .where(id === null ? { is_default: true } : { id })
    .first('id');
  if (location === undefined) {
    throw new AppError('invalid', 'There is no such location in your group. Choose one of the list.', {
      details: { locationId: id },
    });
  }
  return location.id;
};

const columnsOf = async (trx: Knex.Transaction, change: DeviceChange): Promise<Record<string, unknown>> => {
  const columns: Record<string, unknown> = {};
  for (const [name, column] of Object.entries(COLUMNS)) {
    const value = Object.entries(change).find(([key]) => key === name)?.[1];
    if (value !== undefined) columns[column] = value === '' ? null : value;
  }
  const { services } = change;
  if (services !== undefined)
    columns['services'] = DICOM_SERVICES.filter((service) => services.includes(service));
  if (change.locationId !== undefined) columns['location_id'] = await findLocationId(trx, change.locationId);
  return columns;
};

const isUniqueViolation = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && error.code === '23505';

const notFound = (id: string): AppError =>
  new AppError('not-found', 'There is no such device. Reload the list.', { details: { id } });

export const createDeviceService = (deps: {
  readonly database: Pick<Database, 'withTenant'>;
  /** Called after a change, so that the admission of this process sees it at once. */
  readonly forget: () => void;
}): DeviceService => {
  const { withTenant } = deps.database;

  /** Changes rows, ends the refusals that this explains, audits, and says what the device is now. */
  const write = async (
    principal: Principal,
    action: string,
    work: (trx: Knex.Transaction) => Promise<{
      readonly id: string;
      readonly changed?: Readonly<Record<string, string>>;
    }>,
  ): Promise<DeviceView> => {
    requirePermission(principal, 'devices.device.write');
    try {
      const device = await withTenant(principal.tenantId, async (trx) => {
        const { id, changed } = await work(trx);
        const written = await readDevice(trx, id);
        if (written === undefined) throw notFound(id);
        if (written.active) await endRefusals(trx, written);
        await trx('device_denial').where({ device_id: id }).whereIn('service', written.services).delete();
        await auditAccount(trx, actorOf(principal), {
          action,
          entity: 'device',
          entityId: id,
          ...(changed === undefined ? {} : { changed }),
        });
        return (await readDevice(trx, id)) ?? written;
      });
      deps.forget();
      return device;
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      if ('constraint' in error && error.constraint === 'device_watch_folder')
        throw new AppError('conflict', 'Another device has a folder of that name. Choose another name.', {
          details: { reason: 'folder-taken' },
        });
      throw new AppError(
        'conflict',
        'A device with this AE title, called AE title and address is registered already.',
        { details: { reason: 'device-taken' } },
      );
    }
  };

  const setActive = async (principal: Principal, id: string, active: boolean): Promise<void> => {
    await write(principal, active ? 'device.activate' : 'device.deactivate', async (trx) => {
      const count = await trx('device').where({ id, active: !active }).update({ active });
      if (count > 0) return { id };
      throw new AppError(
        'not-found',
        `There is no such ${active ? 'inactive' : 'active'} device. Reload the list.`,
        { details: { id } },
      );
    });
  };

  return {
    list: async (principal) => {
      requirePermission(principal, 'devices.device.read');
      return await withTenant(principal.tenantId, readDevices);
    },

    locations: async (principal) => {
      requirePermission(principal, 'devices.device.read');
      return await withTenant(principal.tenantId, async (trx) =>
        (
          await trx<{ id: string; name: string; timezone: string; issuer: string; is_default: boolean }>(
            'location',
          )
            .orderBy('name')
            .limit(1000)
            .select('id', 'name', 'timezone', 'issuer', 'is_default')
        ).map(({ is_default, ...location }) => ({ ...location, isDefault: is_default })),
      );
    },

    register: async (principal, device) =>
      await write(principal, 'device.register', async (trx) => {
        const columns = await columnsOf(trx, {
          ...device,
          locationId: device.locationId ?? null,
          services: device.services ?? DEFAULT_SERVICES[device.kind ?? 'other'],
        });
        const rows = await trx('device')
          .insert({ tenant_id: principal.tenantId, ...columns })
          .returning<{ id: string }[]>('id');
        const [row] = rows;
        if (row === undefined) throw new AppError('internal', 'The device was not made.');
        return row;
      }),

    change: async (principal, id, change) =>
      await write(principal, 'device.change', async (trx) => {
        const columns = await columnsOf(trx, change);
        const names = Object.keys(columns);
        const count =
          names.length === 0
            ? (await trx('device').where({ id }).select('id')).length
            : await trx('device').where({ id }).update(columns);
        if (count === 0) throw notFound(id);
        return {
          id,
          changed: {
            fields: names.join(', '),
            ...(change.services === undefined ? {} : { services: change.services.join(', ') }),
          },
        };
      }),

    deactivate: async (principal, id) => await setActive(principal, id, false),
    activate: async (principal, id) => await setActive(principal, id, true),

    traffic: async (principal, id) => {
      requirePermission(principal, 'devices.device.read');
      return await withTenant(principal.tenantId, async (trx) => {
        const { rows }: { rows: (Record<keyof TrafficView, string> & { day: string })[] } = await trx.raw(
          `select to_char(day.day, 'YYYY-MM-DD') as day, coalesce(t.instance_count, 0) as "instanceCount",
                  coalesce(t.byte_count, 0) as "byteCount", coalesce(t.failure_count, 0) as "failureCount"
             from device d
             join location l on l.tenant_id = d.tenant_id and l.id = d.location_id
             cross join generate_series((now() at time zone l.timezone)::date - ${DAYS - 1},
                                        (now() at time zone l.timezone)::date, interval '1 day') as day
             left join device_traffic t on t.tenant_id = d.tenant_id and t.device_id = d.id and t.day = day.day::date
            where d.id = ? order by day.day`,
          [id],
        );
        if (rows.length === 0) throw notFound(id);
        return rows.map(({ day, instanceCount, byteCount, failureCount }) => ({
          day,
          instanceCount: Number(instanceCount),
          byteCount: Number(byteCount),
          failureCount: Number(failureCount),
        }));
      });
    },
  };
};
