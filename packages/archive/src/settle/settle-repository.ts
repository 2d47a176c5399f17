import type { InstanceLocation } from '@archwire/contracts';
import type { LeftAlone } from '@archwire/dicom';
import type { Knex } from 'knex';

import type { UnsettledRange } from './plan-packs.ts';

interface RangeRow {
  readonly kind: UnsettledRange['kind'];
  readonly id: string | number;
  readonly sha256: string;
  readonly key: string;
  readonly offset: string | number;
  readonly length: string | number;
}

/** What of a series still lies in the journal of this node, in Instance Number order; bytes in conflict come last. */
export const findUnsettled = async (
  trx: Knex.Transaction,
  seriesId: string,
  node: string,
): Promise<UnsettledRange[]> => {
  const { rows }: { rows: RangeRow[] } = await trx.raw(
    `select kind, id, sha256, key, "offset", length from (
       select 'instance' as kind, i.id::text as id, encode(i.sha256, 'hex') as sha256, i.key, i."offset", i.length,
              0 as rank, i.instance_number as number, i.id as tie
         from instance i where i.series_id = ? and i.store = 'journal' and starts_with(i.key, ?)
       union all
       select 'conflict', c.id::text, encode(c.sha256, 'hex'), c.key, c."offset", c.length, 1, i.instance_number, i.id
         from instance i join instance_conflict c on c.tenant_id = i.tenant_id and c.instance_id = i.id
        where i.series_id = ? and c.store = 'journal' and starts_with(c.key, ?)) as unsettled
      order by rank, number nulls last, tie`,
    [seriesId, `${node}/`, seriesId, `${node}/`],
  );
  return rows.map(({ kind, id, sha256, key, offset, length }) => ({
    kind,
    id: String(id),
    sha256,
    key,
    offset: Number(offset),
    length: Number(length),
  }));
};

/** Bytes that the index names, and where they lie from now on. */
export interface Move {
  readonly kind: UnsettledRange['kind'];
  readonly id: string;
  readonly from: Pick<InstanceLocation, 'store' | 'key' | 'offset'>;
  readonly to: Pick<InstanceLocation, 'store' | 'key' | 'offset'>;
  /** What it takes where it lies, when that is not what was received. */
  readonly storedLength: number | null;
  /** Why it was not recompressed; `null` also when nobody tried. */
  readonly leftAlone: LeftAlone | null;
}

const switchTable = async (
  trx: Knex.Transaction,
  table: 'instance' | 'instance_conflict',
  idType: 'bigint' | 'uuid',
  moves: readonly Move[],
): Promise<Set<string>> => {
  if (moves.length === 0) return new Set();
  const form =
    table === 'instance'
      ? `, stored_length = nullif(v.stored_length, 0), left_alone = nullif(v.left_alone, '')`
      : '';
  // `offset` decides too: an instance that was resolved meanwhile shows other bytes, from elsewhere.
  const { rows }: { rows: { id: string | number }[] } = await trx.raw(
    `update ${table} t set store = v.store, key = v.key, "offset" = v.target${form}
       from unnest(?::${idType}[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::text[])
            as v (id, source_store, source_key, source_offset, store, key, target, stored_length, left_alone)
      where t.tenant_id = app_tenant() and t.id = v.id
        and t.store = v.source_store and t.key = v.source_key and t."offset" = v.source_offset
      returning t.id`,
    [
      moves.map(({ id }) => id),
      moves.map(({ from }) => from.store),
      moves.map(({ from }) => from.key),
      moves.map(({ from }) => from.offset),
      moves.map(({ to }) => to.store),
      moves.map(({ to }) => to.key),
      moves.map(({ to }) => to.offset),
      moves.map(({ storedLength }) => storedLength ?? 0),
      moves.map(({ leftAlone }) => leftAlone ?? ''),
    ],
  );
  return new Set(rows.map(({ id }) => String(id)));
};

/**
 * Points the index at other bytes, for all that still lies where it was read. Returns those. The series is locked before its
 * instances, as the ingest function does it. The commit is flushed before it is answered, whatever the session's default: the
 * bytes before may go after it.
 */
export const switchPlaces = async (
  trx: Knex.Transaction,
  seriesId: string,
  moves: readonly Move[],
): Promise<Move[]> => {
  await trx.raw('set local synchronous_commit = on');
  // A sweep of orphaned packs waits for this lock too.
  await trx('series').where({ id: seriesId }).forNoKeyUpdate().select('id');
  const byKind = Map.groupBy(moves, ({ kind }) => kind);
  const instances = await switchTable(trx, 'instance', 'bigint', byKind.get('instance') ?? []);
  const conflicts = await switchTable(trx, 'instance_conflict', 'uuid', byKind.get('conflict') ?? []);
  return moves.filter(({ kind, id }) => (kind === 'instance' ? instances : conflicts).has(id));
};

/** One event for every device that wants to know; whoever acts on it looks whether the whole study has settled. */
const announceAvailability = async (trx: Knex.Transaction, seriesId: string): Promise<void> => {
  await trx.raw(
    `insert into outbox (tenant_id, topic, payload)
       select d.tenant_id, 'study.available', jsonb_build_object('studyId', s.study_id, 'deviceId', d.id)
         from device d join series s on s.tenant_id = d.tenant_id and s.id = ?
        where d.notify_availability and d.active`,
    [seriesId],
  );
};

/** Points the index at a finished pack, as `switchPlaces`; the series is settled by as much. */
export const switchLocations = async (
  trx: Knex.Transaction,
  seriesId: string,
  moves: readonly Move[],
): Promise<Move[]> => {
  const moved = await switchPlaces(trx, seriesId, moves);
  const instances = moved.filter(({ kind }) => kind === 'instance').length;
  if (instances > 0) {
    await trx('series')
      .where({ id: seriesId })
      .update({ unsettled_count: trx.raw('unsettled_count - ?', [instances]) });
    await announceAvailability(trx, seriesId);
  }
  return moved;
};

/** Whether anything of the series refers to the object, in whatever form. Waits for a transaction that is about to say so. */
export const isPackReferenced = async (
  trx: Knex.Transaction,
  seriesId: string,
  key: string,
): Promise<boolean> => {
  await trx('series').where({ id: seriesId }).forUpdate().select('id');
  const instance: unknown = await trx('instance').where({ series_id: seriesId, key }).first('id');
  if (instance !== undefined) return true;
  const conflict: unknown = await trx('instance_conflict').where({ key }).first('id');
  return conflict !== undefined;
};
