import type { InstanceLocation } from '@archwire/contracts';
import type { Transaction } from '../query/transaction.ts';
import { RECIPE } from './recipe.ts';

interface Row {
  readonly store: string;
  readonly key: string;
  readonly offset: number;
  readonly length: number;
}

/**
 * Where the display image of a frame lies: JPEG, full resolution, as the object itself says that it is shown. `undefined` when
 * it is not made yet, shows another frame, or was turned, flipped or cut for a page.
 */
export async function findDisplay(
  trx: Transaction,
  instanceId: number,
  frame: number,
): Promise<InstanceLocation | undefined> {
  const { rows }: { rows: Row[] } = await trx.raw(
    `select d.store, d.key, d."offset", d.length from derivative d
      where d.instance_id = ? and d.kind = 'display' and d.frame = ? and d.recipe % 1000 = ?
        and d.adjustment = 0 and d.placeholder_reason is null and d.media_type = 'image/jpeg'`,
    [instanceId, frame, RECIPE],
  );
  const [row] = rows;
  return row && { store: row.store, key: row.key, offset: row.offset, length: row.length };
}
