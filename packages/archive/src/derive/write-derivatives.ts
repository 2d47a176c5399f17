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
}

/** Of these instances, those whose derivatives are all there and of the current recipe. */
export async function findDerived(
  trx: Transaction,
  instanceIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows }: { rows: { instance_id: number | string }[] } = await trx.raw(
    `select instance_id from derivative where instance_id = any(?::bigint[]) and recipe = ?
     group by instance_id having count(*) = ?`,
    [[...instanceIds], RECIPE, DERIVATIVE_KINDS.length],
  );
  return new Set(rows.map((row) => String(row.instance_id)));
}

/**
 * Adds or replaces rows in one statement. Left out are rows of instances that were deleted meanwhile, and of those that
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
                             frame, recipe, placeholder_reason)
     select i.tenant_id, i.id, r.kind, r.store, r.key, r."offset", r.length, r."mediaType", r.width, r.height,
            r.frame, ?, r."placeholderReason"
     from jsonb_to_recordset(?::jsonb) as r("instanceId" bigint, sha256 text, kind text, store text, key text, "offset" bigint, length bigint,
            "mediaType" text, width int, height int, frame int, "placeholderReason" text)
     join instance i on i.id = r."instanceId" and i.sha256 = decode(r.sha256, 'hex')
     on conflict (tenant_id, instance_id, kind) do update set
       store = excluded.store, key = excluded.key, "offset" = excluded."offset", length = excluded.length,
       media_type = excluded.media_type, width = excluded.width, height = excluded.height, frame = excluded.frame,
       recipe = excluded.recipe, placeholder_reason = excluded.placeholder_reason, made_at = now()
     returning key`,
    [RECIPE, JSON.stringify(rows)],
  );
  const named = new Set(written.map(({ key }) => key));
  return [...new Set(rows.map(({ key }) => key))].filter((key) => !named.has(key));
}
