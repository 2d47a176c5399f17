import type { InstanceLocation } from '@archwire/contracts';
import type { Transaction } from '../query/transaction.ts';

/** Settled bytes of a series: an instance, or bytes in conflict with it. */
export interface PackedItem {
  readonly kind: 'instance' | 'conflict';
  readonly id: string;
  /** Of what was received. */
  readonly sha256: string;
  readonly location: InstanceLocation;
  /** Nobody has tried to recompress it. */
  readonly isNew: boolean;
}

interface Row {
  readonly kind: PackedItem['kind'];
  readonly id: string;
  readonly sha: string;
  readonly store: string;
  readonly key: string;
  readonly offset: string | number;
  readonly length: string | number;
  readonly is_new: boolean;
}

/** What of a series lies in object stores, by pack, as it lies in each. */
export const findPacks = async (
  trx: Transaction,
  seriesId: string,
): Promise<ReadonlyMap<string, readonly PackedItem[]>> => {
  const { rows }: { rows: Row[] } = await trx.raw(
    `select * from (
       select 'instance' as kind, i.id::text as id, encode(i.sha256, 'hex') as sha, i.store, i.key, i."offset", i.length,
              i.stored_length is null and i.left_alone is null as is_new
         from instance i where i.series_id = ? and i.store <> 'journal'
       union all
       select 'conflict', c.id::text, encode(c.sha256, 'hex'), c.store, c.key, c."offset", c.length, false
         from instance i join instance_conflict c on c.tenant_id = i.tenant_id and c.instance_id = i.id
        where i.series_id = ? and c.store <> 'journal') as packed
      order by key, "offset"`,
    [seriesId, seriesId],
  );
  const items = rows.map(({ kind, id, sha, store, key, offset, length, is_new }): PackedItem => ({
    kind,
    id,
    sha256: sha,
    location: { store, key, offset: Number(offset), length: Number(length) },
    isNew: is_new,
  }));
  return Map.groupBy(items, ({ location }) => location.key);
};
