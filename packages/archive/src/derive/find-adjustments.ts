import type { PictureAdjustment } from '@archwire/contracts';
import type { Transaction } from '../query/transaction.ts';

export interface FoundAdjustment {
  readonly adjustment: PictureAdjustment;
  /** Counts up with every change. */
  readonly revision: number;
}

/** How people want the pictures of these instances shown; most have nothing to say about. */
export const findAdjustments = async (
  trx: Transaction,
  instanceIds: readonly string[],
): Promise<ReadonlyMap<number, FoundAdjustment>> => {
  const { rows }: { rows: (FoundAdjustment & { readonly instance_id: number })[] } = await trx.raw(
    'select instance_id, adjustment, revision from picture_adjustment where instance_id = any (?::bigint[])',
    [[...instanceIds]],
  );
  return new Map(
    rows.map(({ instance_id, adjustment, revision }) => [instance_id, { adjustment, revision }]),
  );
};
