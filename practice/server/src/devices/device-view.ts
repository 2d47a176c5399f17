import { type DicomService, isDicomService } from '@archwire/contracts';
import { deviceKinds, type DeviceKind } from '@archwire/contracts/api/devices';
import type { Knex } from 'knex';

export interface TrafficView {
  readonly instanceCount: number;
  readonly byteCount: number;
  readonly failureCount: number;
}

export interface DenialView {
  readonly service: DicomService;
  readonly count: number;
  readonly lastAt: string;
}

export interface DeviceView {
  readonly id: string;
  readonly name: string;
  readonly kind: DeviceKind;
  readonly aeTitle: string;
  /** `null`: whatever title it calls us by. */
  readonly calledAe: string | null;
  /** `null`: from any address. */
  readonly address: string | null;
  readonly locationId: string;
  readonly locationName: string;
  /** `null`: the issuer of the location. */
  readonly issuer: string | null;
  readonly host: string | null;
  readonly port: number | null;
  readonly echoAe: string | null;
  readonly tls: boolean;
  readonly services: DicomService[];
  readonly notifyAvailability: boolean;
  readonly notes: string | null;
  readonly watchFolder: string | null;
  readonly watchSeenAt: string | null;
  readonly watchProblem: string | null;
  /** Files that were not taken, newest first. */
  readonly watchRefusals: { readonly path: string; readonly reason: string | null; readonly at: string }[];
  readonly active: boolean;
  readonly createdAt: string;
  readonly lastSeenAt: string | null;
  readonly lastImageAt: string | null;
  readonly lastRefusedAt: string | null;
  /** What it asked for and may not, newest first. */
  readonly denials: DenialView[];
  /** Hours without a word after which it counts as silent: what a person said, and what counts (else learned from its days). */
  readonly silenceHours: number | null;
  readonly silentAfterHours: number | null;
  readonly today: TrafficView;
  readonly total: TrafficView;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly ae_title: string;
  readonly called_ae: string | null;
  readonly address: string | null;
  readonly location_id: string;
  readonly location_name: string;
  readonly issuer: string | null;
  readonly host: string | null;
  readonly port: number | null;
  readonly echo_ae: string | null;
  readonly tls: boolean;
  readonly services: readonly string[];
  readonly notify_availability: boolean;
  readonly notes: string | null;
  readonly watch_folder: string | null;
  readonly watch_seen_at: Date | null;
  readonly watch_problem: string | null;
  readonly watch_refusals: DeviceView['watchRefusals'];
  readonly active: boolean;
  readonly created_at: Date;
  readonly last_seen_at: Date | null;
  readonly last_image_at: Date | null;
  readonly last_refused_at: Date | null;
  readonly denials: readonly { readonly service: string; readonly count: number; readonly lastAt: string }[];
  readonly silence_hours: number | null;
  readonly silent_after_hours: number | null;
  readonly instance_count: string | null;
  readonly byte_count: string | null;
  readonly failure_count: string | null;
  readonly today_instances: string | null;
  readonly today_bytes: string | null;
  readonly today_failures: string | null;
}

/** As the alerts reckon it: half as long again as its longest pause of ninety days, at least two days; too little known is nothing. */
const LEARNED_SILENCE = `
  select greatest(48, max(k.pause) * 36) from (
    select p.day - lag(p.day) over (order by p.day) as pause from device_traffic p
     where p.tenant_id = d.tenant_id and p.device_id = d.id and p.day > current_date - 90) k
  having count(*) >= 5`;

