import type { Transaction } from '../query/transaction.ts';

/** Marks a series to be packed anew; see `createRepacker`. The last plan counts. */
export const planRepack = async (
  trx: Transaction,
  seriesId: string,
  how: 'recompress' | 'restore',
  afterMs: number,
): Promise<void> => {
  await trx.raw(
    `update series set repack = ?, repack_at = clock_timestamp() + make_interval(secs => ?) where id = ?`,
    [how, afterMs / 1000, seriesId],
  );
};
