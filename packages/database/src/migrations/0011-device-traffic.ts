import { tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

/** What a device is and where it listens, what it sent and when; what a person decided about a study, so that it can be taken back. */
export const deviceTraffic: Migration = {
  name: '0011-device-traffic',

  up: async (trx) => {
    await trx.raw(`
      alter table device
        add column kind text not null default 'other' check (kind in
          ('panoramic', 'cbct', 'ceph', 'intraoral-sensor', 'intraoral-scanner', 'camera', 'other')),
        add column host text collate "C",
        add column port int check (port between 1 and 65535),
        add column echo_ae text collate "C",
        add column tls boolean not null default false,
        add column notes text;
    `);
    // Apart from the device: written every second or so while images come, by whichever gateway receives them.
    await tenantTable(
      trx,
      'device_activity',
      `device_id uuid not null,
       last_seen_at timestamptz not null,
       last_image_at timestamptz,
       instance_count bigint not null default 0,
       byte_count bigint not null default 0,
       failure_count bigint not null default 0,
       primary key (tenant_id, device_id),
       foreign key (tenant_id, device_id) references device (tenant_id, id)`,
    );
    // The day is that of the device's location.
    await tenantTable(
      trx,
      'device_traffic',
      `device_id uuid not null,
       day date not null,
       instance_count bigint not null default 0,
       byte_count bigint not null default 0,
       failure_count bigint not null default 0,
       primary key (tenant_id, device_id, day),
       foreign key (tenant_id, device_id) references device (tenant_id, id)`,
    );
    // Rows of one batch were decided together and are taken back together.
    await tenantTable(
      trx,
      'study_decision',
      `id uuid not null default uuidv7(),
       batch_id uuid not null,
       study_id uuid not null,
       decision text not null check (decision in ('assigned', 'rejected')),
       reason text not null,
       patient_id uuid,
       before jsonb not null,
       remembered boolean not null default false,
       decided_by uuid,
       decided_at timestamptz not null default now(),
       undone_at timestamptz,
       primary key (tenant_id, id),
       foreign key (tenant_id, study_id) references study (tenant_id, id),
       foreign key (tenant_id, patient_id) references patient (tenant_id, id),
       check ((decision = 'assigned') = (patient_id is not null))`,
      ['select', 'insert', 'update'],
    );
    await trx.raw(`
      create index study_decision_study on study_decision (tenant_id, study_id, id desc);
      create index study_decision_batch on study_decision (tenant_id, batch_id);
    `);
  },

  down: async (trx) => {
    await trx.raw(`
      drop table study_decision, device_traffic, device_activity;
      alter table device drop column kind, drop column host, drop column port, drop column echo_ae, drop column tls, drop column notes;
    `);
  },
};
