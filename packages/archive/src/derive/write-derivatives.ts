import type { Transaction } from '../query/transaction.ts';
import { DERIVATIVE_KINDS, RECIPE, type DerivativeKind } from './recipe.ts';

export interface DerivativeRow {
  readonly instanceId: number;
  /** Of the bytes that the picture shows, lower-case hexadecimal. */
  readonly sha256: string;
  readonly kind: DerivativeKind;
  readonly store: string;
  readonly key: string;
  readonly offset: number;
  readonly length: number;
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
  readonly frame: number;
  readonly placeholderReason: string | null;
  /** Bytes of the picture for each byte of the uncompressed frame; `null` for a placeholder. */
  readonly compressionRatio: number | null;
  /** Revision of the adjustment that it shows; 0 for none. */
  readonly adjustment: number;
}

/** Of these instances, those whose derivatives are all there, of the current recipe, adjusted as a person wants them, and not to be made again. */
export async function findDerived(
  trx: Transaction,
  instanceIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows }: { rows: { instance_id: number | string }[] } = await trx.raw(
    `select d.instance_id from derivative d
      where d.instance_id = any(?::bigint[]) and d.recipe % 1000 = ? and d.rebuild_at is null
        and d.adjustment = coalesce((select a.revision from picture_adjustment a where a.instance_id = d.instance_id), 0)
     group by d.instance_id having count(*) = ?`,
    [[...instanceIds], RECIPE, DERIVATIVE_KINDS.length],
  );
  return new Set(rows.map((row) => String(row.instance_id)));
}

/**
 * Adds or replaces rows in one statement. The thousands of `recipe` count how often somebody had the pictures made again: what is
 * made again has another address. Left out are rows of instances that were deleted meanwhile, and of those that
 * show other bytes by now: a person resolved their conflict, and another job makes their pictures. Returns the keys of
 * objects that no written row names.
 */
export async function writeDerivatives(
  trx: Transaction,
  rows: readonly DerivativeRow[],
): Promise<readonly string[]> {
  if (rows.length === 0) return [];
  const { rows: written }: { rows: { key: string }[] } = await trx.raw(
    `insert into derivative (tenant_id, instance_id, kind, store, key, "offset", length, media_type, width, height,
                             frame, recipe, placeholder_reason, compression_ratio, adjustment)
     select i.tenant_id, i.id, r.kind, r.store, r.key, r."offset", r.length, r."mediaType", r.width, r.height,
            r.frame, ?, r."placeholderReason", r."compressionRatio", r.adjustment
     from jsonb_to_recordset(?::jsonb) as r("instanceId" bigint, sha256 text, kind text, store text, key text, "offset" bigint, length bigint,
            "mediaType" text, width int, height int, frame int, "placeholderReason" text, "compressionRatio" real, adjustment int)
     join instance i on i.id = r."instanceId" and i.sha256 = decode(r.sha256, 'hex')
     on conflict (tenant_id, instance_id, kind) do update set
       store = excluded.store, key = excluded.key, "offset" = excluded."offset", length = excluded.length,
       media_type = excluded.media_type, width = excluded.width, height = excluded.height, frame = excluded.frame,
       generation = derivative.generation + (derivative.rebuild_at is not null)::int,
       recipe = excluded.recipe + 1000 * (derivative.generation + (derivative.rebuild_at is not null)::int),
       placeholder_reason = excluded.placeholder_reason, compression_ratio = excluded.compression_ratio,
       adjustment = excluded.adjustment,
       rebuild_at = null, made_at = now()
     returning key`,
    [RECIPE, JSON.stringify(rows)],
  );
  const named = new Set(written.map(({ key }) => key));
  return [...new Set(rows.map(({ key }) => key))].filter((key) => !named.has(key));
}

/** The objects in which the pictures of these instances lie now. */
export async function findDerivativeObjects(
  trx: Transaction,
  instanceIds: readonly number[],
): Promise<readonly { readonly store: string; readonly key: string }[]> {
  const { rows }: { rows: { store: string; key: string }[] } = await trx.raw(
    'select distinct store, key from derivative where instance_id = any(?::bigint[]) and key is not null',
    [[...instanceIds]],
  );
  return rows;
}
