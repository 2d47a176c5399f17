import type { Knex } from 'knex';
import { definerFunction } from '../schema/definer-function.ts';
import { liveTrigger } from '../schema/live-trigger.ts';
import { tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

const createTables = async (trx: Knex.Transaction): Promise<void> => {
  await tenantTable(
    trx,
    'association_log',
    `id uuid not null default uuidv7(),
     calling_ae text not null,
     called_ae text not null,
     address text not null,
     device_id uuid,
     node text not null,
     started_at timestamptz not null,
     duration_ms bigint not null,
     objects bigint not null,
     bytes bigint not null,
     failures bigint not null,
     outcome text not null,
     primary key (tenant_id, id)`,
    ['select', 'insert'],
  );
  // An alert is open until what raised it is gone; a person may say before that it is known.
  await tenantTable(
    trx,
    'alert',
    `id uuid not null default uuidv7(),
     kind text not null,
     subject text not null default '',
     severity text not null check (severity in ('warning', 'critical')),
     details jsonb not null default '{}',
     raised_at timestamptz not null default now(),
     cleared_at timestamptz,
     acknowledged_at timestamptz,
     acknowledged_by uuid,
     mailed_at timestamptz,
     primary key (tenant_id, id)`,
    ['select', 'update'],
  );
  await trx.raw(`
    create unique index alert_open on alert (tenant_id, kind, subject) where cleared_at is null;
    create index alert_cleared on alert (tenant_id, cleared_at desc) where cleared_at is not null;
  `);
  // How long a device may be silent. Without a row the archive learns it from the days on which the device sent.
  await tenantTable(
    trx,
    'device_silence',
    `device_id uuid not null,
     hours int check (hours > 0),
     primary key (tenant_id, device_id),
     foreign key (tenant_id, device_id) references device (tenant_id, id) on delete cascade`,
  );
  // One row for each process of the installation; not tenant data.
  await trx.raw(`
    create table service_node (
      id uuid primary key,
      name text not null,
      services text not null,
      version text not null,
      started_at timestamptz not null,
      seen_at timestamptz not null default now(),
      figures jsonb not null
    );
    grant select, insert, update, delete on service_node to archwire_app;
  `);
  await liveTrigger(trx, 'alert', 'alert.changed');
  await definerFunction(trx, {
    signature: 'operations_prune()',
    returns: 'void',
    language: 'sql',
    body: `
      delete from throughput_minute where minute < now() - interval '8 days';
      delete from association_log a
       where a.started_at < now() - interval '30 days'
          or (a.tenant_id, a.id) in (
            select k.tenant_id, k.id from (
              select r.tenant_id, r.id, row_number() over (partition by r.tenant_id order by r.id desc) as place
                from association_log r) k
             where k.place > 2000);
      delete from alert where cleared_at < now() - interval '90 days';
      delete from service_node where seen_at < now() - interval '1 day';
    `,
  });
};

const SILENCE = `
  -- The longest pause of the last ninety days, half as long again, is not worth a word; under two days nothing is.
  silence as (
    select d.tenant_id, d.id, d.name, a.last_seen_at,
           coalesce(s.hours, case when learned.days >= 5 then greatest(48, learned.longest * 36) end) as allowed,
           s.hours is null as learned
      from device d
      join device_activity a on a.tenant_id = d.tenant_id and a.device_id = d.id
      left join device_silence s on s.tenant_id = d.tenant_id and s.device_id = d.id
      left join lateral (
        select count(*) as days, max(k.pause) as longest from (
          select t.day - lag(t.day) over (order by t.day) as pause from device_traffic t
           where t.tenant_id = d.tenant_id and t.device_id = d.id and t.day > current_date - 90) k) learned on true
     where d.active)`;

/**
 * What is the matter, over all tenants. \`found\` are the findings that no table knows: a JSON array of
 * {tenantId, kind, subject, severity, details}, a null tenant meaning the installation, which belongs to the first tenant.
 */
const createEvaluation = async (trx: Knex.Transaction): Promise<void> => {
  await definerFunction(trx, {
    signature: 'evaluate_alerts(found jsonb)',
    returns: 'table (raised bigint, cleared bigint)',
    language: 'sql',
    body: `
      with ${SILENCE},
      first_tenant as (select t.tenant_id from find_first_tenant() t),
      findings as (
        select coalesce(f."tenantId", first_tenant.tenant_id) as tenant_id, f.kind, coalesce(f.subject, '') as subject,
               f.severity, coalesce(f.details, '{}') as details
          from jsonb_to_recordset(found) as f("tenantId" uuid, kind text, subject text, severity text, details jsonb)
          cross join first_tenant
        union all
        select q.tenant_id, 'quarantine-waiting', '', 'warning', jsonb_build_object('count', count(*))
          from study q where q.match_state = 'quarantined' and q.first_at < now() - interval '1 day' group by q.tenant_id
        union all
        select o.tenant_id, 'outbox-stuck', '', 'critical', jsonb_build_object('since', min(o.created_at))
          from outbox o where o.published_at is null and o.created_at < now() - interval '5 minutes' group by o.tenant_id
        union all
        select s.tenant_id, 'device-silent', s.id::text, 'warning',
               jsonb_build_object('name', s.name, 'since', s.last_seen_at, 'allowedHours', s.allowed, 'learned', s.learned)
          from silence s where s.last_seen_at < now() - make_interval(hours => s.allowed::int)
        union all
        select first_tenant.tenant_id, 'part-down', n.name || ' ' || p.part, 'critical',
               jsonb_build_object('node', n.name, 'part', p.part, 'reason', p.reason)
          from service_node n cross join first_tenant
          cross join lateral jsonb_to_recordset(n.figures -> 'problems') as p(part text, reason text)
         where n.seen_at > now() - interval '45 seconds' and p.part <> 'disk'
        union all
        select first_tenant.tenant_id, 'disk-low', n.name,
               case when k.free < k.headroom then 'critical' else 'warning' end,
               jsonb_build_object('node', n.name, 'freeBytes', k.free, 'totalBytes', k.total)
          from service_node n cross join first_tenant
          cross join lateral (select (n.figures -> 'disk' ->> 'freeBytes')::bigint as free,
                                     (n.figures -> 'disk' ->> 'totalBytes')::bigint as total,
                                     (n.figures -> 'disk' ->> 'headroomBytes')::bigint as headroom) k
         where n.seen_at > now() - interval '45 seconds' and k.free < greatest(k.headroom * 2, k.total / 20)
        union all
        select first_tenant.tenant_id, 'node-gone', n.name, 'warning', jsonb_build_object('node', n.name, 'since', n.seen_at)
          from service_node n cross join first_tenant
         where n.seen_at < now() - interval '2 minutes'
           and not exists (select from service_node m where m.name = n.name and m.seen_at > n.seen_at)),
      one as (select distinct on (tenant_id, kind, subject) * from findings order by tenant_id, kind, subject, severity),
      gone as (
        update alert a set cleared_at = now()
         where a.cleared_at is null
           and not exists (select from one where one.tenant_id = a.tenant_id and one.kind = a.kind and one.subject = a.subject)
        returning 1),
      worse as (
        update alert a set severity = one.severity, details = one.details
          from one
         where a.cleared_at is null and one.tenant_id = a.tenant_id and one.kind = a.kind and one.subject = a.subject
           and (a.severity, a.details) is distinct from (one.severity, one.details)
        returning 1),
      added as (
        insert into alert (tenant_id, kind, subject, severity, details)
        select one.tenant_id, one.kind, one.subject, one.severity, one.details from one
        on conflict (tenant_id, kind, subject) where cleared_at is null do nothing
        returning 1)
      select (select count(*) from added), (select count(*) from gone)
    `,
  });
  await definerFunction(trx, {
    signature: 'installation_figures()',
    returns:
      'table (outbox_waiting bigint, outbox_oldest timestamptz, unsettled_oldest timestamptz, tenants bigint, storage jsonb)',
    language: 'sql',
    body: `
      select (select count(*) from (select from outbox o where o.published_at is null limit 100000) k),
             (select min(o.created_at) from outbox o where o.published_at is null),
             (select min(s.last_arrival_at) from series s where s.unsettled_count > 0),
             (select count(*) from tenant),
             (select coalesce(jsonb_agg(k), '[]') from (
               select kind, sum(objects) as objects, sum(bytes) as bytes from (
                 select kind, objects, bytes from storage_total union all select kind, objects, bytes from storage_change) a
                group by kind) k)
    `,
  });
};

/** Who was here, which processes there are, and what is the matter. */
export const alerts: Migration = {
  name: '0015-alerts',

  up: async (trx) => {
    await createTables(trx);
    await createEvaluation(trx);
  },

  down: async (trx) => {
    await trx.raw(`
      drop function installation_figures, evaluate_alerts, operations_prune;
      drop table service_node, device_silence, alert, association_log;
    `);
  },
};
