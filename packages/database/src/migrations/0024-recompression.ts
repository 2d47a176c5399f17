import type { Knex } from 'knex';
import { definerFunction } from '../schema/definer-function.ts';
import { tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

const OF_NODE = (key: string): string =>
  `${key} collate "C" >= in_node || '/' and ${key} collate "C" < in_node || '0'`;

/** `wait`: how long nothing may have arrived for a series `s` of tenant `t`. */
const idleSeries = async (trx: Knex.Transaction, wait: string): Promise<void> =>
  await definerFunction(trx, {
    signature: 'idle_series(in_node text, idle_seconds double precision, batch int)',
    returns: 'table (tenant_id uuid, series_id uuid)',
    language: 'sql',
    body: `
      (select s.tenant_id, s.id from series s
         join tenant t on t.id = s.tenant_id
         join (select distinct i.tenant_id, i.series_id from instance i
                where i.store = 'journal' and ${OF_NODE('i.key')}) own
           on own.tenant_id = s.tenant_id and own.series_id = s.id
        where s.last_arrival_at <= clock_timestamp() - make_interval(secs => ${wait})
        order by s.last_arrival_at limit batch)
      union
      (select i.tenant_id, i.series_id from instance_conflict c
         join instance i on i.tenant_id = c.tenant_id and i.id = c.instance_id
        where c.store = 'journal' and ${OF_NODE('c.key')}
          and c.received_at <= clock_timestamp() - make_interval(secs => idle_seconds)
        limit batch)
    `,
  });

/**
 * Lossless recompression: what a group wants of it, what each instance takes where it lies (`length`, `sha256` and
 * `transfer_syntax` stay those of what was received), which series wait to be packed anew, and which packs nobody names any
 * more, kept a while for those who are still reading them.
 */
export const recompression: Migration = {
  name: '0024-recompression',

  up: async (trx) => {
    await trx.raw(`
      alter table tenant add column recompression text not null default 'off'
        check (recompression in ('off', 'idle', 'ingest'));
      alter table instance add column stored_length bigint, add column left_alone text;
      alter table series add column repack text check (repack in ('recompress', 'restore')),
        add column repack_at timestamptz;
      create index series_repack on series (repack_at) where repack is not null;
    `);
    await tenantTable(
      trx,
      'recompression',
      `series_id uuid not null,
       kind text not null,
       outcome text not null,
       instances int not null,
       received_bytes bigint not null,
       stored_bytes bigint not null,
       primary key (tenant_id, series_id, kind, outcome),
       foreign key (tenant_id, series_id) references series (tenant_id, id) on delete cascade`,
    );
    await tenantTable(
      trx,
      'obsolete_pack',
      `store text not null,
       key text collate "C" not null,
       series_id uuid not null,
       delete_after timestamptz not null,
       primary key (tenant_id, store, key)`,
    );
    await trx.raw('create index obsolete_pack_due on obsolete_pack (delete_after)');
    // Who wants it at once does not wait until the series is idle; a second lets one exposure's images come together.
    await idleSeries(
      trx,
      `case when t.recompression = 'ingest' then least(idle_seconds, 1) else idle_seconds end`,
    );
    await definerFunction(trx, {
      signature: 'claim_repacks(lease_seconds double precision, batch int)',
      returns: 'table (tenant_id uuid, series_id uuid)',
      language: 'sql',
      body: `
        update series s set repack_at = clock_timestamp() + make_interval(secs => lease_seconds)
          from (select k.tenant_id, k.id from series k
                 where k.repack is not null and k.repack_at <= clock_timestamp()
                 order by k.repack_at limit batch for update skip locked) due
         where s.tenant_id = due.tenant_id and s.id = due.id
        returning s.tenant_id, s.id
      `,
    });
    await definerFunction(trx, {
      signature: 'due_obsolete_packs(batch int)',
      returns: 'table (tenant_id uuid, series_id uuid, store text, key text)',
      language: 'sql',
      body: `
        select o.tenant_id, o.series_id, o.store, o.key from obsolete_pack o
         where o.delete_after <= clock_timestamp() order by o.delete_after limit batch
      `,
    });
  },

  down: async (trx) => {
    const { rows }: { rows: unknown[] } = await trx.raw(
      'select 1 from instance where stored_length is not null limit 1',
    );
    if (rows.length > 0)
      throw new Error(
        'Instances are recompressed, and the schema before cannot read them. Restore them first.',
      );
    await idleSeries(trx, 'idle_seconds');
    await trx.raw(`
      drop function claim_repacks, due_obsolete_packs;
      drop table obsolete_pack, recompression;
      alter table series drop column repack, drop column repack_at;
      alter table instance drop column stored_length, drop column left_alone;
      alter table tenant drop column recompression;
    `);
  },
};
