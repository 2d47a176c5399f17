import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Peer, startArchwire, startOrthanc, temporaryFolder } from '@archwire/test-data/processes';
import { sayPart } from '../measure/say-part.ts';
import { markdownTable } from '../measure/table.ts';
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
    const costs = await measureDeriveCost(await testImages());
    sayPart('pictures', costs);

    const archwire = keep(await server('archwire'));
    const orthanc = keep(await startOrthanc(folder));
    const rendered = await measureRendered(folder, archwire, orthanc);
    sayPart('rendered', rendered);
    await orthanc.stop();
    const volume = await measureVolume(folder, archwire);
    sayPart('volume', volume);
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
        ['CPU from the first byte to the last picture', `${volume.cpuSeconds.toFixed(1)} s`],
        ...memory.map(({ images, residentMegabytes }) => [
          `resident memory after ${images} images`,
          `${residentMegabytes.toFixed(0)} MB`,
        ]),
      ],
    );
    return {
      table: [pictures, renderedTable, serveTable, others].join('\n\n'),
      figures: { costs, rendered, volume, serve, memory },
    };
  } finally {
    await Promise.all(started.map((peer) => peer.stop()));
    await rm(folder, { recursive: true, force: true });
  }
};
