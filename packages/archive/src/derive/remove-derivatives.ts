import type { WithTenant } from '@archwire/database';
import type { TenantStore } from '../settle/create-settler.ts';

/** Pictures of bytes that are no longer shown, their rows gone already: the payload of `derivatives.obsolete`. */
export interface ObsoleteDerivatives {
  readonly instanceId: string;
  readonly objects: readonly { readonly store: string; readonly key: string }[];
}

/**
 * Deletes the objects unless a row refers to them again; a repetition does no harm.
 * @throws AppError when the store cannot be reached now: try again.
 */
export const removeDerivatives = async (
  parts: {
    readonly withTenant: WithTenant;
    readonly storeOf: (tenantId: string) => Promise<TenantStore>;
  },
  tenantId: string,
  { instanceId, objects }: ObsoleteDerivatives,
): Promise<void> => {
  const { rows }: { rows: { store: string; key: string }[] } = await parts.withTenant(
    tenantId,
    // An object holds the pictures of several instances of one series.
    async (trx) =>
      await trx.raw(
        `select distinct d.store, d.key from derivative d
           join instance i on i.tenant_id = d.tenant_id and i.id = d.instance_id
          where i.series_id = (select series_id from instance where id = ?) and d.key = any(?)`,
        [instanceId, objects.map(({ key }) => key)],
      ),
  );
  const { name, store } = await parts.storeOf(tenantId);
  for (const object of new Map(objects.map((each) => [each.key, each])).values()) {
    const isShown = rows.some((row) => row.store === object.store && row.key === object.key);
    if (object.store === name && !isShown) await store.delete(object.key);
  }
};
