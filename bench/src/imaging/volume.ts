import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cbct, deterministicUid, type SyntheticStudy, treatmentHistory } from '@archwire/test-data';
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
  /** All of the volume at a quarter of its resolution. */
  readonly firstLookBytes: number;
}

const studyOf = (number: number): SyntheticStudy => {
  const [study] = treatmentHistory(number, 0);
  if (study === undefined) throw new Error('There is no test study.');
  return study;
};

/** Writes the volume of a CBCT as slices; another `number` is another patient. */
export const writeVolume = async (folder: string, number: number): Promise<readonly string[]> => {
  const study = studyOf(number);
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const slice of cbct(study, CBCT_SIZE)) {
    const file = join(folder, `slice-${files.length}.dcm`);
    await writeFile(file, slice);
    files.push(file);
  }
  return files;
};

/**
 * A CBCT of 400 slices, sent by `dcmsend` on one association; the median of three by the time to the last picture, and where
 * the group has what it receives recompressed, to the last slice packed in its store as well.
 */
export const measureVolume = async (
  folder: string,
  archwire: Archwire,
  { isRecompressed, patient }: { readonly isRecompressed: boolean; readonly patient: number },
): Promise<VolumeFigures> => {
  const policy = await archwire.fetch('/api/v1/recompression', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ policy: isRecompressed ? 'ingest' : 'off' }),
  });
  if (!policy.ok) throw new Error(`The policy of recompression was answered with HTTP ${policy.status}.`);
  const rounds: VolumeFigures[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const input = join(folder, 'volume');
    const files = await writeVolume(input, patient + round);
    const made = await archwire.metric(MADE);
    const cpu = cpuSeconds(archwire.pid);
    const sendSeconds = await send(archwire, [files]);
    const derivedMs = await waitFor(
      'pictures of the volume',
      async () =>
        (await archwire.metric(MADE)) >= made + files.length &&
        (await archwire.metric('archwire_jobs_open')) === 0 &&
        (!isRecompressed || (await archwire.metric('archwire_archive_unsettled_instances')) === 0),
      { seconds: 300, everyMs: 100 },
    );
    const uid = (part: string): string => deterministicUid(`${studyOf(patient + round).name}${part}`);
    const cpuUsed = cpuSeconds(archwire.pid) - cpu;
    const look = await archwire.fetch(`/dicomweb/studies/${uid('')}/series/${uid('/cbct')}/first-look`);
    if (!look.ok) throw new Error(`The first look was answered with HTTP ${look.status}.`);
    rounds.push({
      slices: files.length,
      megabytes: (files.length * CBCT_SIZE.matrix ** 2 * 2) / 1e6,
      sendSeconds,
      derivedSeconds: derivedMs / 1000,
      cpuSeconds: cpuUsed,
      firstLookBytes: (await look.arrayBuffer()).byteLength,
    });
    await rm(input, { recursive: true, force: true });
  }
  const middle = median(rounds.map(({ derivedSeconds }) => derivedSeconds));
  const found = rounds.find(({ derivedSeconds }) => derivedSeconds === middle);
  if (found === undefined) throw new Error('Nothing was measured.');
  return found;
};
