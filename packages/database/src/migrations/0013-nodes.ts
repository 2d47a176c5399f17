import type { Knex } from 'knex';
import { definerFunction } from '../schema/definer-function.ts';
import type { Migration } from './migration.ts';

const NOT_NAMED = (key: string): string =>
  `(${key} collate "C" >= 'segments/' and ${key} collate "C" < 'segments0'
    or ${key} collate "C" >= 'large/' and ${key} collate "C" < 'large0')`;
const OF_NODE = (key: string): string =>
  `${key} collate "C" >= in_node || '/' and ${key} collate "C" < in_node || '0'`;

const journalOfAll = async (trx: Knex.Transaction): Promise<void> => {
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
};

/**
 * Several nodes on one index: every journal has a name, which its keys begin with, and its node says where it is reached.
 * Keys without a name are of the time when there was one node; the one whose journal is as old takes them over.
 */
export const nodes: Migration = {
  name: '0013-nodes',

  up: async (trx) => {
    await trx.raw(`
      create table node (
        name text collate "C" primary key,
        journal_id uuid not null,
        url text,
        started_at timestamptz not null default now(),
        seen_at timestamptz not null default now()
      );
      grant select, insert, update on node to archwire_app;
      drop index instance_object;
      create index instance_journal on instance (key collate "C", tenant_id, series_id) where store = 'journal';
      drop index instance_conflict_object;
      create index instance_conflict_journal on instance_conflict (key collate "C", tenant_id) where store = 'journal';
      drop function journal_locations, idle_series;
    `);
    await definerFunction(trx, {
      signature: 'journal_locations(in_node text)',
      returns: 'table (tenant_id uuid, sop_uid text, key text, "offset" bigint, length bigint)',
      language: 'sql',
      body: `
        select i.tenant_id, i.sop_uid, i.key, i."offset", i.length from instance i
         where i.store = 'journal' and ${OF_NODE('i.key')}
        union all
        select c.tenant_id, c.sop_uid, c.key, c."offset", c.length from instance_conflict c
         where c.store = 'journal' and ${OF_NODE('c.key')}
      `,
    });
    // From the rows of this node, not from the series: those of a node that is away must not stand before them.
    await definerFunction(trx, {
      signature: 'idle_series(in_node text, idle_seconds double precision, batch int)',
      returns: 'table (tenant_id uuid, series_id uuid)',
      language: 'sql',
      body: `
        (select s.tenant_id, s.id from series s
           join (select distinct i.tenant_id, i.series_id from instance i
                  where i.store = 'journal' and ${OF_NODE('i.key')}) own
             on own.tenant_id = s.tenant_id and own.series_id = s.id
          where s.last_arrival_at <= clock_timestamp() - make_interval(secs => idle_seconds)
          order by s.last_arrival_at limit batch)
        union
        (select i.tenant_id, i.series_id from instance_conflict c
           join instance i on i.tenant_id = c.tenant_id and i.id = c.instance_id
          where c.store = 'journal' and ${OF_NODE('c.key')}
            and c.received_at <= clock_timestamp() - make_interval(secs => idle_seconds)
          limit batch)
      `,
    });
    await definerFunction(trx, {
      signature: 'claim_journal(in_node text)',
      returns: 'bigint',
      language: 'sql',
      body: `
        with mine as (
          update instance i set key = in_node || '/' || i.key where i.store = 'journal' and ${NOT_NAMED('i.key')} returning 1),
        also as (
          update instance_conflict c set key = in_node || '/' || c.key
           where c.store = 'journal' and ${NOT_NAMED('c.key')} returning 1)
        select (select count(*) from mine) + (select count(*) from also)
      `,
    });
  },

  down: async (trx) => {
    await trx.raw(`
      drop function claim_journal, idle_series, journal_locations;
      update instance set key = substr(key, strpos(key, '/') + 1) where store = 'journal' and not ${NOT_NAMED('key')};
      update instance_conflict set key = substr(key, strpos(key, '/') + 1)
       where store = 'journal' and not ${NOT_NAMED('key')};
      drop index instance_conflict_journal, instance_journal;
      create index instance_object on instance (tenant_id, store, key) where store = 'journal';
      create index instance_conflict_object on instance_conflict (tenant_id, key) where store = 'journal';
      drop table node;
    `);
    await journalOfAll(trx);
  },
};
