import type { WithTenant } from '@archwire/database';
import { findInstances, findSeriesState, type ResourcePath, type SeriesState } from './find-instances.ts';
import { createFreshAnswers } from './fresh-answers.ts';
import type { StoredInstance } from './stored-instance.ts';

/** Looks instances up for readers that ask for one after the other: a viewer asks for hundreds of slices of one series. */
export interface InstanceLookup {
  /** As `findInstances`, in the tenant. What is remembered is never shown once its series has changed or its study was rejected. */
  find(tenantId: string, path: ResourcePath, seesRejected?: boolean): Promise<readonly StoredInstance[]>;
}

interface Remembered {
  readonly until: number;
  readonly revision: number;
  readonly instances: ReadonlyMap<string, StoredInstance>;
}

const KEPT_MS = 5_000;
const KEPT_SERIES = 64;
/** Larger series are looked up instance by instance. */
const MAX_INSTANCES = 2_000;

/**
 * The second instance asked for of a series brings the whole series into memory for some seconds; from then on all that ask
 * at the same time share one question, whether the series is still at the revision that is remembered. An instance that is
 * not there (it has just come) is looked up by itself. A location that settling moved meanwhile is the reader's to look up
 * again.
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

  const states = createFreshAnswers<SeriesState | undefined>();

  const query = async (
    tenantId: string,
    path: ResourcePath,
    seesRejected: boolean,
  ): Promise<readonly StoredInstance[]> =>
    await withTenant(tenantId, async (trx) => await findInstances(trx, path, seesRejected));

  const remember = <T>(map: Map<string, T>, key: string, value: T): void => {
    map.delete(key);
    map.set(key, value);
    const [oldest] = map.keys();
    if (map.size > KEPT_SERIES && oldest !== undefined) map.delete(oldest);
  };

  const load = async (
    tenantId: string,
    study: string,
    series: string,
  ): Promise<{ readonly state: SeriesState | undefined; readonly all: readonly StoredInstance[] }> =>
    await withTenant(tenantId, async (trx) => {
      // The revision first: instances newer than it only make the next look ask again.
      const state = await findSeriesState(trx, study, series);
      return { state, all: await findInstances(trx, { study, series }, true) };
    });

  return {
    find: async (tenantId, path, seesRejected = false) => {
      const { study, series, instance } = path;
      if (series === undefined || instance === undefined) return await query(tenantId, path, seesRejected);
      const key = `${tenantId}/${study}/${series}`;
      const known = remembered.get(key);
      const hit = known !== undefined && known.until > now() ? known.instances.get(instance) : undefined;
      if (known !== undefined && hit !== undefined) {
        const state = await states.get(key, async () =>
          withTenant(tenantId, async (trx) => await findSeriesState(trx, study, series)),
        );
        if (state?.revision === known.revision) return state.rejected && !seesRejected ? [] : [hit];
        remembered.delete(key);
        return await query(tenantId, path, seesRejected);
      }
      if ((asked.get(key) ?? 0) <= now()) {
        remember(asked, key, now() + KEPT_MS);
        return await query(tenantId, path, seesRejected);
      }
      const { state, all } = await load(tenantId, study, series);
      if (state === undefined || (state.rejected && !seesRejected)) return [];
      if (all.length <= MAX_INSTANCES) {
        const instances = new Map(all.map((each) => [each.SOPInstanceUID, each]));
        remember(remembered, key, { until: now() + KEPT_MS, revision: state.revision, instances });
      } else {
        asked.delete(key);
      }
      return all.filter((each) => each.SOPInstanceUID === instance);
    },
  };
};
