import { definerFunction } from '../schema/definer-function.ts';
import { tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

/**
 * What people type into a search field, as ranges of a plain index. `name_token` is a dictionary: each word of each
 * folded name that a study or a patient ever had, with the whole name, by which the studies are found. It grows with the
 * names, not with the studies, and only by insertion: a name that nobody bears any more finds nothing.
 */
export const studySearch: Migration = {
  name: '0007-study-search',

  up: async (trx) => {
    await trx.raw('create extension if not exists pg_trgm; create extension if not exists btree_gin');
    await tenantTable(
      trx,
      'name_token',
      `token text collate "C" not null,
       name text collate "C" not null,
       primary key (tenant_id, token, name)`,
      ['select', 'insert'],
    );
    // Only for similar_words: no plan of the application can use it under row-level security.
    await trx.raw('create index name_token_similar on name_token using gin (tenant_id, token gin_trgm_ops)');

    // An index entry has room for a name and the beginning of a word, whatever a device sent.
    await trx.raw(`
      create function name_words(folded text) returns setof text language sql immutable parallel safe
        as $$ select distinct left(word, 64) collate "C" from string_to_table(translate(folded, '^=', '  '), ' ') word
               where word <> '' $$;

      -- All words of a name are noted together, so its first one tells whether it is known. In one order, so that two
      -- batches with the same new names wait for one another and never in a circle.
      create function insert_names(in_tenant uuid, in_names text[]) returns void language plpgsql
      -- As in ingest_batch: by key, also while the table is young.
      set enable_seqscan = off
      as $$
      declare
        v_name text collate "C";
      begin
        for v_name in select distinct u collate "C" from unnest(in_names) u where u is not null order by 1 loop
          continue when exists (
            select 1 from name_token k where k.tenant_id = in_tenant and k.name = v_name
               and k.token = left(split_part(translate(v_name, '^=', '  '), ' ', 1), 64));
          insert into name_token (tenant_id, token, name)
            select in_tenant, word, v_name from name_words(v_name) word order by word on conflict do nothing;
        end loop;
      end $$;

      create function note_names(in_tenant uuid, in_names text[]) returns uuid language plpgsql as $$
      begin
        if app_tenant() is not null and app_tenant() <> in_tenant then
          raise exception 'note_names was called inside the transaction of another tenant' using errcode = '42501';
        end if;
        perform set_config('app.tenant_id', in_tenant::text, true);
        perform insert_names(in_tenant, in_names);
        return in_tenant;
      end $$;
      revoke all on function insert_names, note_names from public;
      grant execute on function insert_names, note_names to archwire_app;
    `);
    // An ingest has noted the names of its batch before; this is for whoever writes one otherwise.
    for (const [table, column] of [
      ['study', 'pat_name_folded'],
      ['patient', 'name_folded'],
    ] as const) {
      await trx.raw(`
        create function note_${table}_name() returns trigger language plpgsql as $$
        begin
          perform insert_names(new.tenant_id, array[new.${column}]);
          return null;
        end $$;
        create trigger ${table}_name_made after insert on ${table} for each row
          when (new.${column} is not null) execute function note_${table}_name();
        create trigger ${table}_name_changed after update of ${column} on ${table} for each row
          when (new.${column} is not null and new.${column} is distinct from old.${column})
          execute function note_${table}_name();
      `);
    }

    await trx.raw(`
      alter table study
        add column pat_id_folded text collate "C" generated always as (lower(pat_id)) stored,
        add column accession_folded text collate "C" generated always as (lower(accession_no)) stored;
      alter table patient add column mrn_folded text collate "C" generated always as (lower(mrn)) stored;
      alter table patient_identifier add column value_folded text collate "C" generated always as (lower(value)) stored;
      create index study_pat_id_folded on study (tenant_id, pat_id_folded) where pat_id_folded is not null;
      create index study_accession_folded on study (tenant_id, accession_folded) where accession_folded is not null;
      create index patient_mrn_folded on patient (tenant_id, mrn_folded) where mrn_folded is not null;
      create index patient_identifier_folded on patient_identifier (tenant_id, value_folded);
    `);

    // device_id has no foreign key: a device may be forgotten, its images may not.
    await tenantTable(
      trx,
      'study_device',
      `study_id uuid not null,
       device_id uuid not null,
       primary key (tenant_id, study_id, device_id),
       foreign key (tenant_id, study_id) references study (tenant_id, id)`,
    );
    await trx.raw(`
      create index study_device_device on study_device (tenant_id, device_id, study_id);

      create function note_devices() returns trigger language plpgsql
      set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off
      as $$
      begin
        insert into study_device (tenant_id, study_id, device_id)
          select a.tenant_id, se.study_id, a.device_id
            from (select distinct tenant_id, series_id, device_id from added where device_id is not null) a
            join series se on se.tenant_id = a.tenant_id and se.id = a.series_id
          on conflict do nothing;
        return null;
      end $$;
      create trigger instance_device after insert on instance referencing new table as added
        for each statement execute function note_devices();
    `);

    await definerFunction(trx, {
      signature: 'similar_words(wanted text, how_many int)',
      returns: 'table (word text)',
      language: 'sql',
      body: `
        select found.token from (
          select distinct t.token, similarity(t.token, wanted) as likeness from name_token t
           where t.tenant_id = app_tenant() and length(wanted) between 3 and 64
             and (t.token % wanted or t.token like '%' || replace(replace(replace(wanted, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%')
          ) found order by found.likeness desc, found.token limit least(how_many, 20)
      `,
    });

    await trx.raw(`
      insert into name_token (tenant_id, token, name)
        select n.tenant_id, word, n.name
          from (select tenant_id, pat_name_folded as name from study where pat_name_folded is not null
                union select tenant_id, name_folded from patient where name_folded is not null) n,
               name_words(n.name) word;
      insert into study_device (tenant_id, study_id, device_id)
        select distinct i.tenant_id, se.study_id, i.device_id from instance i
          join series se on se.tenant_id = i.tenant_id and se.id = i.series_id where i.device_id is not null;
    `);
  },

  down: async (trx) => {
    await trx.raw(`
      drop function similar_words;
      drop trigger instance_device on instance;
      drop trigger study_name_made on study;
      drop trigger study_name_changed on study;
      drop trigger patient_name_made on patient;
      drop trigger patient_name_changed on patient;
      drop function note_devices, note_study_name, note_patient_name, note_names, insert_names, name_words;
      drop table study_device, name_token;
      alter table study drop column pat_id_folded, drop column accession_folded;
      alter table patient drop column mrn_folded;
      alter table patient_identifier drop column value_folded;
      drop extension btree_gin, pg_trgm;
    `);
  },
};
