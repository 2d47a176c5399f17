import { tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

/** Patients as imaging knows them, studies, series, instances, where their bytes lie, what was derived from them. */
export const imaging: Migration = {
  name: '0003-imaging',

  up: async (trx) => {
    await tenantTable(
      trx,
      'patient',
      `id uuid not null default uuidv7(),
       registration text not null check (registration in ('registered', 'imaging-only')),
       mrn text,
       name text,
       name_folded text collate "C",
       birth_date date,
       sex text,
       status text not null default 'active' check (status in ('active', 'merged')),
       merged_into uuid,
       created_at timestamptz not null default now(),
       updated_at timestamptz not null default now(),
       primary key (tenant_id, id),
       foreign key (tenant_id, merged_into) references patient (tenant_id, id),
       check ((status = 'merged') = (merged_into is not null))`,
    );
    await trx.raw(`
      create unique index patient_mrn on patient (tenant_id, mrn) where mrn is not null;
      create index patient_name on patient (tenant_id, name_folded, id);
      create index patient_birth on patient (tenant_id, birth_date, id) where birth_date is not null;
      create index patient_merged_into on patient (tenant_id, merged_into) where merged_into is not null;
    `);

    await tenantTable(
      trx,
      'patient_identifier',
      `issuer text not null,
       value text not null,
       patient_id uuid not null,
       created_at timestamptz not null default now(),
       primary key (tenant_id, issuer, value),
       foreign key (tenant_id, patient_id) references patient (tenant_id, id)`,
    );
    await trx.raw('create index patient_identifier_patient on patient_identifier (tenant_id, patient_id)');

    await tenantTable(
      trx,
      'study',
      `id uuid not null default uuidv7(),
       study_uid text collate "C" not null,
       patient_id uuid,
       location_id uuid not null,
       match_state text not null check (match_state in ('auto', 'matched', 'quarantined', 'rejected')),
       quarantine_reason text,
       pat_id text,
       issuer text not null,
       pat_name text,
       pat_name_folded text collate "C",
       pat_birth_date date,
       pat_sex text,
       accession_no text,
       study_date date,
       study_time text,
       timezone_offset text,
       study_dicom_id text,
       description text,
       referring_name text,
       institution_name text,
       series_count int not null default 0,
       instance_count int not null default 0,
       byte_count bigint not null default 0,
       revision bigint not null default 0,
       first_at timestamptz not null default now(),
       updated_at timestamptz not null default now(),
       primary key (tenant_id, id),
       unique (tenant_id, study_uid),
       foreign key (tenant_id, patient_id) references patient (tenant_id, id),
       foreign key (tenant_id, location_id) references location (tenant_id, id),
       check ((match_state = 'quarantined') = (quarantine_reason is not null))`,
    );
    await trx.raw(`
      create index study_date on study (tenant_id, study_date desc, id desc);
      create index study_pat_id on study (tenant_id, pat_id, study_date desc);
      create index study_patient on study (tenant_id, patient_id, study_date desc);
      create index study_accession on study (tenant_id, accession_no) where accession_no is not null;
      create index study_name on study (tenant_id, pat_name_folded, study_date desc);
      create index study_quarantine on study (tenant_id, first_at desc, id) where match_state = 'quarantined';
    `);

    await tenantTable(
      trx,
      'series',
      `id uuid not null default uuidv7(),
       study_id uuid not null,
       series_uid text collate "C" not null,
       modality text,
       series_number int,
       series_date date,
       series_time text,
       description text,
       body_part text,
       laterality text,
       station_name text,
       manufacturer text,
       pps_start_date date,
       pps_start_time text,
       instance_count int not null default 0,
       byte_count bigint not null default 0,
       revision bigint not null default 0,
       last_arrival_at timestamptz not null default now(),
       unsettled_count int not null default 0,
       metadata_key text,
       metadata_length bigint,
       metadata_revision bigint,
       primary key (tenant_id, id),
       unique (tenant_id, series_uid, study_id),
       foreign key (tenant_id, study_id) references study (tenant_id, id)`,
    );
    await trx.raw(`
      create index series_study on series (tenant_id, study_id, series_number);
      create index series_unsettled on series (last_arrival_at) where unsettled_count > 0;
    `);

    await tenantTable(
      trx,
      'study_modality',
      `study_id uuid not null,
       modality text not null,
       study_date date,
       series_count int not null,
       primary key (tenant_id, study_id, modality),
       foreign key (tenant_id, study_id) references study (tenant_id, id)`,
    );
    await trx.raw(
      'create index study_modality_date on study_modality (tenant_id, modality, study_date desc, study_id desc)',
    );

    // UIDs of the standard, not tenant data; two bytes in a row of `instance` instead of fifty.
    await trx.raw(`
      create table uid_code (
        code smallint primary key generated always as identity,
        uid text collate "C" not null unique
      );
      grant select, insert on uid_code to archwire_app;
    `);

    // device_id has no foreign key: a device may be forgotten, its images may not.
    await tenantTable(
      trx,
      'instance',
      `id bigint not null generated always as identity,
       series_id uuid not null,
       sop_uid text collate "C" not null,
       sop_class smallint not null references uid_code (code),
       transfer_syntax smallint not null references uid_code (code),
       instance_number int,
       rows int,
       columns int,
       bits_allocated smallint,
       frames int,
       sha256 bytea not null check (length(sha256) = 32),
       store text not null,
       key text not null,
       "offset" bigint not null,
       length bigint not null,
       device_id uuid,
       arrived_at timestamptz not null default now(),
       conflicted boolean not null default false,
       primary key (tenant_id, id),
       unique (tenant_id, sop_uid),
       foreign key (tenant_id, series_id) references series (tenant_id, id)`,
    );
    await trx.raw(`
      create index instance_series on instance (tenant_id, series_id, instance_number);
      create index instance_object on instance (tenant_id, store, key) where store = 'journal';
    `);

    await tenantTable(
      trx,
      'instance_conflict',
      `id uuid not null default uuidv7(),
       sop_uid text collate "C" not null,
       instance_id bigint not null,
       sha256 bytea not null check (length(sha256) = 32),
       store text not null,
       key text not null,
       "offset" bigint not null,
       length bigint not null,
       device_id uuid,
       received_at timestamptz not null default now(),
       resolved_at timestamptz,
       primary key (tenant_id, id),
       unique (tenant_id, sop_uid, sha256),
       foreign key (tenant_id, instance_id) references instance (tenant_id, id)`,
    );
    await trx.raw('create index instance_conflict_instance on instance_conflict (tenant_id, instance_id)');

    await tenantTable(
      trx,
      'derivative',
      `instance_id bigint not null,
       kind text not null check (kind in ('thumbnail', 'preview', 'display')),
       store text,
       key text,
       "offset" bigint,
       length bigint,
       media_type text,
       width int,
       height int,
       frame int not null default 1,
       recipe int not null,
       placeholder_reason text,
       made_at timestamptz not null default now(),
       primary key (tenant_id, instance_id, kind),
       foreign key (tenant_id, instance_id) references instance (tenant_id, id)`,
    );

    // Bookkeeping of one node's write-ahead segments; no tenant data.
    await trx.raw(`
      create table journal_segment (
        node text not null,
        generation bigint not null,
        indexed_through bigint not null default 0,
        state text not null,
        updated_at timestamptz not null default now(),
        primary key (node, generation)
      );
      grant select, insert, update, delete on journal_segment to archwire_app;
    `);
  },

  down: async (trx) => {
    await trx.raw(`
      drop table journal_segment, derivative, instance_conflict, instance, uid_code, study_modality, series, study,
                 patient_identifier, patient
    `);
  },
};
