import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Peer, startArchwire, startOrthanc, temporaryFolder } from '@archwire/test-data/processes';
import { sayPart } from '../measure/say-part.ts';
import { markdownTable } from '../measure/table.ts';
import { measureArchiveRatio } from './archive-ratio.ts';
import { measureDeriveCost } from './derive-cost.ts';
import { measureMemory } from './memory.ts';
import { measureRendered } from './rendered.ts';
import { measureServe } from './serve.ts';
import { testImages } from './test-images.ts';
import { measureVolume } from './volume.ts';

const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(0);
const share = (part: number, whole: number): string => `${((part / whole) * 100).toFixed(1)} %`;

/** `npm run bench -- imaging`: pictures, frames and volumes, beside Orthanc and nginx in the same run. */
export const imaging = async (): Promise<{ readonly table: string; readonly figures: unknown }> => {
  const folder = await temporaryFolder();
  const started: Peer[] = [];
  const keep = <P extends Peer>(peer: P): P => {
    started.push(peer);
    return peer;
  };
  const server = (name: string) =>
    startArchwire({ dataDir: join(folder, name), env: { ARCHWIRE_SETTLE_IDLE_SECONDS: '2' } });
  try {
    const images = await testImages();
    const costs = await measureDeriveCost(images);
    sayPart('pictures', costs);
    const archive = await measureArchiveRatio(folder, images);
    sayPart('archive', archive);

    const archwire = keep(await server('archwire'));
    const orthanc = keep(await startOrthanc(folder));
    const rendered = await measureRendered(folder, archwire, orthanc);
    sayPart('rendered', rendered);
    await orthanc.stop();
    const volume = await measureVolume(folder, archwire, { isRecompressed: false, patient: 710 });
    sayPart('volume', volume);
    const recompressed = await measureVolume(folder, archwire, { isRecompressed: true, patient: 720 });
    sayPart('volume, recompressed on ingest', recompressed);
    const serve = await measureServe(folder, archwire);
    sayPart('frames', serve);
    await archwire.stop();
    // A server of its own: memory is counted from its start.
    const fresh = keep(await server('memory'));
    const memory = await measureMemory(folder, fresh);
    sayPart('memory', memory);
    await fresh.stop();

    const pictures = markdownTable(
      [
        'image',
        'pictures CPU ms',
        'pixels KB',
        'thumbnail KB',
        'preview KB',
        'display KB',
        'display / pixels',
      ],
      costs.map((one) => [
        one.kind,
        one.picturesCpuMs.toFixed(1),
        kilobytes(one.rawBytes),
        kilobytes(one.thumbnailBytes),
        kilobytes(one.previewBytes),
        kilobytes(one.displayBytes),
        share(one.displayBytes, one.rawBytes),
      ]),
    );
    const archiveTable = markdownTable(
      [
        'archive',
        'received KB',
        'HTJ2K KB',
        'received / HTJ2K',
        'against ojph_compress',
        'encode + verify CPU ms',
      ],
      archive.map(({ kind, receivedBytes, ownBytes, openjphBytes, cpuMs }) => [
        kind,
        kilobytes(receivedBytes),
        kilobytes(ownBytes),
        (receivedBytes / ownBytes).toFixed(2),
        (ownBytes / openjphBytes).toFixed(3),
        cpuMs.toFixed(1),
      ]),
    );
    const renderedTable = markdownTable(
      ['/rendered, panoramic', 'from', 'ms', 'CPU ms', 'KB'],
      rendered.map(({ what, peer, ms, cpuMs, bytes }) => [
        what,
        peer,
        ms.toFixed(1),
        cpuMs.toFixed(0),
        kilobytes(bytes),
      ]),
    );
    const serveTable = markdownTable(
      ['frames from the store', 'from', 'MB/s', 'resident, before → peak'],
      serve.map(({ load, peer, megabytesPerSecond, megabytes }) => [
        load,
        peer,
        megabytesPerSecond.toFixed(0),
        megabytes === null ? '' : `${megabytes[0].toFixed(0)} → ${megabytes[1].toFixed(0)} MB`,
      ]),
    );
    const others = markdownTable(
      ['what', 'measured'],
      [
        [
          `CBCT, ${volume.slices} slices (${volume.megabytes.toFixed(0)} MB): sending`,
          `${volume.sendSeconds.toFixed(2)} s`,
        ],
        ['last byte received to the last picture of the volume', `${volume.derivedSeconds.toFixed(2)} s`],
        [
          'the same, and the last slice recompressed in its pack (policy: on ingest)',
          `${recompressed.derivedSeconds.toFixed(2)} s`,
        ],
        [
          'first look of the volume',
          `${(volume.firstLookBytes / 1e6).toFixed(2)} MB, 1/${(volume.megabytes / (volume.firstLookBytes / 1e6)).toFixed(0)} of its pixels`,
        ],
        ['CPU from the first byte to the last picture', `${volume.cpuSeconds.toFixed(1)} s`],
        ...memory.map(({ images, residentMegabytes }) => [
          `resident memory after ${images} images`,
          `${residentMegabytes.toFixed(0)} MB`,
        ]),
      ],
    );
    return {
      table: [pictures, archiveTable, renderedTable, serveTable, others].join('\n\n'),
      figures: { costs, archive, rendered, volume, recompressed, serve, memory },
    };
  } finally {
    await Promise.all(started.map((peer) => peer.stop()));
    await rm(folder, { recursive: true, force: true });
  }
};
