import { tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

/**
 * A patient's studies in the order of their days, one index walk: `on_date` is the day of the study, or of its arrival
 * when the images say no day. And what each image shows, where its head tells more than modality and SOP class do.
 */
export const timeline: Migration = {
  name: '0008-timeline',

  up: async (trx) => {
    await trx.raw(`
      alter table study
        add column on_date date not null
          generated always as (coalesce(study_date, (first_at at time zone 'UTC')::date)) stored,
        add column on_time text collate "C" not null generated always as (coalesce(study_time, '')) stored;
      drop index study_patient;
      create index study_timeline on study (tenant_id, patient_id, on_date desc, on_time desc, id desc);
    `);
    await tenantTable(
      trx,
      'instance_view',
      `instance_id bigint not null,
       view text not null,
       teeth text[] not null default '{}',
       primary key (tenant_id, instance_id),
       foreign key (tenant_id, instance_id) references instance (tenant_id, id)`,
    );
  },

  down: async (trx) => {
    await trx.raw(`
      drop table instance_view;
      drop index study_timeline;
      alter table study drop column on_date, drop column on_time;
      create index study_patient on study (tenant_id, patient_id, study_date desc);
    `);
  },
};
