import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { peakResidentMegabytes } from '../measure/process-usage.ts';
import { markdownTable } from '../measure/table.ts';
import { type Peer, startArchwire, startOrthanc, temporaryFolder } from '@archwire/test-data/processes';
import { startStorescp } from '../peers/storescp.ts';
import { measureMetadata, measureThumbnail } from './latency.ts';
import { writeLargeObject } from './objects.ts';
import { send } from './send.ts';
import { LOADS, measureThroughput, type Throughput } from './throughput.ts';

const ROUNDS = 3;

const ratios = (all: readonly Throughput[]): string[][] =>
  LOADS.map(({ name, senders }) => {
    const of = (peer: string): Throughput | undefined =>
      all.find((one) => one.load === name && one.senders === senders && one.peer === peer);
    const [archwire, orthanc, storescp] = [of('Archwire'), of('Orthanc'), of('storescp +B')];
    const speed = (one?: Throughput): string => one?.megabytesPerSecond.toFixed(0) ?? '';
    const times = (other?: Throughput): string =>
      ((archwire?.megabytesPerSecond ?? 0) / (other?.megabytesPerSecond ?? 1)).toFixed(2);
    return [
      name,
      String(senders),
      speed(archwire),
      speed(orthanc),
      speed(storescp),
      times(orthanc),
      times(storescp),
      archwire?.cpuSecondsPerGigabyte.toFixed(1) ?? '',
      orthanc?.cpuSecondsPerGigabyte.toFixed(1) ?? '',
    ];
  });

/** `npm run bench -- ingest`: receiving, indexing and first pictures, beside Orthanc and DCMTK in the same run. */
export const ingest = async (): Promise<{ readonly table: string; readonly figures: unknown }> => {
  const folder = await temporaryFolder();
  const report = (line: string): void => console.error(line);
  // Ending twice is no harm; a run that fails half-way leaves no server behind.
  const started: Peer[] = [];
  const keep = <P extends Peer>(peer: P): P => {
    started.push(peer);
    return peer;
  };
  try {
    const server = { dataDir: join(folder, 'archwire'), env: { ARCHWIRE_SETTLE_IDLE_SECONDS: '2' } };
    const orthanc = keep(await startOrthanc(folder));
    const storescp = keep(await startStorescp(folder));
    let archwire = keep(await startArchwire(server));
    const throughput = await measureThroughput(
      folder,
      [archwire, orthanc, storescp],
      archwire,
      ROUNDS,
      report,
    );
    const lagBuckets = [0.025, 0.05, 0.1, 0.25];
    const indexed = await archwire.metric('archwire_ingest_index_lag_seconds_count');
    const lag: number[] = [];
    for (const bucket of lagBuckets)
      lag.push((await archwire.metric(`archwire_ingest_index_lag_seconds_bucket{le="${bucket}"}`)) / indexed);
    await storescp.stop();

    report('metadata of 400 slices');
    const metadata = await measureMetadata(folder, archwire, orthanc);
    await orthanc.stop();
    report('panoramic to thumbnail');
    const thumbnail = await measureThumbnail(folder, archwire, 5);

    await archwire.stop();
    report('second start');
    archwire = keep(await startArchwire(server));
    const secondStart = archwire.secondsToReady;
    report('4 × 1 GB');
    const giants = await Promise.all(
      [0, 1, 2, 3].map(async (i) => [await writeLargeObject(join(folder, 'giants'), `giant-${i}`, 1000)]),
    );
    await send(archwire, giants);
    const resident = peakResidentMegabytes(archwire.pid);
    await archwire.stop();

    const first = markdownTable(
      [
        'load',
        'senders',
        'Archwire MB/s',
        'Orthanc MB/s',
        'storescp +B MB/s',
        '× Orthanc',
        '× storescp',
        'Archwire CPU s/GB',
        'Orthanc CPU s/GB',
      ],
      ratios(throughput),
    );
    const second = markdownTable(
      ['what', 'measured'],
      [
        [
          'index behind Success: share within 25, 50, 100, 250 ms',
          lag.map((share) => `${(share * 100).toFixed(1)} %`).join(', '),
        ],
        [
          'metadata of 400 slices, first and later request',
          `${metadata.archwire.first.toFixed(0)} ms, ${metadata.archwire.second.toFixed(1)} ms`,
        ],
        [
          'the same from Orthanc',
          `${metadata.orthanc.first.toFixed(0)} ms, ${metadata.orthanc.second.toFixed(1)} ms`,
        ],
        [
          'metadata, later request, × Orthanc',
          (metadata.orthanc.second / metadata.archwire.second).toFixed(0),
        ],
        ['panoramic sent → thumbnail served, median of 5', `${thumbnail.toFixed(0)} ms`],
        ['start to ready, second start', `${secondStart.toFixed(2)} s`],
        ['peak resident memory of the gateway, receiving 4 × 1 GB', `${resident.toFixed(0)} MB`],
      ],
    );
    return {
      table: `${first}\n\n${second}`,
      figures: { throughput, lag, metadata, thumbnail, secondStart, resident },
    };
  } finally {
    await Promise.all(started.map((peer) => peer.stop()));
    await rm(folder, { recursive: true, force: true });
  }
};
