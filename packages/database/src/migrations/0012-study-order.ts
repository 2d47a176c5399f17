import type { Migration } from './migration.ts';

/** The order of the study list, for the whole group and for one location: every page is a walk of one of these. */
export const studyOrder: Migration = {
  name: '0012-study-order',

  up: async (trx) => {
    await trx.raw(`
      create index study_on_date on study (tenant_id, on_date desc, on_time desc, id desc);
      create index study_location on study (tenant_id, location_id, on_date desc, on_time desc, id desc);
    `);
  },

  down: async (trx) => {
    await trx.raw('drop index study_on_date, study_location');
  },
};
