import { definerFunction } from '../schema/definer-function.ts';
import { protectTable, tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

/** Tenants, locations, the audit chain, the outbox. */
export const foundation: Migration = {
  name: '0001-foundation',

  up: async (trx) => {
    // After a COMMIT the setting is '', not NULL, on a reused connection: hence nullif.
    await trx.raw(`
      create function app_tenant() returns uuid language sql stable parallel safe
        as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$;

      create table tenant (
        id uuid primary key default uuidv7(),
        name text not null,
        created_at timestamptz not null default now()
      );
    `);
    await protectTable(trx, 'tenant', { tenantColumn: 'id', grants: ['select', 'insert', 'update'] });
    // The queue keeps its own schema, made by its own migrations under the application role.
    await trx.raw(
      `do $$ begin execute format('grant create on database %I to archwire_app', current_database()); end $$`,
    );

    await tenantTable(
      trx,
      'location',
      `id uuid not null default uuidv7(),
       name text not null,
       timezone text not null default 'UTC',
       issuer text not null,
       is_default boolean not null default false,
       created_at timestamptz not null default now(),
       primary key (tenant_id, id)`,
    );
    await trx.raw('create unique index location_default on location (tenant_id) where is_default');

    await tenantTable(
      trx,
      'audit_head',
      `seq bigint not null,
       hash bytea not null,
       primary key (tenant_id)`,
      ['select'],
    );
    await trx.raw(`
      create table audit_log (
        tenant_id uuid not null,
        seq bigint not null,
        at timestamptz(3) not null,
        actor_kind text not null,
        actor_id text,
        action text not null,
        entity text,
        entity_id text,
        patient_id text,
        study_uid text collate "C",
        outcome text not null,
        entry text not null,
        prev_hash bytea not null,
        hash bytea not null,
        primary key (tenant_id, seq, at)
      ) partition by range (at);
      create index audit_log_at on audit_log (tenant_id, at desc, seq desc);
      create index audit_log_patient on audit_log (tenant_id, patient_id, at desc) where patient_id is not null;
      create index audit_log_study on audit_log (tenant_id, study_uid, at desc) where study_uid is not null;

      create function refuse_change() returns trigger language plpgsql
        as $$ begin raise exception '% is append-only', tg_table_name using errcode = '42501'; end $$;
      create trigger audit_log_append_only before update or delete on audit_log
        for each row execute function refuse_change();
      create trigger audit_log_no_truncate before truncate on audit_log
        for each statement execute function refuse_change();
    `);
    await protectTable(trx, 'audit_log', { grants: ['select'] });

    // CREATE … PARTITION OF would lock the parent against readers and writers; LIKE and ATTACH do not.
    await definerFunction(trx, {
      signature: 'ensure_audit_partition(month date)',
      returns: 'void',
      language: 'plpgsql',
      body: `
        declare
          first_day date := date_trunc('month', month)::date;
          partition text := 'audit_log_' || to_char(month, 'YYYYMM');
        begin
          if to_regclass('public.' || partition) is not null then return; end if;
          -- A table lock, not an advisory one: only it makes this session hear of the other's new table.
          lock table public.audit_log in share update exclusive mode;
          if to_regclass('public.' || partition) is not null then return; end if;
          execute format('create table public.%I (like public.audit_log including defaults including constraints)', partition);
          execute format('alter table public.%I enable row level security', partition);
          execute format('alter table public.%I force row level security', partition);
          execute format(
            'create trigger audit_partition_no_truncate before truncate on public.%I
               for each statement execute function public.refuse_change()', partition);
          execute format(
            'alter table public.audit_log attach partition public.%I for values from (%L) to (%L)',
            partition, first_day::timestamp at time zone 'UTC',
            (first_day + interval '1 month') at time zone 'UTC');
        end
      `,
    });
    await trx.raw(`select ensure_audit_partition((now() at time zone 'UTC')::date)`);

    // The hash covers text that is stored as it is, never jsonb written out again. The head row serialises the tenant's
    // writers, which is why an append belongs at the end of its transaction.
    await definerFunction(trx, {
      signature: 'append_audit(entry text)',
      returns: 'bigint',
      language: 'plpgsql',
      body: `
        declare
          tenant uuid := app_tenant();
          fields jsonb := entry::jsonb;
          at_now timestamptz(3);
          next_seq bigint;
          previous bytea;
          next_hash bytea;
        begin
          if tenant is null then
            raise exception 'append_audit needs a tenant' using errcode = '42501';
          end if;
          insert into audit_head (tenant_id, seq, hash) values (tenant, 0, ''::bytea) on conflict do nothing;
          select head.seq + 1, head.hash into next_seq, previous
            from audit_head head where head.tenant_id = tenant for update;
          at_now := date_trunc('milliseconds', clock_timestamp());
          perform ensure_audit_partition((at_now at time zone 'UTC')::date);
          next_hash := sha256(previous || convert_to(audit_text(tenant, next_seq, at_now, entry), 'UTF8'));
          insert into audit_log
            (tenant_id, seq, at, actor_kind, actor_id, action, entity, entity_id, patient_id, study_uid, outcome, entry, prev_hash, hash)
            values (tenant, next_seq, at_now, fields ->> 'actorKind', fields ->> 'actorId', fields ->> 'action',
                    fields ->> 'entity', fields ->> 'entityId', fields ->> 'patientId', fields ->> 'studyUid',
                    fields ->> 'outcome', entry, previous, next_hash);
          update audit_head set seq = next_seq, hash = next_hash where tenant_id = tenant;
          return next_seq;
        end
      `,
    });
    await trx.raw(`
      create function audit_text(tenant uuid, seq bigint, at timestamptz, entry text) returns text
        language sql immutable parallel safe
        as $$ select tenant::text || E'\\n' || seq::text || E'\\n' ||
                     to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || E'\\n' || entry $$
    `);

    await tenantTable(
      trx,
      'outbox',
      `id bigint not null generated always as identity,
       topic text not null,
       payload jsonb not null,
       created_at timestamptz not null default now(),
       published_at timestamptz,
       attempts int not null default 0,
       not_before timestamptz,
       primary key (tenant_id, id)`,
      ['select', 'insert'],
    );
    await trx.raw(`
      create unique index outbox_pending on outbox (id) where published_at is null;
      create index outbox_published on outbox (published_at) where published_at is not null;

      create function notify_outbox() returns trigger language plpgsql
        as $$ begin perform pg_notify('archwire_outbox', ''); return null; end $$;
      create trigger outbox_notify after insert on outbox for each statement execute function notify_outbox();
    `);
    // The relay serves every tenant: these three are the only statements that see the outbox across them.
    await definerFunction(trx, {
      signature: 'outbox_claim(batch int, lease_seconds int)',
      returns: 'table (id bigint, tenant_id uuid, topic text, payload jsonb, attempts int)',
      language: 'sql',
      body: `
        with claimed as (
          update outbox o
             set not_before = clock_timestamp() + make_interval(secs => lease_seconds), attempts = o.attempts + 1
           where o.published_at is null
             and o.id in (
               select p.id from outbox p
                where p.published_at is null and (p.not_before is null or p.not_before <= clock_timestamp())
                order by p.id limit batch for update skip locked)
          returning o.id, o.tenant_id, o.topic, o.payload, o.attempts)
        select c.id, c.tenant_id, c.topic, c.payload, c.attempts from claimed c order by c.id
      `,
    });
    await definerFunction(trx, {
      signature: 'outbox_settle(published bigint[], failed bigint[], retry_seconds int)',
      returns: 'void',
      language: 'sql',
      body: `
        update outbox set published_at = clock_timestamp() where published_at is null and id = any (published);
        update outbox set not_before = clock_timestamp() + make_interval(secs => retry_seconds)
         where published_at is null and id = any (failed);
      `,
    });
    await definerFunction(trx, {
      signature: 'outbox_prune(keep interval, batch int)',
      returns: 'bigint',
      language: 'sql',
      body: `
        with gone as (
          delete from outbox o
           where o.published_at is not null
             and (o.tenant_id, o.id) in (
               select p.tenant_id, p.id from outbox p
                where p.published_at < clock_timestamp() - keep
                order by p.published_at limit batch for update skip locked)
          returning 1)
        select count(*) from gone
      `,
    });
  },

  down: async (trx) => {
    await trx.raw(`
      drop function outbox_prune, outbox_settle, outbox_claim, append_audit, audit_text, ensure_audit_partition;
      drop table outbox, audit_log, audit_head, location, tenant;
      drop function notify_outbox, refuse_change, app_tenant;
    `);
  },
};
