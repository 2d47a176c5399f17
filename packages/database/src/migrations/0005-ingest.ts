import type { Migration } from './migration.ts';

/**
 * The ingest function. One call is one round trip and one transaction. Locks are taken in one global order, each stage
 * sorted, so that overlapping batches wait for one another but never in a circle:
 * uid_code, study by UID, series by UID, instance by SOP UID, instance_conflict, patient by (issuer, Patient ID).
 * The study row is locked throughout: all that follows about one study is serial.
 */
export const ingest: Migration = {
  name: '0005-ingest',

  up: async (trx) => {
    const text = `
      create function name_families(folded text) returns text[] language sql immutable parallel safe
        as $$ select array_agg(split_part(part, '^', 1)) from unnest(string_to_array(folded, '=')) part
               where split_part(part, '^', 1) <> '' $$;

      create function ingest_batch(
        in_tenant uuid, in_uids text[], in_studies jsonb, in_series jsonb, in_patients jsonb, in_instances jsonb
      ) returns table (n int, outcome text, instance_id bigint, series_id uuid, study_id uuid, kept boolean)
      language plpgsql
      -- Every join starts at the batch and finds rows by key. The planner, with the statistics of a young table, would
      -- read all of a tenant instead, and keep that plan while the table grows.
      set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set join_collapse_limit = 1
      as $ingest$
      #variable_conflict use_column
      declare
        v_study_ids uuid[];      -- by number of the study in this batch, and so on
        v_series_ids uuid[];
        v_study_of int[];        -- of a series
        v_new_series boolean[];  -- made by this call, at the end only if it holds something
        v_stored jsonb;          -- SOP Instance UID to id, of what was inserted
        v_ids bigint[];          -- of an instance, null when it was not inserted
        v_all_stored boolean;
        v_speaking int[];        -- patients that came with something stored
        v_patient_of uuid[] := '{}';
        v_reason_of text[] := '{}';
        v_row record;
        v_known record;
        v_patient uuid;
      begin
        if app_tenant() is not null and app_tenant() <> in_tenant then
          raise exception 'ingest_batch was called inside the transaction of another tenant' using errcode = '42501';
        end if;
        perform set_config('app.tenant_id', in_tenant::text, true);

        insert into uid_code (uid)
          select u.uid from unnest(in_uids) as u(uid)
           where not exists (select 1 from uid_code k where k.uid = u.uid) order by u.uid
          on conflict do nothing;

        -- revision 0 marks what this call creates: everything committed has at least 1.
        insert into study (tenant_id, study_uid, location_id, match_state, issuer)
          select in_tenant, s.uid, s.location_id, 'auto', s.issuer
            from jsonb_to_recordset(in_studies) as s(uid text, location_id uuid, issuer text) order by s.uid collate "C"
          on conflict (tenant_id, study_uid) do nothing;
        perform 1 from jsonb_to_recordset(in_studies) as s(uid text)
          join study st on st.tenant_id = in_tenant and st.study_uid = s.uid
          order by st.study_uid for no key update of st;
        select array_agg(st.id order by s.n) into v_study_ids
          from jsonb_to_recordset(in_studies) as s(n int, uid text)
          join study st on st.tenant_id = in_tenant and st.study_uid = s.uid;

        insert into series (tenant_id, study_id, series_uid, modality, series_number, series_date, series_time, description,
                            body_part, laterality, station_name, manufacturer, pps_start_date, pps_start_time)
          select in_tenant, v_study_ids[s.study], s.uid, s.modality, s.number, s.date, s.time, s.description,
                 s.body_part, s.laterality, s.station_name, s.manufacturer, s.pps_date, s.pps_time
            from jsonb_to_recordset(in_series) as s(study int, uid text, modality text, number int, date date, time text,
                 description text, body_part text, laterality text, station_name text, manufacturer text, pps_date date, pps_time text)
           order by s.uid collate "C", v_study_ids[s.study]
          on conflict (tenant_id, series_uid, study_id) do nothing;
        perform 1 from jsonb_to_recordset(in_series) as s(study int, uid text)
          join series se on se.tenant_id = in_tenant and se.series_uid = s.uid and se.study_id = v_study_ids[s.study]
          order by se.series_uid, se.study_id for no key update of se;
        select array_agg(se.id order by s.n), array_agg(s.study order by s.n), array_agg(se.revision = 0 order by s.n)
          into v_series_ids, v_study_of, v_new_series
          from jsonb_to_recordset(in_series) as s(n int, study int, uid text)
          join series se on se.tenant_id = in_tenant and se.series_uid = s.uid and se.study_id = v_study_ids[s.study];

        with inserted as (
          insert into instance (tenant_id, series_id, sop_uid, sop_class, transfer_syntax, instance_number, rows, columns,
                                bits_allocated, frames, sha256, store, key, "offset", length, device_id, arrived_at)
            select in_tenant, v_series_ids[i.series], i.sop, c.code, t.code, i.number, i.rows, i.columns,
                   i.bits, i.frames, decode(i.sha, 'hex'), i.store, i.key, i."offset", i.length, i.device_id, i.arrived_at
              from jsonb_to_recordset(in_instances) as i(first boolean, series int, sop text, class text, syntax text, number int,
                   rows int, columns int, bits smallint, frames int, sha text, store text, key text, "offset" bigint,
                   length bigint, device_id uuid, arrived_at timestamptz)
              join uid_code c on c.uid = i.class
              join uid_code t on t.uid = i.syntax
             where i.first
             order by i.sop collate "C"
            on conflict (tenant_id, sop_uid) do nothing
            returning id, sop_uid)
        select coalesce(jsonb_object_agg(sop_uid, id), '{}') into v_stored from inserted;
        -- One row per arrival; "stored" is null when the UID was there before or stands earlier in this batch.
        select array_agg(case when i.first then (v_stored ->> i.sop)::bigint end order by i.n) into v_ids
          from jsonb_to_recordset(in_instances) as i(n int, first boolean, sop text);
        v_all_stored := array_position(v_ids, null) is null;

        if not v_all_stored then
          -- Other bytes under the same UID are kept beside.
          perform 1 from (
            select e.id from (select distinct i.sop, i.sha from jsonb_to_recordset(in_instances) as i(sop text, sha text)) i
              join instance e on e.tenant_id = in_tenant and e.sop_uid = i.sop
             where e.sha256 <> decode(i.sha, 'hex')) differing
            join instance e on e.tenant_id = in_tenant and e.id = differing.id
            order by e.sop_uid for no key update of e;
          with noted as (
            insert into instance_conflict (tenant_id, sop_uid, instance_id, sha256, store, key, "offset", length, device_id, received_at)
              select in_tenant, i.sop, e.id, decode(i.sha, 'hex'), i.store, i.key, i."offset", i.length, i.device_id, i.arrived_at
                from jsonb_to_recordset(in_instances) as i(n int, sop text, sha text, store text, key text, "offset" bigint,
                     length bigint, device_id uuid, arrived_at timestamptz)
                join instance e on e.tenant_id = in_tenant and e.sop_uid = i.sop
               where e.sha256 <> decode(i.sha, 'hex')
               order by i.sop collate "C", i.sha, i.n
              on conflict (tenant_id, sop_uid, sha256) do nothing
              returning id, instance_id),
          marked as (
            update instance e set conflicted = true
              from (select distinct instance_id from noted) k
             where e.tenant_id = in_tenant and e.id = k.instance_id)
          insert into outbox (tenant_id, topic, payload)
            select in_tenant, 'instance.conflict', jsonb_build_object(
                     'conflictId', k.id, 'instanceId', e.id::text, 'seriesId', se.id, 'studyId', se.study_id)
              from noted k
              join instance e on e.tenant_id = in_tenant and e.id = k.instance_id
              join series se on se.tenant_id = in_tenant and se.id = e.series_id;
        end if;

        if v_stored <> '{}' then
          update series se
             set instance_count = se.instance_count + d.instances, byte_count = se.byte_count + d.bytes,
                 unsettled_count = se.unsettled_count + d.unsettled, revision = se.revision + 1,
                 last_arrival_at = clock_timestamp()
            from (select i.series, count(*) as instances, sum(i.length)::bigint as bytes,
                         count(*) filter (where i.store = 'journal') as unsettled
                    from jsonb_to_recordset(in_instances) as i(n int, series int, length bigint, store text)
                   where v_ids[i.n] is not null group by i.series) d
           where se.tenant_id = in_tenant and se.id = v_series_ids[d.series];
          select array_agg(v_new_series[s.n] and se.revision = 1 order by s.n) into v_new_series
            from jsonb_to_recordset(in_series) as s(n int)
            join series se on se.tenant_id = in_tenant and se.id = v_series_ids[s.n];
          select array_agg(distinct i.patient) into v_speaking
            from jsonb_to_recordset(in_instances) as i(n int, patient int) where v_ids[i.n] is not null;

          -- Whose images are these? Only what was stored now speaks; an identity that a person decided stays.
          for v_row in
            select p.*, st.revision, st.match_state, st.pat_id as study_pat_id, st.issuer as study_issuer,
                   st.patient_id as study_patient_id,
                   min(coalesce(p.pat_id, '') || chr(31) || p.issuer) over one_study
                     = max(coalesce(p.pat_id, '') || chr(31) || p.issuer) over one_study as alone
              from jsonb_to_recordset(in_patients) as p(n int, study int, pat_id text, issuer text, name text, folded text,
                   birth_date date, sex text)
              join study st on st.tenant_id = in_tenant and st.id = v_study_ids[p.study]
             where p.n = any (v_speaking)
            window one_study as (partition by p.study)
             order by p.issuer collate "C", p.pat_id collate "C", p.n
          loop
            v_reason_of[v_row.n] := case
              when not v_row.alone then 'patient-id-differs'
              when v_row.pat_id is null and v_row.study_pat_id is null and v_row.match_state = 'matched' then null
              when v_row.pat_id is null then 'missing-patient-id'
              when v_row.revision > 0
                and (v_row.study_pat_id, v_row.study_issuer) is distinct from (v_row.pat_id, v_row.issuer)
                then 'patient-id-differs'
            end;
            continue when v_reason_of[v_row.n] is not null or (v_row.revision > 0 and v_row.match_state <> 'auto');

            v_patient := v_row.study_patient_id;
            if v_patient is null then
              select k.patient_id into v_patient from patient_identifier k
               where k.tenant_id = in_tenant and k.issuer = v_row.issuer and k.value = v_row.pat_id;
            end if;
            if v_patient is null then
              insert into patient (tenant_id, registration, name, name_folded, birth_date, sex)
                values (in_tenant, 'imaging-only', v_row.name, v_row.folded, v_row.birth_date, v_row.sex)
                returning id into v_patient;
              insert into patient_identifier (tenant_id, issuer, value, patient_id)
                values (in_tenant, v_row.issuer, v_row.pat_id, v_patient) on conflict do nothing;
              if not found then
                -- Another batch was first; its commit is what we waited for.
                delete from patient where tenant_id = in_tenant and id = v_patient;
                select k.patient_id into v_patient from patient_identifier k
                 where k.tenant_id = in_tenant and k.issuer = v_row.issuer and k.value = v_row.pat_id;
              end if;
            end if;

            loop
              -- The lock that the foreign key takes anyway, before the look: a merge comes first or sees this study.
              select * into strict v_known from patient k where k.tenant_id = in_tenant and k.id = v_patient for key share;
              exit when v_known.merged_into is null;
              v_patient := v_known.merged_into;
            end loop;
            v_reason_of[v_row.n] := case
              when not (name_families(v_row.folded) && name_families(v_known.name_folded)) then 'name-differs'
              when v_row.birth_date <> v_known.birth_date then 'birth-date-differs'
            end;
            continue when v_reason_of[v_row.n] is not null;
            v_patient_of[v_row.n] := v_patient;
            if v_known.registration = 'imaging-only'
              and ((v_known.name is null and v_row.name is not null)
                or (v_known.birth_date is null and v_row.birth_date is not null)
                or (v_known.sex is null and v_row.sex is not null)) then
              update patient k
                 set name = coalesce(k.name, v_row.name), name_folded = coalesce(k.name_folded, v_row.folded),
                     birth_date = coalesce(k.birth_date, v_row.birth_date), sex = coalesce(k.sex, v_row.sex), updated_at = now()
               where k.tenant_id = in_tenant and k.id = v_patient;
            end if;
          end loop;

          update study st
             set patient_id = case
                   when st.match_state = 'rejected' then st.patient_id
                   when who.reason is not null then null
                   when st.revision = 0 then who.patient
                   else st.patient_id end,
                 match_state = case when st.match_state <> 'rejected' and who.reason is not null then 'quarantined' else st.match_state end,
                 quarantine_reason = case
                   when st.match_state = 'rejected' then null else coalesce(st.quarantine_reason, who.reason) end,
                 pat_id = case when st.revision = 0 then who.pat_id else st.pat_id end,
                 issuer = case when st.revision = 0 then who.issuer else st.issuer end,
                 pat_name = coalesce(st.pat_name, who.name),
                 pat_name_folded = coalesce(st.pat_name_folded, who.folded),
                 pat_birth_date = coalesce(st.pat_birth_date, who.birth_date),
                 pat_sex = coalesce(st.pat_sex, who.sex),
                 accession_no = coalesce(st.accession_no, s.accession_no),
                 study_date = coalesce(st.study_date, s.date),
                 study_time = coalesce(st.study_time, s.time),
                 timezone_offset = coalesce(st.timezone_offset, s.timezone),
                 study_dicom_id = coalesce(st.study_dicom_id, s.dicom_id),
                 description = coalesce(st.description, s.description),
                 referring_name = coalesce(st.referring_name, s.referring_name),
                 institution_name = coalesce(st.institution_name, s.institution_name),
                 series_count = st.series_count + d.new_series,
                 instance_count = st.instance_count + d.instances,
                 byte_count = st.byte_count + d.bytes,
                 revision = st.revision + 1,
                 updated_at = clock_timestamp()
            from (select se.study, count(*) as instances, sum(i.length)::bigint as bytes,
                         count(distinct i.series) filter (where v_new_series[i.series]) as new_series
                    from jsonb_to_recordset(in_instances) as i(n int, series int, length bigint)
                    join lateral (select v_study_of[i.series] as study) se on true
                   where v_ids[i.n] is not null group by se.study) d
            join jsonb_to_recordset(in_studies) as s(n int, date date, time text, timezone text, dicom_id text,
                   description text, accession_no text, referring_name text, institution_name text)
              on s.n = d.study
            join (
              select p.study, (array_agg(p.pat_id order by p.n))[1] as pat_id, (array_agg(p.issuer order by p.n))[1] as issuer,
                     (array_agg(p.name order by p.n))[1] as name, (array_agg(p.folded order by p.n))[1] as folded,
                     (array_agg(p.birth_date order by p.n))[1] as birth_date, (array_agg(p.sex order by p.n))[1] as sex,
                     (array_agg(v_patient_of[p.n] order by p.n))[1] as patient,
                     (array_agg(v_reason_of[p.n] order by p.n) filter (where v_reason_of[p.n] is not null))[1] as reason
                from jsonb_to_recordset(in_patients) as p(n int, study int, pat_id text, issuer text, name text, folded text,
                     birth_date date, sex text)
               where p.n = any (v_speaking) group by p.study) who on who.study = d.study
           where st.tenant_id = in_tenant and st.id = v_study_ids[d.study];

          insert into study_modality (tenant_id, study_id, modality, series_count)
            select in_tenant, v_study_ids[s.study], s.modality, count(*)
              from jsonb_to_recordset(in_series) as s(n int, study int, modality text)
             where v_new_series[s.n] and s.modality is not null
             group by s.study, s.modality
            on conflict (tenant_id, study_id, modality)
              do update set series_count = study_modality.series_count + excluded.series_count;
          update study_modality m set study_date = st.study_date
            from unnest(v_study_ids) as touched(id)
            join study st on st.tenant_id = in_tenant and st.id = touched.id
           where m.tenant_id = in_tenant and m.study_id = st.id and m.study_date is distinct from st.study_date;

          insert into outbox (tenant_id, topic, payload)
            select in_tenant, 'instances.stored', jsonb_build_object(
                     'studyId', v_study_ids[v_study_of[i.series]], 'seriesId', v_series_ids[i.series],
                     'instanceIds', jsonb_agg(v_ids[i.n]::text order by v_ids[i.n]))
              from jsonb_to_recordset(in_instances) as i(n int, series int)
             where v_ids[i.n] is not null
             group by i.series order by i.series;
        end if;

        if v_all_stored then
          return query
            select i.n, 'stored', v_ids[i.n], v_series_ids[i.series], v_study_ids[v_study_of[i.series]], true
              from jsonb_to_recordset(in_instances) as i(n int, series int) order by i.n;
          return;
        end if;

        -- Created above for instances that turned out to live elsewhere already.
        delete from series se where se.tenant_id = in_tenant and se.id = any (v_series_ids) and se.revision = 0;
        delete from study st where st.tenant_id = in_tenant and st.id = any (v_study_ids) and st.revision = 0;

        return query
          select i.n,
                 case when v_ids[i.n] is not null then 'stored'
                      when e.sha256 = decode(i.sha, 'hex') then 'duplicate'
                      else 'conflict' end,
                 e.id, e.series_id, se.study_id,
                 (e.store, e.key, e."offset") = (i.store, i.key, i."offset")
                   or exists (select 1 from instance_conflict k
                               where k.tenant_id = in_tenant and k.sop_uid = i.sop and k.sha256 = decode(i.sha, 'hex')
                                 and (k.store, k.key, k."offset") = (i.store, i.key, i."offset"))
            from jsonb_to_recordset(in_instances) as i(n int, sop text, sha text, store text, key text, "offset" bigint)
            join instance e on e.tenant_id = in_tenant and e.sop_uid = i.sop
            join series se on se.tenant_id = in_tenant and se.id = e.series_id
           order by i.n;
      end
      $ingest$;

      revoke all on function ingest_batch from public;
      grant execute on function ingest_batch to archwire_app;
    `;
    await trx.raw(text.replaceAll('?', '\\?'));
  },

  down: async (trx) => {
    await trx.raw('drop function ingest_batch, name_families');
  },
};
