import type { InstanceLocation } from '@archwire/contracts';
import type { PlaceholderReason } from '@archwire/dicom';
import type { Transaction } from '../query/transaction.ts';
import type { DerivativeKind } from './recipe.ts';

export interface Derivative {
  readonly location: InstanceLocation;
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
  /** The frame it shows, from 1. */
  readonly frame: number;
  /** Not `null`: the picture is a drawn placeholder and says so. */
  readonly placeholderReason: PlaceholderReason | null;
}

interface Row {
  readonly store: string;
  readonly key: string;
  readonly offset: number;
  readonly length: number;
  readonly media_type: string;
  readonly width: number;
  readonly height: number;
  readonly frame: number;
  readonly placeholder_reason: PlaceholderReason | null;
}

/** `undefined` when it has not been made yet: derive jobs run behind the index. */
export async function findDerivative(
  trx: Transaction,
  instanceId: number,
  kind: DerivativeKind,
): Promise<Derivative | undefined> {
  const { rows }: { rows: Row[] } = await trx.raw(
    `select store, key, "offset", length, media_type, width, height, frame, placeholder_reason
     from derivative where instance_id = ? and kind = ?`,
    [instanceId, kind],
  );
  const [row] = rows;
  return (
    row && {
      location: { store: row.store, key: row.key, offset: row.offset, length: row.length },
      mediaType: row.media_type,
      width: row.width,
      height: row.height,
      frame: row.frame,
      placeholderReason: row.placeholder_reason,
    }
  );
}
