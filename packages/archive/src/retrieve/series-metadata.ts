import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { AppError } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import type { ObjectStore } from '@archwire/storage-adapters';
import type { Transaction } from '../query/transaction.ts';
import { findInstances, type ResourcePath } from './find-instances.ts';
import { type BulkDataUri, identityMetadata, instanceMetadata } from './instance-metadata.ts';
import type { InstanceReader } from './instance-reader.ts';
import type { StoredInstance } from './stored-instance.ts';

/** Metadata of one series at one revision of it. */
export interface SeriesMetadataEntry {
  /** Changes whenever the JSON does. */
  readonly version: string;
  /** Gzip, which every client takes as it is: a JSON array of the instances' data sets, in the order of their numbers. */
  read(): Promise<Buffer>;
}

export interface SeriesMetadata {
  /**
   * The series of a study in the order of their numbers, or the one named. Empty when there is none, or when a person
   * rejected the study and the asker may not decide about it.
   */
  find(
    tenantId: string,
    path: Pick<ResourcePath, 'study' | 'series'>,
    seesRejected?: boolean,
  ): Promise<readonly SeriesMetadataEntry[]>;
  /** Builds what the first request would, unless it is built already; nothing for a series that is gone. */
  prepare(tenantId: string, seriesId: string): Promise<void>;
}

interface SeriesRow {
  readonly id: string;
  readonly study_uid: string;
  readonly series_uid: string;
  readonly revision: number;
  readonly metadata_key: string | null;
  readonly metadata_revision: number | null;
}

/** Part of every key: the next form of the JSON gets another, and what is stored is built again. */
const FORM = 'v2';
const PARALLEL_READS = 8;
const LEVEL = 6;

const compress = promisify(gzip);

const keyOf = (tenantId: string, series: SeriesRow): string =>
  `t/${tenantId}/metadata/${series.id}/${series.revision}.${FORM}.json.gz`;

const SELECT = `select e.id, s.study_uid, e.series_uid, e.revision, e.metadata_key, e.metadata_revision
    from series e join study s on s.tenant_id = e.tenant_id and s.id = e.study_id`;

const findSeries = async (
  trx: Transaction,
  { study, series }: Pick<ResourcePath, 'study' | 'series'>,
  seesRejected: boolean,
): Promise<readonly SeriesRow[]> => {
  const { rows }: { rows: SeriesRow[] } = await trx.raw(
    `${SELECT}
      where s.study_uid = ? ${series === undefined ? '' : 'and e.series_uid = ?'}
        ${seesRejected ? '' : "and s.match_state <> 'rejected'"}
      order by e.series_number asc nulls last, e.id`,
    series === undefined ? [study] : [study, series],
  );
  return rows;
};

/**
 * Series metadata that is built once and served as stored bytes. Built when the series has settled, or at the first request
 * after it changed if that comes before; any number of simultaneous requests share one build. A store that cannot take the blob costs only the next build.
 */
export const createSeriesMetadata = ({
  withTenant,
  reader,
  store,
  bulkDataUri,
  onProblem,
}: {
  readonly withTenant: WithTenant;
  readonly reader: InstanceReader;
  readonly store: Pick<ObjectStore, 'put' | 'read' | 'delete'>;
  readonly bulkDataUri: BulkDataUri;
  /** Something worth a line in the log that does not fail the request. */
  readonly onProblem: (
    error: unknown,
    fields: { readonly seriesId: string; readonly sopInstanceUid?: string },
  ) => void;
}): SeriesMetadata => {
  const building = new Map<string, Promise<Buffer>>();

  const json = async (instance: StoredInstance, seriesId: string): Promise<string> => {
    try {
      return JSON.stringify(await instanceMetadata(reader, instance, bulkDataUri));
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'invalid') throw error;
      onProblem(error, { seriesId, sopInstanceUid: instance.SOPInstanceUID });
      return JSON.stringify(identityMetadata(instance));
    }
  };

  const keep = async (tenantId: string, series: SeriesRow, blob: Buffer): Promise<void> => {
    const key = keyOf(tenantId, series);
    await store.put(key, blob, { contentType: 'application/dicom+json' });
    const kept = await withTenant(tenantId, async (trx) => {
      const { rowCount }: { rowCount: number } = await trx.raw(
        `update series set metadata_key = ?, metadata_length = ?, metadata_revision = ?
          where id = ? and (metadata_revision is null or metadata_revision <= ?)`,
        [key, blob.length, series.revision, series.id, series.revision],
      );
      return rowCount === 1;
    });
    const obsolete = kept ? series.metadata_key : key;
    if (obsolete !== null && (obsolete !== key || !kept)) await store.delete(obsolete);
  };

  const build = async (tenantId: string, series: SeriesRow): Promise<Buffer> => {
    const path = { study: series.study_uid, series: series.series_uid };
    const instances = await withTenant(tenantId, async (trx) => await findInstances(trx, path, true));
    const texts: string[] = [];
    for (let at = 0; at < instances.length; at += PARALLEL_READS) {
      const batch = instances.slice(at, at + PARALLEL_READS);
      texts.push(...(await Promise.all(batch.map(async (instance) => await json(instance, series.id)))));
    }
    const blob = await compress(Buffer.from(`[${texts.join(',')}]`), { level: LEVEL });
    await keep(tenantId, series, blob).catch((error: unknown) => onProblem(error, { seriesId: series.id }));
    return blob;
  };

  const buildOnce = (tenantId: string, series: SeriesRow): Promise<Buffer> => {
    const key = keyOf(tenantId, series);
    const running = building.get(key);
    if (running !== undefined) return running;
    const started = build(tenantId, series).finally(() => building.delete(key));
    building.set(key, started);
    return started;
  };

  const isBuilt = (tenantId: string, series: SeriesRow): boolean =>
    series.metadata_key === keyOf(tenantId, series) && series.metadata_revision === series.revision;

  const read = async (tenantId: string, series: SeriesRow): Promise<Buffer> => {
    if (!isBuilt(tenantId, series)) return await buildOnce(tenantId, series);
    try {
      return await store.read(keyOf(tenantId, series));
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'not-found') throw error;
      return await buildOnce(tenantId, series);
    }
  };

  return {
    find: async (tenantId, path, seesRejected = false) => {
      const rows = await withTenant(tenantId, async (trx) => await findSeries(trx, path, seesRejected));
      return rows.map((row) => ({
        version: `${row.id}.${row.revision}.${FORM}`,
        read: async () => await read(tenantId, row),
      }));
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
