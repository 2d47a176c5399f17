import { tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

/** What other archives were asked to answer for (storage commitment as SCU), and what they said. */
export const commitmentRequests: Migration = {
  name: '0019-commitment-requests',

  up: async (trx) => {
    await tenantTable(
      trx,
      'commitment_request',
      `id uuid not null default uuidv7(),
       device_id uuid not null,
       transaction_uid text collate "C" not null,
       asked_at timestamptz not null default now(),
       answered_at timestamptz,
       primary key (tenant_id, id),
       unique (tenant_id, transaction_uid),
       foreign key (tenant_id, device_id) references device (tenant_id, id) on delete cascade`,
    );
    // Neither committed nor failed: not answered yet.
    await tenantTable(
      trx,
      'commitment_request_instance',
      `request_id uuid not null,
       sop_uid text collate "C" not null,
       sop_class_uid text collate "C" not null,
       committed_at timestamptz,
       failure_reason int,
       primary key (tenant_id, request_id, sop_uid),
       foreign key (tenant_id, request_id) references commitment_request (tenant_id, id) on delete cascade,
       check (committed_at is null or failure_reason is null)`,
    );
    await trx.raw(`
      create index commitment_request_device on commitment_request (tenant_id, device_id);
      create index commitment_request_open on commitment_request (tenant_id, asked_at) where answered_at is null;
    `);
  },

  down: async (trx) => {
    await trx.raw('drop table commitment_request_instance, commitment_request');
  },
};
