import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deterministicUid, panoramic, treatmentHistory } from '@archwire/test-data';
import { type Archwire, type Peer, waitFor } from '@archwire/test-data/processes';
import { idle } from '../ingest/quiet.ts';
import { send } from '../ingest/send.ts';
import { cpuSeconds } from '../measure/process-usage.ts';
import { median } from '../measure/table.ts';

const ROUNDS = 15;

export interface RenderedFigures {
  readonly what: string;
  readonly peer: string;
  readonly ms: number;
  readonly cpuMs: number;
  readonly bytes: number;
}

const measure = async (what: string, peer: Peer, ask: () => Promise<Response>): Promise<RenderedFigures> => {
  const times: number[] = [];
  let bytes = 0;
  let cpu = 0;
  for (let round = -2; round < ROUNDS; round += 1) {
    if (round === 0) cpu = cpuSeconds(peer.pid);
    const started = performance.now();
    const answer = await ask();
    bytes = (await answer.arrayBuffer()).byteLength;
    if (!answer.ok) throw new Error(`HTTP ${answer.status} from ${answer.url}`);
    if (round >= 0) times.push(performance.now() - started);
  }
  return {
    what,
    peer: peer.name,
    ms: median(times),
    cpuMs: ((cpuSeconds(peer.pid) - cpu) * 1000) / ROUNDS,
    bytes,
  };
};

/** Pictures of one panoramic as both servers make them for a browser, one request after the other. */
export const measureRendered = async (
  folder: string,
  archwire: Archwire,
  orthanc: Peer & { readonly url: string },
): Promise<readonly RenderedFigures[]> => {
  const [study] = treatmentHistory(702, 0);
  if (study === undefined) throw new Error('There is no test study.');
  const file = join(folder, 'rendered.dcm');
  await writeFile(file, await panoramic(study));
  await send(archwire, [[file]]);
  await send(orthanc, [[file]]);
  await waitFor(
    'pictures',
    async () => (await archwire.metric('archwire_derivatives_total{kind="display"}')) > 0,
  );
  await idle(archwire);
  const uid = (part: string): string => deterministicUid(`${study.name}${part}`);
  const path = `/studies/${uid('')}/series/${uid('/panoramic')}/instances/${uid('/panoramic/1')}/rendered`;
  const found: unknown = await (await fetch(`${orthanc.url}/instances`)).json();
  const [id] = Array.isArray(found) ? found.map(String) : [];
  const own =
    (query: string, accept = 'image/jpeg') =>
    async () =>
      await archwire.fetch(`/dicomweb${path}${query}`, { headers: { accept } });
  const theirs = (at: string, accept: string) => async () =>
    await fetch(`${orthanc.url}${at}`, { headers: { accept } });
  const whole = 'whole image, JPEG';
  const windowed = 'whole image with a window of its own, JPEG';
  const png = 'whole image, PNG';
  return [
    await measure(whole, archwire, own('')),
    await measure(whole, orthanc, theirs(`/dicom-web${path}`, 'image/jpeg')),
    await measure(`${whole} (/preview)`, orthanc, theirs(`/instances/${id}/preview`, 'image/jpeg')),
    await measure(windowed, archwire, own('?window=1800,2600,linear')),
    await measure(windowed, orthanc, theirs(`/dicom-web${path}?window=1800,2600,linear`, 'image/jpeg')),
    await measure(png, archwire, own('', 'image/png')),
    await measure(png, orthanc, theirs(`/dicom-web${path}`, 'image/png')),
    await measure(`${png} (/preview)`, orthanc, theirs(`/instances/${id}/preview`, 'image/png')),
  ];
};
