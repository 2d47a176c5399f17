import type { WithTenant } from '@archwire/database';
import type { PixelPool } from '@archwire/dicom';
import type { ObjectStore } from '@archwire/storage-adapters';
import { findInstances } from '../retrieve/find-instances.ts';
import type { InstanceReader } from '../retrieve/instance-reader.ts';
import { createOpenFrames } from '../retrieve/open-frames.ts';
import { buildFirstLook } from './build-first-look.ts';

/** The first look of one series at one revision of it. */
export interface FirstLook {
  /** Changes whenever the bytes do. */
  readonly version: string;
  /** `null`: the series is no volume (see `buildFirstLook`). */
  read(): Promise<Buffer | null>;
}

export interface FirstLooks {
  /** `undefined` when there is no such series, or when a person rejected its study and the asker may not decide about it. */
  find(
    tenantId: string,
    path: { readonly study: string; readonly series: string },
    seesRejected: boolean,
  ): Promise<FirstLook | undefined>;
  /** Builds what the first request would, unless it is built already; nothing for a series that is gone. */
  prepare(tenantId: string, seriesId: string): Promise<void>;
}

interface SeriesRow {
  readonly id: string;
  readonly study_uid: string;
  readonly series_uid: string;
  readonly revision: number;
  readonly first_look_key: string | null;
  readonly first_look_length: number | null;
  readonly first_look_revision: number | null;
}

/** Part of every key: the next form gets another, and what is stored is built again. */
const FORM = 'v1';

const SELECT = `select e.id, s.study_uid, e.series_uid, e.revision, e.first_look_key, e.first_look_length, e.first_look_revision
    from series e join study s on s.tenant_id = e.tenant_id and s.id = e.study_id`;

const keyOf = (tenantId: string, { id, revision }: SeriesRow): string =>
  `t/${tenantId}/first-look/${id}/${revision}.${FORM}`;

/**
 * First looks, built once for each revision of a series and served as stored bytes: when the series has settled, or at the
 * first request if that comes before. That a series has none is remembered as well.
 */
export const createFirstLooks = ({
  withTenant,
  reader,
  store,
  pixels,
}: {
  readonly withTenant: WithTenant;
  readonly reader: InstanceReader;
  readonly store: Pick<ObjectStore, 'put' | 'read' | 'delete'>;
  readonly pixels: Pick<PixelPool, 'encode' | 'threads'>;
}): FirstLooks => {
  // Frames of one object come one after the other; slices are visited once.
  const openFrames = createOpenFrames(reader, 8);
  const building = new Map<string, Promise<Buffer | null>>();

  const keep = async (tenantId: string, series: SeriesRow, built: Buffer | null): Promise<void> => {
    const key = keyOf(tenantId, series);
    if (built !== null) await store.put(key, built);
    const kept = await withTenant(tenantId, async (trx) => {
      const { rowCount }: { rowCount: number } = await trx.raw(
        `update series set first_look_key = ?, first_look_length = ?, first_look_revision = ?
          where id = ? and (first_look_revision is null or first_look_revision <= ?)`,
        [key, built?.length ?? null, series.revision, series.id, series.revision],
      );
      return rowCount === 1;
    });
    const obsolete = kept ? series.first_look_key : key;
    if (obsolete !== null && (obsolete !== key || !kept)) await store.delete(obsolete);
  };

  const build = async (tenantId: string, series: SeriesRow): Promise<Buffer | null> => {
    const path = { study: series.study_uid, series: series.series_uid };
    const instances = await withTenant(tenantId, async (trx) => await findInstances(trx, path, true));
    const built = await buildFirstLook(instances, openFrames, pixels);
    await keep(tenantId, series, built);
    return built;
  };

  const buildOnce = (tenantId: string, series: SeriesRow): Promise<Buffer | null> => {
    const key = keyOf(tenantId, series);
    const running = building.get(key);
    if (running !== undefined) return running;
    const started = build(tenantId, series).finally(() => building.delete(key));
    building.set(key, started);
    return started;
  };

  const isBuilt = (tenantId: string, series: SeriesRow): boolean =>
    series.first_look_key === keyOf(tenantId, series) && series.first_look_revision === series.revision;

  return {
    find: async (tenantId, { study, series }, seesRejected) => {
      const { rows }: { rows: SeriesRow[] } = await withTenant(
        tenantId,
        async (trx) =>
          await trx.raw(
            `${SELECT} where s.study_uid = ? and e.series_uid = ?
               ${seesRejected ? '' : "and s.match_state <> 'rejected'"}`,
            [study, series],
          ),
      );
      const [row] = rows;
      if (row === undefined) return undefined;
      return {
        version: `${row.id}.${row.revision}.${FORM}`,
        read: async () => {
          if (!isBuilt(tenantId, row)) return await buildOnce(tenantId, row);
          return row.first_look_length === null ? null : await store.read(keyOf(tenantId, row));
        },
      };
    },
    prepare: async (tenantId, seriesId) => {
      const { rows }: { rows: SeriesRow[] } = await withTenant(
        tenantId,
        async (trx) => await trx.raw(`${SELECT} where e.id = ?`, [seriesId]),
      );
      const [series] = rows;
      if (series !== undefined && !isBuilt(tenantId, series)) await buildOnce(tenantId, series);
    },
  };
};
