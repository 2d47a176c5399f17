import type { Migration } from './migration.ts';

/**
 * The series of the pictures that a statement wrote, found by the key of each instance: with the statistics of a young
 * table the planner walked the whole series for every picture, which was most of the cost of making them.
 */
export const derivativeLive: Migration = {
  name: '0022-derivative-live',

  up: async (trx) => {
    await trx.raw(`
      create or replace function announce_derivatives() returns trigger language plpgsql
      set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set join_collapse_limit = 1
      as $$
      begin
        perform announce_live(k.tenant_id, 'derivative.made', jsonb_build_object('seriesId', k.series_id, 'studyId', k.study_id))
           from (select of_series.tenant_id, of_series.series_id,
                        (select se.study_id from series se
                          where se.tenant_id = of_series.tenant_id and se.id = of_series.series_id) as study_id
                   from (select distinct c.tenant_id,
                                (select i.series_id from instance i
                                  where i.tenant_id = c.tenant_id and i.id = c.instance_id) as series_id
                           from (select distinct tenant_id, instance_id from changed) c) of_series
                  limit 200) k;
        return null;
      end $$;
    `);
  },

  down: async (trx) => {
    await trx.raw(`
      create or replace function announce_derivatives() returns trigger language plpgsql as $$
      begin
        perform announce_live(k.tenant_id, 'derivative.made', jsonb_build_object('seriesId', k.series_id, 'studyId', k.study_id))
           from (select distinct c.tenant_id, i.series_id, se.study_id from changed c
                   join instance i on i.tenant_id = c.tenant_id and i.id = c.instance_id
                   join series se on se.tenant_id = i.tenant_id and se.id = i.series_id limit 200) k;
        return null;
      end $$;
    `);
  },
};
