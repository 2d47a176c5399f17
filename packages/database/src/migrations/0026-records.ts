import { definerFunction } from '../schema/definer-function.ts';
import { liveTrigger } from '../schema/live-trigger.ts';
import { tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

/** Files that become part of one patient's record, how their pictures are shown, and folders that devices write into. */
export const records: Migration = {
  name: '0026-records',

  up: async (trx) => {
    await trx.raw(`
      alter table import_session
        add column patient_id uuid,
        add column record_study_id uuid,
        add column study_date date,
        add column study_description text,
        add column treatment_event text,
        add foreign key (tenant_id, patient_id) references patient (tenant_id, id) on delete cascade,
        add foreign key (tenant_id, record_study_id) references study (tenant_id, id) on delete cascade,
        add check ((patient_id is null) = (study_date is null));
      create index import_session_patient on import_session (tenant_id, patient_id) where patient_id is not null;
      alter table import_file add column shows jsonb;

      -- A name below the folder that the installation watches, on one level: of one device of one group.
      alter table device add column watch_folder text collate "C", add column watch_seen_at timestamptz, add column watch_problem text;
      create unique index device_watch_folder on device (watch_folder) where watch_folder is not null;
    `);

    await tenantTable(
      trx,
      'picture_adjustment',
      `instance_id bigint not null,
       adjustment jsonb not null,
       revision int not null default 1,
       changed_by uuid,
       changed_at timestamptz not null default now(),
       primary key (tenant_id, instance_id),
       foreign key (tenant_id, instance_id) references instance (tenant_id, id) on delete cascade`,
    );
    await trx.raw(`alter table derivative add column adjustment int not null default 0`);

    await tenantTable(
      trx,
      'watched_file',
      `id uuid not null default uuidv7(),
       device_id uuid not null,
       path text not null,
       size bigint not null,
       outcome text not null check (outcome in ('stored', 'duplicate', 'conflict', 'quarantined', 'skipped', 'unreadable', 'refused')),
       reason text,
       study_id uuid,
       at timestamptz not null default now(),
       primary key (tenant_id, id),
       foreign key (tenant_id, device_id) references device (tenant_id, id) on delete cascade,
       foreign key (tenant_id, study_id) references study (tenant_id, id) on delete set null (study_id)`,
    );
    await trx.raw('create index watched_file_device on watched_file (tenant_id, device_id, id)');
    await liveTrigger(trx, 'watched_file', 'device.changed', { name: 'deviceId', column: 'device_id' });

    await definerFunction(trx, {
      signature: 'list_watched_folders()',
      returns: 'table (tenant_id uuid, device_id uuid, location_id uuid, issuer text, folder text)',
      language: 'sql',
      body: `select d.tenant_id, d.id, d.location_id, coalesce(d.issuer, l.issuer), d.watch_folder
               from device d join location l on l.tenant_id = d.tenant_id and l.id = d.location_id
              where d.watch_folder is not null and d.active`,
    });
  },

  down: async (trx) => {
    await trx.raw(`
      drop function list_watched_folders();
      drop table watched_file, picture_adjustment;
      alter table derivative drop column adjustment;
      drop index device_watch_folder;
      alter table device drop column watch_folder, drop column watch_seen_at, drop column watch_problem;
      alter table import_file drop column shows;
      alter table import_session drop column patient_id, drop column record_study_id, drop column study_date,
        drop column study_description, drop column treatment_event;
    `);
  },
};
