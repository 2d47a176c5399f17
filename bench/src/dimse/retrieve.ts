import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Archwire, Peer } from '@archwire/test-data/processes';
import { deterministicUid } from '@archwire/test-data';
import { idle, settled } from '../ingest/quiet.ts';
import { CT_IMAGE, MULTIFRAME_GRAYSCALE_WORD, writeLargeObject, writeSlices } from '../ingest/objects.ts';
import { send } from '../ingest/send.ts';
import { forgetPeak, peakResidentMegabytes, residentMegabytes } from '../measure/process-usage.ts';
import { median } from '../measure/table.ts';
import { DimseClient, element } from './dimse-client.ts';
import { DESTINATION, REQUESTER } from './register.ts';

const C_GET = 0x0010;
const STUDY_ROOT_GET = '1.2.840.10008.5.1.4.1.2.2.3';

const ROUNDS = 5;

export interface RetrieveFigures {
  readonly load: string;
  readonly how: 'C-GET' | 'C-GET, thrown away' | 'C-MOVE' | 'dcmsend';
  readonly peer: string;
  readonly megabytesPerSecond: number;
  /** Resident before the first transfer, and the highest while it went on. `null` for a tool. */
  readonly megabytes: readonly [before: number, peak: number] | null;
}

interface Load {
  readonly name: string;
  readonly study: string;
  readonly count: number;
  readonly megabytes: number;
  readonly classes: readonly string[];
  write(folder: string): Promise<readonly string[]>;
}

const LOADS: readonly Load[] = [
  {
    name: '400 × 0.5 MB',
    study: 'retrieve-slices',
    count: 400,
    megabytes: (400 * 512 * 512 * 2) / 1e6,
    classes: [CT_IMAGE],
    write: (folder) => writeSlices(folder, 'retrieve-slices', 400, 512),
  },
  {
    name: 'one 300 MB object',
    study: 'retrieve-large',
    count: 1,
    megabytes: 300,
    classes: [MULTIFRAME_GRAYSCALE_WORD],
    write: async (folder) => [await writeLargeObject(folder, 'retrieve-large', 300)],
  },
];

const run = async (name: string, args: readonly string[]): Promise<void> => {
  const child = spawn(name, [...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, TCP_NODELAY: '1' },
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}`);
};

const keys = (study: string): string[] => [
  '-k',
  'QueryRetrieveLevel=STUDY',
  '-k',
  `StudyInstanceUID=${deterministicUid(study)}`,
];
const titles = ({ calledAe }: Peer): string[] => ['-aet', REQUESTER, '-aec', calledAe];
const at = ({ dimsePort }: Peer): string[] => ['127.0.0.1', String(dimsePort)];

/**
 * C-GET by getscu, and by a client that throws away what comes, because getscu is slower than either server; C-MOVE by
 * movescu to `storescp +B`, and dcmsend of the same files to the same `storescp`.
 */
export const measureRetrieve = async (
  folder: string,
  archwire: Archwire,
  orthanc: Peer,
  destination: Peer & { readonly output: string },
): Promise<RetrieveFigures[]> => {
  const input = join(folder, 'retrieve');
  const fetched = join(folder, 'fetched');
  const figures: RetrieveFigures[] = [];
  for (const load of LOADS) {
    const files = await load.write(input);
    for (const peer of [archwire, orthanc]) await send(peer, [files]);
    await settled(archwire);
    await idle(archwire);

    const arrived = async (where: string): Promise<void> => {
      const { length } = await readdir(where);
      if (length !== load.count)
        throw new Error(`${length} of ${load.count} objects of ${load.name} arrived`);
      await rm(where, { recursive: true });
      await mkdir(where);
    };
    const get = async (peer: Peer): Promise<void> => {
      await mkdir(fetched, { recursive: true });
      await run('getscu', ['-S', '+B', '-od', fetched, ...titles(peer), ...keys(load.study), ...at(peer)]);
      await arrived(fetched);
    };
    const getAndForget = async (peer: Peer): Promise<void> => {
      const client = await DimseClient.open(peer, STUDY_ROOT_GET, REQUESTER, load.classes);
      const { answers } = await client.request(
        C_GET,
        Buffer.concat([
          element(0x0008, 0x0052, 'STUDY '),
          element(0x0020, 0x000d, deterministicUid(load.study)),
        ]),
      );
      await client.release();
      if (answers < load.count - 1) throw new Error(`${answers} of ${load.count} objects came`);
    };
    const move = async (peer: Peer): Promise<void> => {
      await run('movescu', ['-S', '-aem', DESTINATION, ...titles(peer), ...keys(load.study), ...at(peer)]);
      await arrived(destination.output);
    };
    const sendFiles = async (): Promise<void> => {
      await send(destination, [files]);
      await arrived(destination.output);
    };

    const ways: readonly (readonly [RetrieveFigures['how'], Peer, (peer: Peer) => Promise<void>])[] = [
      ['C-GET', archwire, get],
      ['C-GET', orthanc, get],
      ['C-GET, thrown away', archwire, getAndForget],
      ['C-GET, thrown away', orthanc, getAndForget],
      ['C-MOVE', archwire, move],
      ['C-MOVE', orthanc, move],
      ['dcmsend', destination, sendFiles],
    ];
    const seconds = new Map<(typeof ways)[number], number[]>();
    const memory = new Map<(typeof ways)[number], [number, number]>();
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
        const [, peer, transfer] = way;
        const before = residentMegabytes(peer.pid);
        forgetPeak(peer.pid);
        const from = performance.now();
        await transfer(peer);
        const took = (performance.now() - from) / 1000;
        // The first round warms up.
        if (round === 0) continue;
        seconds.set(way, [...(seconds.get(way) ?? []), took]);
        const [first, peak] = memory.get(way) ?? [before, 0];
        memory.set(way, [first, Math.max(peak, peakResidentMegabytes(peer.pid))]);
      }
    }
    for (const way of ways) {
      const [how, peer] = way;
      figures.push({
        load: load.name,
        how,
        peer: peer.name,
        megabytesPerSecond: load.megabytes / median(seconds.get(way) ?? []),
        megabytes: how === 'dcmsend' ? null : (memory.get(way) ?? null),
      });
    }
    await rm(input, { recursive: true, force: true });
  }
  return figures;
};
