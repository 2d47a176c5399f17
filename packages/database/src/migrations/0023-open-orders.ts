import { patchFunction } from '../schema/patch-function.ts';
import type { Migration } from './migration.ts';

/**
 * Each new study by its key, then the orders of its patient. A plain join is free to read all studies of a group and then
 * ask for each whether it is among the new ones, which it does while the table is young; OFFSET forbids it.
 */
const NAMED: readonly (readonly [from: string, to: string])[] = [
  [
    `          join study st on st.tenant_id = in_tenant and st.id = in_study_ids[s.n] and st.revision = 0`,
    `          cross join lateral (
            select k.id from study k
             where k.tenant_id = in_tenant and k.id = in_study_ids[s.n] and k.revision = 0 offset 0) st`,
  ],
];
const LINK: readonly (readonly [from: string, to: string])[] = [
  ['v_begun uuid[];', 'v_begun uuid[]; v_studies uuid[]; v_orders uuid[];'],
  [
    `        update study st set order_id = one.order_id
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
           order by o.id for no key update of o) begun;`,
    `        select array_agg(st.id), array_agg(one.order_id) into v_studies, v_orders
          from unnest(in_study_ids) as touched(id)
         cross join lateral (
           select s.id, s.patient_id, s.on_date from study s
            where s.tenant_id = in_tenant and s.id = touched.id and s.revision = 1 and s.order_id is null
              and s.match_state = 'auto' offset 0) st
         cross join lateral (
           select (array_agg(o.id))[1] as order_id from imaging_order o
            where o.tenant_id = in_tenant and o.patient_id = st.patient_id and o.start_date = st.on_date
              and o.state in ('planned', 'scheduled', 'in_progress', 'partial')
              and exists (
                select from study_modality m
                  join imaging_order_step t on t.tenant_id = in_tenant and t.order_id = o.id and t.modality = m.modality
                 where m.tenant_id = in_tenant and m.study_id = st.id offset 0)
           having count(*) = 1) one;
        if v_studies is not null then
          update study st set order_id = v_orders[array_position(v_studies, st.id)]
           where st.tenant_id = in_tenant and st.id = any (v_studies);
        end if;

        select array_agg(begun.id) into v_begun from (
          select o.id from imaging_order o
           where o.tenant_id = in_tenant and o.state in ('planned', 'scheduled')
             and o.id = any (array(
               select st.order_id from unnest(in_study_ids) as touched(id)
                cross join lateral (
                  select s.order_id from study s
                   where s.tenant_id = in_tenant and s.id = touched.id and s.revision = 1 and s.order_id is not null
                     and s.match_state = 'auto' offset 0) st))
           order by o.id for no key update of o) begun;`,
  ],
  [
    `           and exists (
             select from unnest(in_study_ids) as touched(id)
               join study st on st.tenant_id = in_tenant and st.id = touched.id and st.order_id = t.order_id
               join study_modality m on m.tenant_id = in_tenant and m.study_id = st.id and m.modality = t.modality);`,
    `           and exists (
             select from study st join study_modality m on m.tenant_id = in_tenant and m.study_id = st.id
              where st.tenant_id = in_tenant and st.order_id = t.order_id and st.match_state = 'auto'
                and m.modality = t.modality offset 0);`,
  ],
];

/** The worklist walks orders that are open, and linking finds by key, however many orders and studies a group has. */
export const openOrders: Migration = {
  name: '0023-open-orders',

  up: async (trx) => {
    await trx.raw(`
      create index imaging_order_open on imaging_order (tenant_id, location_id, start_date, start_time, id)
        where state in ('scheduled', 'in_progress', 'partial')
    `);
    await patchFunction(trx, 'orders_named', NAMED);
    await patchFunction(trx, 'link_orders', LINK);
  },

  down: async (trx) => {
    await patchFunction(trx, 'link_orders', LINK, 'backwards');
    await patchFunction(trx, 'orders_named', NAMED, 'backwards');
    await trx.raw('drop index imaging_order_open');
  },
};
