import { liveTrigger } from '../schema/live-trigger.ts';
import { tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

/**
 * What was asked to be imaged: an order is the Requested Procedure, its steps are the Scheduled Procedure Steps that the
 * worklist tells to equipment. Dates and times are those of the clock on the wall of the location, as DICOM writes them.
 */
export const imagingOrders: Migration = {
  name: '0017-imaging-orders',

  up: async (trx) => {
    // Accession numbers begin with the letters of the location (accession_site as a number) and count on from there.
    await trx.raw(`
      alter table location
        add column accession_site smallint,
        add column accession_last bigint not null default 0;
      update location l set accession_site = k.n
        from (select tenant_id, id, row_number() over (partition by tenant_id order by created_at, id) as n from location) k
       where l.tenant_id = k.tenant_id and l.id = k.id;
      alter table location alter column accession_site set not null, add unique (tenant_id, accession_site);
      create function choose_accession_site() returns trigger language plpgsql as $$
        begin
          new.accession_site := coalesce(new.accession_site, (
            select coalesce(max(l.accession_site), 0) + 1 from location l where l.tenant_id = new.tenant_id));
          return new;
        end $$;
      create trigger location_accession_site before insert on location
        for each row execute function choose_accession_site();

      -- As somebody types it: small letters, O for 0, I and L for 1, blanks and dashes.
      create function accession_key(accession_no text) returns text language sql immutable parallel safe
        as $$ select translate(upper(accession_no), 'OIL -._', '011') $$;
    `);

    await tenantTable(
      trx,
      'imaging_order',
      `id uuid not null default uuidv7(),
       location_id uuid not null,
       patient_id uuid not null,
       accession_no text collate "C" not null check (length(accession_no) between 1 and 16),
       accession_issuer text not null,
       accession_key text collate "C" not null generated always as (accession_key(accession_no)) stored,
       requested_procedure_id text not null check (length(requested_procedure_id) between 1 and 16),
       study_uid text collate "C" not null,
       description text not null,
       priority text not null default 'ROUTINE' check (priority in ('STAT', 'HIGH', 'ROUTINE', 'MEDIUM', 'LOW')),
       requesting_name text,
       medical_alerts text,
       allergies text,
       start_date date not null,
       start_time text collate "C" not null,
       state text not null default 'planned' check (state in
         ('planned', 'scheduled', 'in_progress', 'completed', 'partial', 'discontinued')),
       reason_code text,
       reason_scheme text,
       reason_meaning text,
       created_at timestamptz not null default now(),
       created_by uuid,
       checked_in_at timestamptz,
       started_at timestamptz,
       ended_at timestamptz,
       updated_at timestamptz not null default now(),
       primary key (tenant_id, id),
       unique (tenant_id, study_uid),
       unique (tenant_id, accession_issuer, accession_no),
       foreign key (tenant_id, patient_id) references patient (tenant_id, id),
       foreign key (tenant_id, location_id) references location (tenant_id, id)`,
      ['select', 'insert', 'update'],
    );
    await trx.raw(`
      create index imaging_order_accession on imaging_order (tenant_id, accession_key);
      create index imaging_order_start on imaging_order (tenant_id, start_date, start_time, id);
      create index imaging_order_location on imaging_order (tenant_id, location_id, start_date, start_time, id);
      create index imaging_order_patient on imaging_order (tenant_id, patient_id, start_date, start_time, id);
    `);
    await liveTrigger(trx, 'imaging_order', 'order.changed', { name: 'orderId', column: 'id' });

    // No station: every device of the modality.
    await tenantTable(
      trx,
      'imaging_order_step',
      `order_id uuid not null,
       step_no smallint not null,
       step_id text not null check (length(step_id) between 1 and 16),
       modality text not null,
       station_aes text[] not null default '{}',
       station_name text,
       place text,
       performing_name text,
       performing_name_folded text collate "C",
       description text,
       protocol_codes jsonb not null default '[]',
       state text not null default 'scheduled' check (state in ('scheduled', 'in_progress', 'completed', 'discontinued')),
       primary key (tenant_id, order_id, step_no),
       foreign key (tenant_id, order_id) references imaging_order (tenant_id, id)`,
    );
  },

  down: async (trx) => {
    await trx.raw(`
      drop table imaging_order_step, imaging_order;
      drop trigger location_accession_site on location;
      drop function choose_accession_site, accession_key;
      alter table location drop column accession_site, drop column accession_last;
    `);
  },
};
