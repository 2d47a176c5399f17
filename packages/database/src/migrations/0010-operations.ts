import type { Knex } from 'knex';
import { definerFunction } from '../schema/definer-function.ts';
import { liveTrigger } from '../schema/live-trigger.ts';
import { tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

/** Who listens on `archwire_live` hears ids only; PostgreSQL folds equal announcements of one transaction into one. */
const createAnnouncements = async (trx: Knex.Transaction): Promise<void> => {
  await trx.raw(`
    create function announce_live(tenant uuid, kind text, ids jsonb) returns void language sql
      as $$ select pg_notify('archwire_live',
              (jsonb_strip_nulls(ids) || jsonb_build_object('tenantId', tenant, 'kind', kind))::text) $$;

    create function announce_rows() returns trigger language plpgsql as $$
      begin
        if (select count(*) from (select from changed limit 200) as few) = 200 then
          perform announce_live(t.tenant_id, tg_argv[0], '{}') from (select distinct c.tenant_id from changed c) t;
        elsif tg_nargs = 1 then
          perform announce_live(t.tenant_id, tg_argv[0], '{}') from (select distinct c.tenant_id from changed c) t;
        else
          perform announce_live(c.tenant_id, tg_argv[0], jsonb_build_object(tg_argv[1], to_jsonb(c) -> tg_argv[2]))
            from changed c;
        end if;
        return null;
      end $$;

    -- Of every batch that is received, so without the detour over jsonb of the whole row.
    create function announce_studies() returns trigger language plpgsql as $$
      begin
        insert into storage_change (tenant_id, kind, objects, bytes)
          select n.tenant_id, 'original', sum(n.instance_count - o.instance_count), sum(n.byte_count - o.byte_count)
            from changed n join before o on o.tenant_id = n.tenant_id and o.id = n.id
           where (n.instance_count, n.byte_count) <> (o.instance_count, o.byte_count)
           group by n.tenant_id;
        if (select count(*) from (select from changed limit 200) as few) = 200 then
          perform announce_live(t.tenant_id, 'study.changed', '{}') from (select distinct c.tenant_id from changed c) t;
        else
          perform pg_notify('archwire_live', json_strip_nulls(json_build_object(
                    'tenantId', c.tenant_id, 'kind', 'study.changed', 'studyId', c.id, 'patientId', c.patient_id))::text)
             from changed c;
        end if;
        return null;
      end $$;
    create trigger study_live after update on study referencing old table as before new table as changed
      for each statement execute function announce_studies();

    create function announce_study_move() returns trigger language plpgsql as $$
      begin
        if 'quarantined' in (old.match_state, new.match_state) and old.match_state <> new.match_state then
          perform announce_live(new.tenant_id, 'quarantine.changed', '{}');
        end if;
        if old.patient_id <> new.patient_id or (old.patient_id is not null and new.patient_id is null) then
          perform announce_live(new.tenant_id, 'patient.changed', jsonb_build_object('patientId', old.patient_id));
        end if;
        return null;
      end $$;
    create trigger study_move_live after update on study for each row
      when (old.patient_id is distinct from new.patient_id or old.match_state <> new.match_state)
      execute function announce_study_move();

    create function announce_derivatives() returns trigger language plpgsql as $$
      begin
        perform announce_live(k.tenant_id, 'derivative.made', jsonb_build_object('seriesId', k.series_id, 'studyId', k.study_id))
           from (select distinct c.tenant_id, i.series_id, se.study_id from changed c
                   join instance i on i.tenant_id = c.tenant_id and i.id = c.instance_id
                   join series se on se.tenant_id = i.tenant_id and se.id = i.series_id limit 200) k;
        return null;
      end $$;
    create trigger derivative_live_insert after insert on derivative referencing new table as changed
      for each statement execute function announce_derivatives();
    create trigger derivative_live_update after update on derivative referencing new table as changed
      for each statement execute function announce_derivatives();

    create function announce_end() returns trigger language plpgsql as $$
      begin
        if tg_table_name = 'session' then
          perform announce_live(new.tenant_id, 'session.ended', jsonb_build_object('sessionId', new.id));
        else
          perform announce_live(new.tenant_id, 'account.ended', jsonb_build_object('userId', new.id));
        end if;
        return null;
      end $$;
    create trigger session_live after update on session for each row
      when (old.revoked_at is null and new.revoked_at is not null) execute function announce_end();
    create trigger app_user_live after update on app_user for each row
      when (old.role <> new.role or (old.deactivated_at is null and new.deactivated_at is not null))
      execute function announce_end();
  `);
  await liveTrigger(trx, 'patient', 'patient.changed', { name: 'patientId', column: 'id' });
  await liveTrigger(trx, 'device', 'device.changed', { name: 'deviceId', column: 'id' });
  await liveTrigger(trx, 'association_refusal', 'device.refused');
  await liveTrigger(trx, 'instance_conflict', 'conflict.changed');
};

/**
 * What lies in the stores, by tenant and kind. Who stores or removes something adds a line, in the same transaction and
 * without waiting for anybody; \`storage_roll_up\` adds the lines up from time to time.
 */
const createStorage = async (trx: Knex.Transaction): Promise<void> => {
  await tenantTable(
    trx,
    'storage_change',
    `id bigint not null generated always as identity,
     kind text not null,
     objects bigint not null,
     bytes bigint not null,
     at timestamptz not null default clock_timestamp(),
     primary key (tenant_id, id)`,
    ['select', 'insert'],
  );
  await tenantTable(
    trx,
    'storage_total',
    `kind text not null,
     objects bigint not null,
     bytes bigint not null,
     primary key (tenant_id, kind)`,
    ['select'],
  );
  await tenantTable(
    trx,
    'throughput_minute',
    `minute timestamptz not null,
     instances bigint not null,
     bytes bigint not null,
     primary key (tenant_id, minute)`,
    ['select'],
  );
  await trx.raw(`
    insert into storage_total (tenant_id, kind, objects, bytes)
      select tenant_id, 'original', sum(instance_count), sum(byte_count) from study group by tenant_id
      union all
      select tenant_id, 'derivative', count(*), coalesce(sum(length), 0) from derivative group by tenant_id
      union all
      select tenant_id, 'metadata', count(*), sum(metadata_length) from series
       where metadata_length is not null group by tenant_id
      union all
      select tenant_id, 'conflict', count(*), sum(length) from instance_conflict group by tenant_id;

    create function count_added() returns trigger language plpgsql as $$
      begin
        insert into storage_change (tenant_id, kind, objects, bytes)
          select tenant_id, tg_argv[0], count(*), coalesce(sum(length), 0) from added group by tenant_id;
        return null;
      end $$;
    create function count_removed() returns trigger language plpgsql as $$
      begin
        insert into storage_change (tenant_id, kind, objects, bytes)
          select tenant_id, tg_argv[0], -count(*), -coalesce(sum(length), 0) from removed group by tenant_id;
        return null;
      end $$;
    create function count_replaced() returns trigger language plpgsql as $$
      begin
        insert into storage_change (tenant_id, kind, objects, bytes)
          select k.tenant_id, tg_argv[0], sum(k.objects), sum(k.bytes)
            from (select tenant_id, 1 as objects, coalesce(length, 0) as bytes from added
                  union all select tenant_id, -1, -coalesce(length, 0) from removed) k
           group by k.tenant_id having sum(k.bytes) <> 0;
        return null;
      end $$;
    create function count_metadata() returns trigger language plpgsql as $$
      begin
        insert into storage_change (tenant_id, kind, objects, bytes) values
          (new.tenant_id, 'metadata', (new.metadata_length is not null)::int - (old.metadata_length is not null)::int,
           coalesce(new.metadata_length, 0) - coalesce(old.metadata_length, 0));
        return null;
      end $$;
    create trigger series_metadata_size after update on series for each row
      when (old.metadata_length is distinct from new.metadata_length) execute function count_metadata();
  `);
  for (const [table, kind] of [
    ['derivative', 'derivative'],
    ['instance_conflict', 'conflict'],
  ]) {
    await trx.raw(`
      create trigger ${table}_size_insert after insert on ${table} referencing new table as added
        for each statement execute function count_added('${kind}');
      create trigger ${table}_size_delete after delete on ${table} referencing old table as removed
        for each statement execute function count_removed('${kind}');
      create trigger ${table}_size_update after update on ${table} referencing new table as added old table as removed
        for each statement execute function count_replaced('${kind}');
    `);
  }
  await definerFunction(trx, {
    signature: 'storage_roll_up(batch int)',
    returns: 'bigint',
    language: 'sql',
    body: `
      with gone as (
        delete from storage_change c
         where (c.tenant_id, c.id) in (
           select k.tenant_id, k.id from storage_change k order by k.tenant_id, k.id limit batch for update skip locked)
        returning c.tenant_id, c.kind, c.objects, c.bytes, c.at),
      totals as (
        insert into storage_total as t (tenant_id, kind, objects, bytes)
        select tenant_id, kind, sum(objects), sum(bytes) from gone group by tenant_id, kind
        on conflict (tenant_id, kind) do update set objects = t.objects + excluded.objects, bytes = t.bytes + excluded.bytes),
      minutes as (
        insert into throughput_minute as t (tenant_id, minute, instances, bytes)
        select tenant_id, date_trunc('minute', at), sum(objects), sum(bytes) from gone
         where kind = 'original' and objects > 0 group by tenant_id, date_trunc('minute', at)
        on conflict (tenant_id, minute) do update set
          instances = t.instances + excluded.instances, bytes = t.bytes + excluded.bytes)
      select count(*) from gone
    `,
  });
};

const TRIGGERS = `
  drop trigger study_live on study;
  drop trigger study_move_live on study;
  drop trigger derivative_live_insert on derivative;
  drop trigger derivative_live_update on derivative;
  drop trigger session_live on session;
  drop trigger app_user_live on app_user;
  drop trigger series_metadata_size on series;
  drop trigger derivative_size_insert on derivative;
  drop trigger derivative_size_update on derivative;
  drop trigger derivative_size_delete on derivative;
  drop trigger instance_conflict_size_insert on instance_conflict;
  drop trigger instance_conflict_size_update on instance_conflict;
  drop trigger instance_conflict_size_delete on instance_conflict;
`;

/** What open pages are told, and how much lies in the stores. */
export const operations: Migration = {
  name: '0010-operations',

  up: async (trx) => {
    await createStorage(trx);
    await createAnnouncements(trx);
  },

  down: async (trx) => {
    await trx.raw(TRIGGERS);
    for (const table of ['patient', 'device', 'association_refusal', 'instance_conflict']) {
      for (const change of ['insert', 'update', 'delete'])
        await trx.raw(`drop trigger ${table}_live_${change} on ${table}`);
    }
    await trx.raw(`
      drop function storage_roll_up, count_metadata, count_replaced, count_removed, count_added;
      drop table throughput_minute, storage_total, storage_change;
      drop function announce_end, announce_derivatives, announce_study_move, announce_studies, announce_rows,
                    announce_live(uuid, text, jsonb)
    `);
  },
};
