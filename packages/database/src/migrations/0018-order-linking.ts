import { patchFunction } from '../schema/patch-function.ts';
import { tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

const INGEST: readonly (readonly [from: string, to: string])[] = [
  [
    'v_patient uuid;',
    `v_patient uuid;
        v_orders jsonb;          -- number of a new study in this batch to the order that it names`,
  ],
  [
    '          -- Whose images are these?',
    `          v_orders := orders_named(in_tenant, v_study_ids, in_studies, in_patients);
          -- Whose images are these?`,
  ],
  ['select p.*, st.revision,', 'select p.*, st.order_id, v_orders -> p.study::text as named, st.revision,'],
  [
    `when v_row.pat_id is null and v_row.study_pat_id is null and v_row.match_state = 'matched' then null
              when v_row.pat_id is null then 'missing-patient-id'`,
    `when v_row.pat_id is null and v_row.study_pat_id is null
                and (v_row.match_state = 'matched' or v_row.order_id is not null) then null
              when v_row.pat_id is null and v_row.named is null then 'missing-patient-id'`,
  ],
  [
    'v_patient := v_row.study_patient_id;',
    `v_patient := coalesce(v_row.study_patient_id, (v_row.named ->> 'patient')::uuid);`,
  ],
  [
    `when not (name_families(v_row.folded) && name_families(v_known.name_folded)) then 'name-differs'`,
    `when not (name_families(v_row.folded) && name_families(v_known.name_folded)) then 'name-differs'
              when v_row.named is not null and not names_agree(v_row.folded, v_known.name_folded) then 'name-differs'
              when v_row.named is not null and exists (
                select from patient_identifier k
                 where k.tenant_id = in_tenant and k.issuer = v_row.issuer and k.value = v_row.pat_id
                   and k.patient_id <> v_known.id) then 'patient-id-differs'`,
  ],
  [
    `who.reason is not null then 'quarantined' else st.match_state end,`,
    `who.reason is not null then
                   case when st.revision = 0 and v_orders -> d.study::text is not null or st.match_state = 'suggested'
                        then 'suggested' else 'quarantined' end
                   else st.match_state end,
                 order_id = case when st.revision = 0 then (v_orders -> d.study::text ->> 'order')::uuid else st.order_id end,`,
  ],
  [
    `          insert into outbox (tenant_id, topic, payload)
            select in_tenant, 'instances.stored'`,
    `          perform link_orders(in_tenant, v_study_ids);
          insert into outbox (tenant_id, topic, payload)
            select in_tenant, 'instances.stored'`,
  ],
];

const LIVE: readonly (readonly [from: string, to: string])[] = [
  [
    `if 'quarantined' in (old.match_state, new.match_state) and old.match_state <> new.match_state then`,
    `if old.match_state <> new.match_state
          and array['quarantined', 'suggested'] && array[old.match_state, new.match_state] then`,
  ],
];
const ALERTS: readonly (readonly [from: string, to: string])[] = [
  [`where q.match_state = 'quarantined' and`, `where q.match_state in ('quarantined', 'suggested') and`],
];

/** A study finds its order when it arrives. What equipment says that it did is kept: performed procedure steps. */
export const orderLinking: Migration = {
  name: '0018-order-linking',

  up: async (trx) => {
    await trx.raw(`
      alter table study
        add column order_id uuid,
        add foreign key (tenant_id, order_id) references imaging_order (tenant_id, id),
        drop constraint study_match_state_check,
        drop constraint study_check,
        add constraint study_match_state_check
          check (match_state in ('auto', 'matched', 'suggested', 'quarantined', 'rejected')),
        add constraint study_check
          check ((match_state in ('quarantined', 'suggested')) = (quarantine_reason is not null));
      create index study_order on study (tenant_id, order_id) where order_id is not null;
      drop index study_quarantine;
      create index study_quarantine on study (tenant_id, first_at desc, id)
        where match_state in ('quarantined', 'suggested');

      -- Family names agree, and given names as far as both are written: an initial is enough. Nothing disagrees with nothing.
      create function names_agree(one text, other text) returns boolean language sql immutable parallel safe as $$
        select one is null or other is null or exists (
          select from unnest(string_to_array(one, '=')) a, unnest(string_to_array(other, '=')) b,
                 lateral (select split_part(split_part(a, '^', 2), ' ', 1) as x, split_part(split_part(b, '^', 2), ' ', 1) as y) given
           where split_part(a, '^', 1) <> '' and split_part(a, '^', 1) = split_part(b, '^', 1)
             and (starts_with(x, y) or starts_with(y, x)))
      $$;

      -- The orders that the new studies of a batch name: by Study Instance UID, else by accession number. Images that say
      -- that their Patient ID is of somebody else's have an accession number of somebody else's.
      create function orders_named(in_tenant uuid, in_study_ids uuid[], in_studies jsonb, in_patients jsonb)
      returns jsonb language sql
      set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set join_collapse_limit = 1
      as $$
        select coalesce(jsonb_object_agg(s.n, jsonb_build_object('order', o.id, 'patient', o.patient_id)), '{}')
          from jsonb_to_recordset(in_studies) as s(n int, uid text, accession_no text, issuer text, location_id uuid)
          join study st on st.tenant_id = in_tenant and st.id = in_study_ids[s.n] and st.revision = 0
          cross join lateral (
            select id, patient_id from (
              select o.id, o.patient_id, 0 as proof from imaging_order o
               where o.tenant_id = in_tenant and o.study_uid = s.uid
              union all
              select o.id, o.patient_id, case when o.accession_issuer = s.issuer then 1 else 2 end from imaging_order o
               where o.tenant_id = in_tenant and o.accession_key = accession_key(s.accession_no)
                 and exists (
                   select from jsonb_to_recordset(in_patients) as p(study int, issuer text)
                     join location l on l.tenant_id = in_tenant and l.id = s.location_id
                    where p.study = s.n and p.issuer in (s.issuer, l.issuer, o.accession_issuer))) found
             order by proof, id limit 1) o
      $$;

      -- What names no order is for the one order of its patient for that day and modality; two are a question for a person.
      -- The first image begins an order.
      create function link_orders(in_tenant uuid, in_study_ids uuid[]) returns void language plpgsql
      set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set join_collapse_limit = 1
      as $$
      declare
        v_begun uuid[];
      begin
        update study st set order_id = one.order_id
          from (select st.id, (array_agg(o.id))[1] as order_id
                  from unnest(in_study_ids) as touched(id)
                  join study st on st.tenant_id = in_tenant and st.id = touched.id
                  join imaging_order o on o.tenant_id = in_tenant and o.patient_id = st.patient_id and o.start_date = st.on_date
                 where st.revision = 1 and st.order_id is null and st.match_state = 'auto'
                   and o.state in ('planned', 'scheduled', 'in_progress', 'partial')
                   and exists (
                     select from study_modality m
                       join imaging_order_step t on t.tenant_id = in_tenant and t.order_id = o.id and t.modality = m.modality
                      where m.tenant_id = in_tenant and m.study_id = st.id)
                 group by st.id having count(*) = 1) one
         where st.tenant_id = in_tenant and st.id = one.id;

        select array_agg(begun.id) into v_begun from (
          select o.id from (
            select distinct st.order_id from unnest(in_study_ids) as touched(id)
              join study st on st.tenant_id = in_tenant and st.id = touched.id
             where st.revision = 1 and st.order_id is not null and st.match_state = 'auto') st
            join imaging_order o on o.tenant_id = in_tenant and o.id = st.order_id
           where o.state in ('planned', 'scheduled')
           order by o.id for no key update of o) begun;
        if v_begun is null then return; end if;
        update imaging_order o
           set state = 'in_progress', started_at = coalesce(o.started_at, clock_timestamp()), updated_at = clock_timestamp()
         where o.tenant_id = in_tenant and o.id = any (v_begun);
        update imaging_order_step t set state = 'in_progress'
         where t.tenant_id = in_tenant and t.order_id = any (v_begun) and t.state = 'scheduled'
           and exists (
             select from unnest(in_study_ids) as touched(id)
               join study st on st.tenant_id = in_tenant and st.id = touched.id and st.order_id = t.order_id
               join study_modality m on m.tenant_id = in_tenant and m.study_id = st.id and m.modality = t.modality);
      end $$;
      revoke all on function orders_named, link_orders from public;
      grant execute on function orders_named, link_orders to archwire_app;
    `);
    await patchFunction(trx, 'ingest_batch', INGEST);
    await patchFunction(trx, 'announce_study_move', LIVE);
    await patchFunction(trx, 'evaluate_alerts', ALERTS);

    // device_id has no foreign key: a device may be forgotten, what it said that it did may not.
    await tenantTable(
      trx,
      'performed_step',
      `id uuid not null default uuidv7(),
       sop_uid text collate "C" not null,
       location_id uuid not null,
       device_id uuid,
       calling_ae text,
       state text not null check (state in ('in_progress', 'completed', 'discontinued')),
       data_set jsonb not null,
       created_at timestamptz not null default now(),
       updated_at timestamptz not null default now(),
       primary key (tenant_id, id),
       unique (tenant_id, sop_uid),
       foreign key (tenant_id, location_id) references location (tenant_id, id)`,
      ['select', 'insert', 'update'],
    );
    // No step: the order is named, but none of its steps.
    await tenantTable(
      trx,
      'performed_step_order',
      `performed_step_id uuid not null,
       order_id uuid not null,
       step_no smallint not null default 0,
       primary key (tenant_id, performed_step_id, order_id, step_no),
       foreign key (tenant_id, performed_step_id) references performed_step (tenant_id, id),
       foreign key (tenant_id, order_id) references imaging_order (tenant_id, id)`,
      ['select', 'insert'],
    );
    await trx.raw('create index performed_step_order_order on performed_step_order (tenant_id, order_id)');
  },

  down: async (trx) => {
    await patchFunction(trx, 'evaluate_alerts', ALERTS, 'backwards');
    await patchFunction(trx, 'announce_study_move', LIVE, 'backwards');
    await patchFunction(trx, 'ingest_batch', INGEST, 'backwards');
    await trx.raw(`
      drop table performed_step_order, performed_step;
      drop function link_orders, orders_named, names_agree;
      update study set match_state = 'quarantined' where match_state = 'suggested';
      drop index study_quarantine;
      create index study_quarantine on study (tenant_id, first_at desc, id) where match_state = 'quarantined';
      alter table study
        drop constraint study_match_state_check, drop constraint study_check, drop column order_id,
        add constraint study_match_state_check check (match_state in ('auto', 'matched', 'quarantined', 'rejected')),
        add constraint study_check check ((match_state = 'quarantined') = (quarantine_reason is not null));
    `);
  },
};
