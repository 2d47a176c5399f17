import { createSeriesMetadata, type InstanceReader, type SeriesMetadata } from '@archwire/archive';
import type { WithTenant } from '@archwire/database';
import type { ObjectStore } from '@archwire/storage-adapters';
import { bulkDataUri } from './wado/bulk-data-uri.ts';

/** Series metadata whose bulk values are found under `/dicomweb`. */
export const createDicomwebMetadata = ({
  log,
  ...parts
}: {
  readonly withTenant: WithTenant;
  readonly reader: InstanceReader;
  /** Where what was built goes. */
  readonly store: Pick<ObjectStore, 'put' | 'read' | 'delete'>;
  readonly log: { warn(fields: object, message: string): void };
}): SeriesMetadata =>
  createSeriesMetadata({
    ...parts,
    bulkDataUri,
    onProblem: (error, fields) => log.warn({ err: error, ...fields }, 'series metadata'),
  });
