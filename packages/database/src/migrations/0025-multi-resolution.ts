import type { Migration } from './migration.ts';

/**
 * Pictures that are made again although nothing changed (`rebuild_at`, and `generation` in their addresses), what they weigh
 * against the pixels that they show, and the first look of a series: all of a volume at a low resolution in one object.
 */
export const multiResolution: Migration = {
  name: '0025-multi-resolution',

  up: async (trx) => {
    await trx.raw(`
      alter table derivative
        add column generation int not null default 0,
        add column rebuild_at timestamptz,
        add column compression_ratio real;
      alter table series
        add column first_look_key text,
        add column first_look_length bigint,
        add column first_look_revision int;
    `);
  },

  down: async (trx) => {
    await trx.raw(`
      alter table series drop column first_look_key, drop column first_look_length, drop column first_look_revision;
      alter table derivative drop column generation, drop column rebuild_at, drop column compression_ratio;
    `);
  },
};
