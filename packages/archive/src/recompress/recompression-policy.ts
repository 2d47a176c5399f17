import { RecompressionPolicy } from '@archwire/contracts/api/recompression';
import type { Transaction } from '../query/transaction.ts';

/** What the group of the transaction wants. */
export const readRecompressionPolicy = async (trx: Transaction): Promise<RecompressionPolicy> => {
  const { rows }: { rows: { recompression: string }[] } = await trx.raw(
    'select recompression from tenant where id = app_tenant()',
  );
  return RecompressionPolicy.parse(rows[0]?.recompression ?? 'off');
};
