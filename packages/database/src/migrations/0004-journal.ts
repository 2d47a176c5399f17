import { definerFunction } from '../schema/definer-function.ts';
import { tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

/** What the node that owns the journal asks across tenants, and the log that makes a merge of patients reversible. */
export const journal: Migration = {
  name: '0004-journal',

  up: async (trx) => {
    await definerFunction(trx, {
      signature: 'journal_locations()',
      returns: 'table (tenant_id uuid, sop_uid text, key text, "offset" bigint, length bigint)',
      language: 'sql',
      body: `
        select i.tenant_id, i.sop_uid, i.key, i."offset", i.length from instance i where i.store = 'journal'
        union all
        select c.tenant_id, c.sop_uid, c.key, c."offset", c.length from instance_conflict c where c.store = 'journal'
      `,
    });
    await trx.raw(`
      create index instance_conflict_object on instance_conflict (tenant_id, key) where store = 'journal';
    `);
    // A conflict's bytes may be the only thing of a series that is not settled.
    await definerFunction(trx, {
      signature: 'idle_series(idle_seconds double precision, batch int)',
      returns: 'table (tenant_id uuid, series_id uuid)',
      language: 'sql',
      body: `
        (select s.tenant_id, s.id from series s
          where s.unsettled_count > 0 and s.last_arrival_at <= clock_timestamp() - make_interval(secs => idle_seconds)
          order by s.last_arrival_at limit batch)
        union
        (select i.tenant_id, i.series_id from instance_conflict c
           join instance i on i.tenant_id = c.tenant_id and i.id = c.instance_id
          where c.store = 'journal' and c.received_at <= clock_timestamp() - make_interval(secs => idle_seconds)
          limit batch)
      `,
    });

    await tenantTable(
      trx,
      'patient_merge',
      `id uuid not null default uuidv7(),
       survivor_id uuid not null,
       merged_id uuid not null,
       moved jsonb not null,
       merged_by text,
       merged_at timestamptz not null default now(),
       undone_by text,
       undone_at timestamptz,
       primary key (tenant_id, id),
       foreign key (tenant_id, survivor_id) references patient (tenant_id, id),
       foreign key (tenant_id, merged_id) references patient (tenant_id, id)`,
    );
    await trx.raw(
      'create index patient_merge_merged on patient_merge (tenant_id, merged_id, merged_at desc)',
    );
  },

  down: async (trx) => {
    await trx.raw(`
      drop table patient_merge;
      drop index instance_conflict_object;
      drop function idle_series, journal_locations;
    `);
  },
};
