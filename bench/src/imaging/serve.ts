import { Agent, get } from 'node:http';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deterministicUid } from '@archwire/test-data';
import type { Archwire } from '@archwire/test-data/processes';
import { writeSlices } from '../ingest/objects.ts';
import { idle, settled } from '../ingest/quiet.ts';
import { send } from '../ingest/send.ts';
import { forgetPeak, peakResidentMegabytes, residentMegabytes } from '../measure/process-usage.ts';
import { median } from '../measure/table.ts';
import { startNginx } from '../peers/nginx.ts';

const CONNECTIONS = 4;
const ROUNDS = 5;
const LOADS = [
  { name: '200 frames of 0.5 MB', side: 512, count: 200 },
  { name: '40 frames of 8.4 MB', side: 2048, count: 40 },
] as const;

export interface ServeFigures {
  readonly load: string;
  readonly peer: string;
  readonly megabytesPerSecond: number;
  /** Resident before the first request and the highest while the frames were given; `null` for the peer. */
  readonly megabytes: readonly [before: number, peak: number] | null;
}

const pull = async (agent: Agent, url: string, headers: Record<string, string>): Promise<number> =>
  await new Promise((resolve, reject) => {
    get(url, { agent, headers }, (answer) => {
      let bytes = 0;
      answer.on('data', (piece: Buffer) => (bytes += piece.length));
      answer.on('error', reject);
      answer.on('end', () =>
        answer.statusCode === 200
          ? resolve(bytes)
          : reject(new Error(`HTTP ${answer.statusCode} from ${url}`)),
      );
    }).on('error', reject);
  });

/** MB/s of all addresses over four connections that stay open; the client is the same for every server. */
const throughput = async (
  urls: readonly string[],
  length: number,
  headers: Record<string, string>,
): Promise<number> => {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const rounds: number[] = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    const queue = urls.values();
    const started = performance.now();
    const lane = async (): Promise<number> => {
      let bytes = 0;
      for (const url of queue) bytes += await pull(agent, url, headers);
      return bytes;
    };
    const lanes = await Promise.all(Array.from({ length: CONNECTIONS }, lane));
    const bytes = lanes.reduce((sum, each) => sum + each, 0);
    if (bytes !== urls.length * length)
      throw new Error(`The server gave ${bytes} bytes of ${urls.length} frames of ${length}.`);
    if (round >= 0) rounds.push(bytes / 1e6 / ((performance.now() - started) / 1000));
  }
  agent.destroy();
  return median(rounds);
};

/** Frames as stored, from the object store over DICOMweb, beside nginx giving files of the same bytes. */
export const measureServe = async (folder: string, archwire: Archwire): Promise<readonly ServeFigures[]> => {
  const figures: ServeFigures[] = [];
  const token = await archwire.authorization();
  for (const { name, side, count } of LOADS) {
    const study = `serve-${side}`;
    const files = await writeSlices(join(folder, study), study, count, side);
    await send(archwire, [files]);
    await settled(archwire);
    await idle(archwire);
    const statics = join(folder, 'static', study);
    await mkdir(statics, { recursive: true });
    const length = side * side * 2;
    for (let i = 0; i < count; i += 1) await writeFile(join(statics, `${i}`), Buffer.alloc(length, i));
    const nginx = await startNginx(folder, statics);
    try {
      const series = `${archwire.url}/dicomweb/studies/${deterministicUid(study)}/series/${deterministicUid(`${study}/series`)}`;
      const ours = files.map((_, i) => `${series}/instances/${deterministicUid(`${study}/${i}`)}/frames/1`);
      const theirs = files.map((_, i) => `${nginx.url}/${i}`);
      forgetPeak(archwire.pid);
      const before = residentMegabytes(archwire.pid);
      const own = await throughput(ours, length, {
        authorization: token,
        accept: 'application/octet-stream; transfer-syntax=*',
      });
      figures.push({
        load: name,
        peer: archwire.name,
        megabytesPerSecond: own,
        megabytes: [before, peakResidentMegabytes(archwire.pid)],
      });
      const other = await throughput(theirs, length, {});
      figures.push({ load: name, peer: nginx.name, megabytesPerSecond: other, megabytes: null });
    } finally {
      await nginx.stop();
    }
  }
  return figures;
};
