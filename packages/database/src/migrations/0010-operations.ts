import type { Knex } from 'knex';
import { liveTrigger } from '../schema/live-trigger.ts';
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
        if (select count(*) from (select from changed limit 200) as few) = 200 then
          perform announce_live(t.tenant_id, 'study.changed', '{}') from (select distinct c.tenant_id from changed c) t;
        else
          perform pg_notify('archwire_live', json_strip_nulls(json_build_object(
                    'tenantId', c.tenant_id, 'kind', 'study.changed', 'studyId', c.id, 'patientId', c.patient_id))::text)
             from changed c;
        end if;
        return null;
      end $$;
    create trigger study_live after update on study referencing new table as changed
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

const TRIGGERS = `
  drop trigger study_live on study;
  drop trigger study_move_live on study;
  drop trigger derivative_live_insert on derivative;
  drop trigger derivative_live_update on derivative;
  drop trigger session_live on session;
  drop trigger app_user_live on app_user;
`;

/** What open pages are told, and what an operator looks at. */
export const operations: Migration = {
  name: '0010-operations',

  up: async (trx) => {
    await createAnnouncements(trx);
  },

  down: async (trx) => {
    await trx.raw(TRIGGERS);
    for (const table of ['patient', 'device', 'association_refusal', 'instance_conflict']) {
      for (const change of ['insert', 'update', 'delete'])
        await trx.raw(`drop trigger ${table}_live_${change} on ${table}`);
    }
    await trx.raw(`
      drop function announce_end, announce_derivatives, announce_study_move, announce_studies, announce_rows,
                    announce_live(uuid, text, jsonb)
    `);
  },
};
