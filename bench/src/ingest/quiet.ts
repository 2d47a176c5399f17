import { waitFor, type Archwire } from '@archwire/test-data/processes';

const isZero = async (archwire: Archwire, metric: string): Promise<boolean> =>
  (await archwire.metric(metric)) === 0;

/** Waits until nothing received is without its index row, and every series lies in the object store. */
export const settled = (archwire: Archwire, seconds = 180): Promise<number> =>
  waitFor(
    'index and settle',
    async () =>
      (await isZero(archwire, 'archwire_ingest_unindexed_instances')) &&
      (await isZero(archwire, 'archwire_archive_unsettled_instances')),
    { seconds, everyMs: 500 },
  );

/** Waits until the pictures of what was received are made, so that the next peer has the machine to itself. */
export const idle = (archwire: Archwire, seconds = 300): Promise<number> =>
  waitFor('no open job', () => isZero(archwire, 'archwire_jobs_open'), { seconds, everyMs: 500 });
