import { definerFunction } from '../schema/definer-function.ts';
import { liveTrigger } from '../schema/live-trigger.ts';
import { tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

/** What leaves the house by hand: exports, links that show a study, and what de-identification needs to know. */
export const exportsAndShares: Migration = {
  name: '0028-exports',

  up: async (trx) => {
    // The patient is whose all studies are exported; `done`: the file lies at `object_key` until `expires_at`.
    await tenantTable(
      trx,
      'export_job',
      `id uuid not null default uuidv7(),
       state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled', 'expired')),
       study_id uuid,
       patient_id uuid,
       format text not null check (format in ('dicom', 'jpeg')),
       identity text not null check (identity in ('known', 'received', 'deidentified')),
       options jsonb not null,
       total int not null default 0,
       done int not null default 0,
       left_out jsonb not null default '{}',
       bytes bigint not null default 0,
       object_key text,
       failure text,
       created_kind text not null,
       created_by uuid,
       created_at timestamptz not null default now(),
       updated_at timestamptz not null default now(),
       expires_at timestamptz not null,
       primary key (tenant_id, id),
       foreign key (tenant_id, study_id) references study (tenant_id, id) on delete cascade,
       foreign key (tenant_id, patient_id) references patient (tenant_id, id) on delete cascade,
       check ((study_id is null) <> (patient_id is null))`,
    );
    await trx.raw(`
      create index export_job_study on export_job (tenant_id, study_id) where study_id is not null;
      create index export_job_patient on export_job (tenant_id, patient_id) where patient_id is not null;
      create index export_job_owner on export_job (tenant_id, created_by, id);
      create index export_job_due on export_job (expires_at) where state <> 'expired';
    `);
    await liveTrigger(trx, 'export_job', 'export.progress', { name: 'exportId', column: 'id' });

    await tenantTable(
      trx,
      'share_link',
      `id uuid not null default uuidv7(),
       study_id uuid not null,
       export_id uuid,
       secret_hash bytea not null,
       passcode_hash text,
       created_kind text not null,
       created_by uuid,
       created_at timestamptz not null default now(),
       expires_at timestamptz not null,
       revoked_at timestamptz,
       openings int not null default 0,
       opened_at timestamptz,
       failures int not null default 0,
       primary key (tenant_id, id),
       foreign key (tenant_id, study_id) references study (tenant_id, id) on delete cascade,
       foreign key (tenant_id, export_id) references export_job (tenant_id, id) on delete set null (export_id)`,
    );
    await trx.raw(`
      create index share_link_study on share_link (tenant_id, study_id, id);
      create index share_link_export on share_link (tenant_id, export_id) where export_id is not null;
    `);

    // Regions of the frames of one device model in which it writes who was imaged.
    await tenantTable(
      trx,
      'clean_region',
      `id uuid not null default uuidv7(),
       manufacturer text not null,
       model text not null,
       rows int not null check (rows > 0),
       columns int not null check (columns > 0),
       region_left int not null check (region_left >= 0),
       region_top int not null check (region_top >= 0),
       region_width int not null check (region_width > 0),
       region_height int not null check (region_height > 0),
       created_at timestamptz not null default now(),
       primary key (tenant_id, id)`,
    );

    await tenantTable(trx, 'pseudonym_secret', 'secret bytea not null, primary key (tenant_id)', [
      'select',
      'insert',
    ]);

    await definerFunction(trx, {
      signature: 'find_due_exports(stuck_before timestamptz)',
      returns: 'table (tenant_id uuid, export_id uuid, expired boolean)',
      language: 'sql',
      body: `(select e.tenant_id, e.id, true from export_job e
               where e.state <> 'expired' and e.expires_at < now() order by e.expires_at limit 200)
        union all
        (select e.tenant_id, e.id, false from export_job e
          where e.state in ('queued', 'running') and e.updated_at < stuck_before and e.expires_at >= now() limit 200)`,
    });
  },

  down: async (trx) => {
    await trx.raw(
      'drop function find_due_exports; drop table pseudonym_secret, clean_region, share_link, export_job',
    );
  },
};
