import { tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

/**
 * Requests for storage commitment (PS3.4 annex J), kept until they are reported and for a while as a record; and which state
 * of a study which device was told of (PS3.4 annex R).
 */
export const receivedCommitments: Migration = {
  name: '0020-received-commitments',

  up: async (trx) => {
    // device_id has no foreign key: a device may be forgotten before it was told. `instances` is [[SOP class, SOP instance], …].
    await tenantTable(
      trx,
      'received_commitment',
      `id uuid not null default uuidv7(),
       device_id uuid,
       calling_ae text collate "C" not null,
       called_ae text not null,
       transaction_uid text collate "C" not null,
       instances jsonb not null,
       duplicate boolean not null default false,
       received_at timestamptz not null default now(),
       reported_at timestamptz,
       committed_count int,
       failed_count int,
       primary key (tenant_id, id)`,
    );
    await trx.raw(`
      create unique index received_commitment_transaction on received_commitment (tenant_id, calling_ae, transaction_uid)
        where not duplicate;
      create index received_commitment_received on received_commitment (tenant_id, received_at);
    `);
    await tenantTable(
      trx,
      'availability_notice',
      `study_id uuid not null,
       device_id uuid not null,
       revision bigint not null,
       notified_at timestamptz not null default now(),
       primary key (tenant_id, study_id, device_id),
       foreign key (tenant_id, study_id) references study (tenant_id, id) on delete cascade,
       foreign key (tenant_id, device_id) references device (tenant_id, id) on delete cascade`,
    );
  },

  down: async (trx) => {
    await trx.raw('drop table availability_notice, received_commitment');
  },
};
