import { tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

/**
 * What an image shows, with how that is known: what the object itself says (`read_…`) stays beside what counts, so that a
 * rule or a correction can be taken back. `read_view` is null where the head was read before this was kept. And the rules
 * of a group about what its devices send; a rule of a shipped one's id takes its place.
 */
export const viewRules: Migration = {
  name: '0027-view-rules',

  up: async (trx) => {
    await trx.raw(`
      alter table instance_view
        add column laterality text check (laterality in ('R', 'L', 'B')),
        add column view_key text,
        add column origin text check (origin in ('codes', 'class', 'words', 'rule', 'person')),
        add column rule_id uuid,
        add column read_view text,
        add column read_teeth text[],
        add column read_laterality text,
        add column read_view_key text,
        add column read_origin text,
        add column model_name text,
        add column protocol_name text
    `);
    await tenantTable(
      trx,
      'view_rule',
      `id uuid not null default uuidv7(),
       position int not null,
       name text not null,
       active boolean not null,
       source text not null check (source in ('shipped', 'person', 'learned')),
       conditions jsonb not null,
       result jsonb not null,
       learned_from bigint,
       changed_at timestamptz not null default now(),
       primary key (tenant_id, id)`,
    );
    await tenantTable(
      trx,
      'view_rule_run',
      `id uuid not null default uuidv7(),
       device_id uuid,
       state text not null default 'queued' check (state in ('queued', 'running', 'done')),
       after_study uuid,
       looked int not null default 0,
       changed int not null default 0,
       started_at timestamptz not null default now(),
       ended_at timestamptz,
       primary key (tenant_id, id)`,
      ['select', 'insert', 'update'],
    );
  },

  down: async (trx) => {
    await trx.raw(`
      drop table view_rule_run, view_rule;
      alter table instance_view
        drop column laterality, drop column view_key, drop column origin, drop column rule_id, drop column read_view,
        drop column read_teeth, drop column read_laterality, drop column read_view_key, drop column read_origin,
        drop column model_name, drop column protocol_name;
    `);
  },
};
