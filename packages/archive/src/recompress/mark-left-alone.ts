import type { LeftAlone } from '@archwire/dicom';
import type { Transaction } from '../query/transaction.ts';

/** Remembers of instances why they were not recompressed, so that nobody tries again. */
export const markLeftAlone = async (
  trx: Transaction,
  instances: readonly { readonly id: string; readonly leftAlone: LeftAlone }[],
): Promise<void> => {
  await trx.raw(
    `update instance t set left_alone = v.reason from unnest(?::bigint[], ?::text[]) as v (id, reason)
      where t.tenant_id = app_tenant() and t.id = v.id and t.stored_length is null`,
    [instances.map(({ id }) => id), instances.map(({ leftAlone }) => leftAlone)],
  );
};
