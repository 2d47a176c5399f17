import { tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

/** The statistics of a young table would have it read whole for every statement. */
const BY_KEY = 'set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off';

/** Rows of a transition table with their studies, each found by its keys. */
const studiesOf = (rows: string): string => `
  select distinct r.tenant_id, se.study_id, r.view from ${rows} r
   cross join lateral (select i.series_id from instance i
                        where i.tenant_id = r.tenant_id and i.id = r.instance_id offset 0) i
   cross join lateral (select s.study_id from series s
                        where s.tenant_id = r.tenant_id and s.id = i.series_id offset 0) se`;

const note = (rows: string): string =>
  `insert into study_view (tenant_id, study_id, view) ${studiesOf(rows)} on conflict do nothing`;

/** Of the views that images had, those that no image of the study has any more. */
const forget = (rows: string): string => `
  delete from study_view v using (${studiesOf(rows)}) k
   where v.tenant_id = k.tenant_id and v.study_id = k.study_id and v.view = k.view
     and not exists (
       select from series s
        cross join lateral (select i.id from instance i
                             where i.tenant_id = s.tenant_id and i.series_id = s.id offset 0) i
        cross join lateral (select w.view from instance_view w
                             where w.tenant_id = s.tenant_id and w.instance_id = i.id offset 0) w
        where s.tenant_id = k.tenant_id and s.study_id = k.study_id and w.view = k.view)`;

/** Which views a study holds, one row for each, so that the study list can be asked for its panoramics. */
export const studyViews: Migration = {
  name: '0031-study-views',

  up: async (trx) => {
    await tenantTable(
      trx,
      'study_view',
      `study_id uuid not null,
       view text not null,
       primary key (tenant_id, study_id, view),
       foreign key (tenant_id, study_id) references study (tenant_id, id)`,
      ['select', 'insert', 'delete'],
    );
    await trx.raw(`
      create index study_view_view on study_view (tenant_id, view, study_id);

      create function note_views() returns trigger language plpgsql ${BY_KEY} as $$
      begin
        ${note('changed')};
        return null;
      end $$;

      create function move_views() returns trigger language plpgsql ${BY_KEY} as $$
      begin
        if exists (select from gone g join changed c on c.tenant_id = g.tenant_id and c.instance_id = g.instance_id
                    where c.view <> g.view) then
          ${note('changed')};
          ${forget('gone')};
        end if;
        return null;
      end $$;

      create function forget_views() returns trigger language plpgsql ${BY_KEY} as $$
      begin
        ${forget('gone')};
        return null;
      end $$;

      create trigger instance_view_noted after insert on instance_view referencing new table as changed
        for each statement execute function note_views();
      create trigger instance_view_moved after update on instance_view referencing old table as gone new table as changed
        for each statement execute function move_views();
      create trigger instance_view_removed after delete on instance_view referencing old table as gone
        for each statement execute function forget_views();

      insert into study_view (tenant_id, study_id, view)
        select distinct v.tenant_id, s.study_id, v.view from instance_view v
          join instance i on i.tenant_id = v.tenant_id and i.id = v.instance_id
          join series s on s.tenant_id = i.tenant_id and s.id = i.series_id;
    `);
  },

  down: async (trx) => {
    await trx.raw(`
      drop trigger instance_view_noted on instance_view;
      drop trigger instance_view_moved on instance_view;
      drop trigger instance_view_removed on instance_view;
      drop function note_views, move_views, forget_views;
      drop table study_view;
    `);
  },
};
