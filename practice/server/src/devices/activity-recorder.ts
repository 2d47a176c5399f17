import { DICOM_SERVICES, type DicomService } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import { flushRegularly } from '../flush-regularly.ts';

/** A registered device, as admission named it. */
export interface SeenDevice {
  readonly tenantId: string;
  readonly deviceId: string;
}

/** Counts what devices send, away from the path of the images: nothing here waits for the database. */
export interface ActivityRecorder {
  /** It associated, or said something. */
  seen(device: SeenDevice): void;
  stored(device: SeenDevice, byteCount: number): void;
  /** An object that it sent was not stored. */
  failed(device: SeenDevice): void;
  /** It asked for a service that it may not use. */
  denied(device: SeenDevice, service: DicomService): void;
  /** Writes what is waiting. @throws when the database does not answer; the counts are kept for the next time. */
  flush(): Promise<void>;
  /** Flushes every two seconds; `onError` hears of a failed one. The returned stop flushes a last time. */
  start(onError: (error: unknown) => void): () => Promise<void>;
}

const FLUSH_MS = 2000;

interface Counts {
  deviceId: string;
  lastSeenAt: Date;
  lastImageAt: Date | null;
  instanceCount: number;
  byteCount: number;
  failureCount: number;
  denied: Partial<Record<DicomService, number>>;
}
type Batch = Map<string, Map<string, Counts>>;

const later = (a: Date | null, b: Date | null): Date | null => (a === null || (b !== null && b > a) ? b : a);

const add = (to: Counts, more: Counts): void => {
  to.lastSeenAt = later(to.lastSeenAt, more.lastSeenAt) ?? to.lastSeenAt;
  to.lastImageAt = later(to.lastImageAt, more.lastImageAt);
  to.instanceCount += more.instanceCount;
  to.byteCount += more.byteCount;
  to.failureCount += more.failureCount;
  to.denied = { ...to.denied };
  for (const service of DICOM_SERVICES) {
    const count = (to.denied[service] ?? 0) + (more.denied[service] ?? 0);
    if (count > 0) to.denied[service] = count;
  }
};

/** In the order of the devices, so that two gateways that write at once never wait in a circle. */
const WRITE = `
  with batch as (
    select b.*, (b."lastSeenAt" at time zone l.timezone)::date as day
      from jsonb_to_recordset(?::jsonb) as b("deviceId" uuid, "lastSeenAt" timestamptz, "lastImageAt" timestamptz,
             "instanceCount" bigint, "byteCount" bigint, "failureCount" bigint, denied jsonb)
      join device d on d.id = b."deviceId"
      join location l on l.tenant_id = d.tenant_id and l.id = d.location_id
     order by b."deviceId"),
  traffic as (
    insert into device_traffic as t (tenant_id, device_id, day, instance_count, byte_count, failure_count)
    select app_tenant(), "deviceId", day, "instanceCount", "byteCount", "failureCount" from batch
     where "instanceCount" + "failureCount" > 0
    on conflict (tenant_id, device_id, day) do update set
      instance_count = t.instance_count + excluded.instance_count,
      byte_count = t.byte_count + excluded.byte_count,
      failure_count = t.failure_count + excluded.failure_count),
  -- What it asked for before somebody allowed it is no news any more.
  denial as (
    insert into device_denial as n (tenant_id, device_id, service, count, last_at)
    select app_tenant(), d.id, asked.service, asked.count::bigint, batch."lastSeenAt"
      from batch join device d on d.id = batch."deviceId" cross join jsonb_each_text(batch.denied) as asked(service, count)
     where asked.service <> all (d.services)
    on conflict (tenant_id, device_id, service) do update set
      count = n.count + excluded.count, last_at = greatest(n.last_at, excluded.last_at))
  insert into device_activity as a
    (tenant_id, device_id, last_seen_at, last_image_at, instance_count, byte_count, failure_count)
  select app_tenant(), "deviceId", "lastSeenAt", "lastImageAt", "instanceCount", "byteCount", "failureCount" from batch
  on conflict (tenant_id, device_id) do update set
    last_seen_at = greatest(a.last_seen_at, excluded.last_seen_at),
    last_image_at = greatest(a.last_image_at, excluded.last_image_at),
    instance_count = a.instance_count + excluded.instance_count,
    byte_count = a.byte_count + excluded.byte_count,
    failure_count = a.failure_count + excluded.failure_count`;

export const createActivityRecorder = (deps: {
  readonly database: Pick<Database, 'withTenant'>;
  readonly clock?: () => Date;
}): ActivityRecorder => {
  const clock = deps.clock ?? (() => new Date());
  let waiting: Batch = new Map();

  const count = (
    { tenantId, deviceId }: SeenDevice,
    more: Partial<Omit<Counts, 'deviceId' | 'lastSeenAt'>>,
  ): void => {
    const ofTenant = waiting.get(tenantId) ?? new Map<string, Counts>();
    waiting.set(tenantId, ofTenant);
    const counts: Counts = {
      deviceId,
      lastSeenAt: clock(),
      lastImageAt: null,
      instanceCount: 0,
      byteCount: 0,
      failureCount: 0,
      denied: {},
      ...more,
    };
    const known = ofTenant.get(deviceId);
    if (known === undefined) ofTenant.set(deviceId, counts);
    else add(known, counts);
  };

  const keep = (tenantId: string, batch: ReadonlyMap<string, Counts>): void => {
    const ofTenant = waiting.get(tenantId) ?? new Map<string, Counts>();
    waiting.set(tenantId, ofTenant);
    for (const [deviceId, counts] of batch) {
      const known = ofTenant.get(deviceId);
      if (known === undefined) ofTenant.set(deviceId, counts);
      else add(known, counts);
    }
  };

  const flush = async (): Promise<void> => {
    const batches = waiting;
    waiting = new Map();
    const failures: unknown[] = [];
    for (const [tenantId, batch] of batches) {
      try {
        await deps.database.withTenant(tenantId, async (trx) => {
          await trx.raw(WRITE, [JSON.stringify([...batch.values()])]);
        });
      } catch (error) {
        keep(tenantId, batch);
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };

  return {
    seen: (device) => count(device, {}),
    stored: (device, byteCount) => count(device, { lastImageAt: clock(), instanceCount: 1, byteCount }),
    failed: (device) => count(device, { failureCount: 1 }),
    denied: (device, service) => count(device, { denied: { [service]: 1 } }),
    ...flushRegularly(flush, FLUSH_MS),
  };
};