const SELECT = `
  select d.id, d.name, d.kind, d.ae_title, d.called_ae, d.address, d.location_id, l.name as location_name, d.issuer,
         d.host, d.port, d.echo_ae, d.tls, d.services, d.notify_availability, d.notes, d.active, d.created_at,
         d.watch_folder, d.watch_seen_at, d.watch_problem,
         (select coalesce(jsonb_agg(jsonb_build_object('path', w.path, 'reason', w.reason,
                   'at', to_char(w.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))), '[]')
            from (select f.path, f.reason, f.at from watched_file f
                   where f.tenant_id = d.tenant_id and f.device_id = d.id and f.outcome in ('refused', 'unreadable')
                   order by f.id desc limit 20) w) as watch_refusals,
         a.last_seen_at, a.last_image_at, a.instance_count, a.byte_count, a.failure_count,
         t.instance_count as today_instances, t.byte_count as today_bytes, t.failure_count as today_failures,
         (select max(r.last_at) from association_refusal r where r.calling_ae = d.ae_title) as last_refused_at,
         (select coalesce(jsonb_agg(jsonb_build_object('service', n.service, 'count', n.count,
                   'lastAt', to_char(n.last_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by n.last_at desc), '[]')
            from device_denial n where n.tenant_id = d.tenant_id and n.device_id = d.id) as denials,
         s.hours as silence_hours, coalesce(s.hours, (${LEARNED_SILENCE})::int) as silent_after_hours
    from device d
    join location l on l.tenant_id = d.tenant_id and l.id = d.location_id
    left join device_activity a on a.tenant_id = d.tenant_id and a.device_id = d.id
    left join device_silence s on s.tenant_id = d.tenant_id and s.device_id = d.id
    left join device_traffic t on t.tenant_id = d.tenant_id and t.device_id = d.id
         and t.day = (now() at time zone l.timezone)::date`;

const kindOf = (kind: string): DeviceKind => deviceKinds.find((known) => known === kind) ?? 'other';

const present = (row: Row): DeviceView => ({
  id: row.id,
  name: row.name,
  kind: kindOf(row.kind),
  aeTitle: row.ae_title,
  calledAe: row.called_ae,
  address: row.address,
  locationId: row.location_id,
  locationName: row.location_name,
  issuer: row.issuer,
  host: row.host,
  port: row.port,
  echoAe: row.echo_ae,
  tls: row.tls,
  services: row.services.filter(isDicomService),
  notifyAvailability: row.notify_availability,
  notes: row.notes,
  watchFolder: row.watch_folder,
  watchSeenAt: row.watch_seen_at?.toISOString() ?? null,
  watchProblem: row.watch_problem,
  watchRefusals: row.watch_refusals,
  active: row.active,
  createdAt: row.created_at.toISOString(),
  lastSeenAt: row.last_seen_at?.toISOString() ?? null,
  lastImageAt: row.last_image_at?.toISOString() ?? null,
  lastRefusedAt: row.last_refused_at?.toISOString() ?? null,
  denials: row.denials.flatMap(({ service, count, lastAt }) =>
    isDicomService(service) ? [{ service, count, lastAt }] : [],
  ),
  silenceHours: row.silence_hours,
  silentAfterHours: row.silent_after_hours,
  today: {
    instanceCount: Number(row.today_instances ?? 0),
    byteCount: Number(row.today_bytes ?? 0),
    failureCount: Number(row.today_failures ?? 0),
  },
  total: {
    instanceCount: Number(row.instance_count ?? 0),
    byteCount: Number(row.byte_count ?? 0),
    failureCount: Number(row.failure_count ?? 0),
  },
});

/** All devices of the transaction's tenant by name, at most 5000. */
export const readDevices = async (trx: Knex.Transaction): Promise<DeviceView[]> => {
  const { rows }: { rows: Row[] } = await trx.raw(`${SELECT} order by d.name, d.id limit 5000`);
  return rows.map(present);
};

/** `undefined` when the transaction's tenant has no such device. */
export const readDevice = async (trx: Knex.Transaction, id: string): Promise<DeviceView | undefined> => {
  const { rows }: { rows: Row[] } = await trx.raw(`${SELECT} where d.id = ?`, [id]);
  return rows.map(present)[0];
};
