import type { Archive, Deriver, IndexedBatch } from '@archwire/archive';
import type { Metrics } from '@archwire/runtime';

export interface ArchiveMetrics {
  readonly onBatch: (batch: IndexedBatch) => void;
  /** From now on the gauges read this archive. */
  watch(archive: Pick<Archive, 'indexer' | 'journal'>): void;
  /** The same deriver, its work counted. */
  countDerivatives(deriver: Deriver): Deriver;
}

const KINDS = ['thumbnail', 'preview', 'display'] as const;

/** What an operator watches of receiving: how far the index is behind, what is not settled yet, what was derived. */
export const createArchiveMetrics = (metrics: Metrics): ArchiveMetrics => {
  let watched: Pick<Archive, 'indexer' | 'journal'> | null = null;
  const lag = metrics.histogram({
    name: 'archwire_ingest_index_lag_seconds',
    help: 'From durable bytes to the committed index row, of the oldest row of each batch',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30],
  });
  const indexed = metrics.counter({
    name: 'archwire_ingest_indexed_instances_total',
    help: 'Rows given to the index',
  });
  metrics.gauge({
    name: 'archwire_ingest_unindexed_instances',
    help: 'Durable instances that wait for their index row',
    collect: () => watched?.indexer.backlog().rows ?? 0,
  });
  metrics.gauge({
    name: 'archwire_archive_unsettled_instances',
    help: 'Ranges that still lie in the journal of this node',
    collect: () => watched?.journal.held().ranges ?? 0,
  });
  const derivatives = metrics.counter({
    name: 'archwire_derivatives_total',
    help: 'Derived images by kind, placeholders included',
    labels: ['kind'],
  });
  const placeholders = metrics.counter({
    name: 'archwire_derivative_placeholders_total',
    help: 'Instances that got a placeholder instead of a picture',
  });

  return {
    onBatch: ({ rows, lagMs }) => {
      lag.observe(lagMs / 1000);
      indexed.inc({}, rows);
    },
    watch: (archive) => {
      watched = archive;
    },
    countDerivatives: (deriver) => ({
      derive: async (job, context) => {
        const result = await deriver.derive(job, context);
        for (const kind of KINDS) derivatives.inc({ kind }, result.made);
        placeholders.inc({}, result.placeholders);
        return result;
      },
    }),
  };
};
