import type { WithTenant } from '@archwire/database';
import { findInstances, type ResourcePath } from './find-instances.ts';
import type { StoredInstance } from './stored-instance.ts';

/** Looks instances up for readers that ask for one after the other: a viewer asks for hundreds of slices of one series. */
export interface InstanceLookup {
  /** As `findInstances`, in the tenant; what is found below a series may be a few seconds old. */
  find(tenantId: string, path: ResourcePath): Promise<readonly StoredInstance[]>;
}

interface Remembered {
  readonly until: number;
  readonly instances: ReadonlyMap<string, StoredInstance>;
}

const KEPT_MS = 5_000;
const KEPT_SERIES = 64;
/** Larger series are looked up instance by instance. */
const MAX_INSTANCES = 2_000;

/**
 * The second instance asked for of a series brings the whole series into memory for some seconds; an instance that is not
 * there (it has just come) is looked up by itself. A location that has moved meanwhile is the reader's to look up again.
 */
export const createInstanceLookup = ({
  withTenant,
  now = Date.now,
}: {
  readonly withTenant: WithTenant;
  readonly now?: () => number;
}): InstanceLookup => {
  const remembered = new Map<string, Remembered>();
  const asked = new Map<string, number>();

  const query = async (tenantId: string, path: ResourcePath): Promise<readonly StoredInstance[]> =>
    await withTenant(tenantId, async (trx) => await findInstances(trx, path));

  const remember = <T>(map: Map<string, T>, key: string, value: T): void => {
    map.delete(key);
    map.set(key, value);
    const [oldest] = map.keys();
    if (map.size > KEPT_SERIES && oldest !== undefined) map.delete(oldest);
  };

  return {
    find: async (tenantId, path) => {
      const { study, series, instance } = path;
      if (series === undefined || instance === undefined) return await query(tenantId, path);
      const key = `${tenantId}/${study}/${series}`;
      const known = remembered.get(key);
      const hit = known !== undefined && known.until > now() ? known.instances.get(instance) : undefined;
      if (hit !== undefined) return [hit];
      if ((asked.get(key) ?? 0) <= now()) {
        remember(asked, key, now() + KEPT_MS);
        return await query(tenantId, path);
      }
      const all = await query(tenantId, { study, series });
      if (all.length <= MAX_INSTANCES) {
        const instances = new Map(all.map((each) => [each.SOPInstanceUID, each]));
        remember(remembered, key, { until: now() + KEPT_MS, instances });
      } else {
        asked.delete(key);
      }
      return all.filter((each) => each.SOPInstanceUID === instance);
    },
  };
};
