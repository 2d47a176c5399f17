import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cbct, treatmentHistory } from '@archwire/test-data';
import { type Archwire, waitFor } from '@archwire/test-data/processes';
import { send } from '../ingest/send.ts';
import { cpuSeconds } from '../measure/process-usage.ts';
import { median } from '../measure/table.ts';
import { CBCT_SIZE } from './test-images.ts';

const ROUNDS = 3;
const MADE = 'archwire_derivatives_total{kind="thumbnail"}';

export interface VolumeFigures {
  readonly slices: number;
  readonly megabytes: number;
  /** First byte sent to last byte acknowledged. */
  readonly sendSeconds: number;
  /** Last byte acknowledged to every picture of every slice made and named by the index. */
  readonly derivedSeconds: number;
  /** CPU of the server and its database, from the first byte to the last picture. */
  readonly cpuSeconds: number;
}

/** Writes the volume of a CBCT as slices; another `number` is another patient. */
export const writeVolume = async (folder: string, number: number): Promise<readonly string[]> => {
  const [study] = treatmentHistory(number, 0);
  if (study === undefined) throw new Error('There is no test study.');
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const slice of cbct(study, CBCT_SIZE)) {
    const file = join(folder, `slice-${files.length}.dcm`);
    await writeFile(file, slice);
    files.push(file);
  }
  return files;
};

/** A CBCT of 400 slices, sent by `dcmsend` on one association; the median of three by the time to the last picture. */
export const measureVolume = async (folder: string, archwire: Archwire): Promise<VolumeFigures> => {
  const rounds: VolumeFigures[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const input = join(folder, 'volume');
    const files = await writeVolume(input, 710 + round);
    const made = await archwire.metric(MADE);
    const cpu = cpuSeconds(archwire.pid);
    const sendSeconds = await send(archwire, [files]);
    const derivedMs = await waitFor(
      'pictures of the volume',
      async () =>
        (await archwire.metric(MADE)) >= made + files.length &&
        (await archwire.metric('archwire_jobs_open')) === 0,
      { seconds: 300, everyMs: 100 },
    );
    rounds.push({
      slices: files.length,
      megabytes: (files.length * CBCT_SIZE.matrix ** 2 * 2) / 1e6,
      sendSeconds,
      derivedSeconds: derivedMs / 1000,
      cpuSeconds: cpuSeconds(archwire.pid) - cpu,
    });
    await rm(input, { recursive: true, force: true });
  }
  const middle = median(rounds.map(({ derivedSeconds }) => derivedSeconds));
  const found = rounds.find(({ derivedSeconds }) => derivedSeconds === middle);
  if (found === undefined) throw new Error('Nothing was measured.');
  return found;
};
