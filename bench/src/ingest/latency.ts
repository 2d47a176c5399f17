import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deterministicUid, panoramic, treatmentHistory } from '@archwire/test-data';
import { waitFor, type Archwire, type Peer } from '@archwire/test-data/processes';
import { median } from '../measure/table.ts';
import { idle, settled } from './quiet.ts';
import { writeSlices } from './objects.ts';
import { send } from './send.ts';

const timed = async (ask: () => Promise<Response>): Promise<number> => {
  const started = performance.now();
  const response = await ask();
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`HTTP ${response.status} from ${response.url}`);
  return performance.now() - started;
};

/** Milliseconds of series metadata of 400 slices: the first request, and the median of the nine after it. */
export const measureMetadata = async (
  folder: string,
  archwire: Archwire,
  orthanc: Peer & { readonly url: string },
): Promise<{
  readonly archwire: { first: number; second: number };
  readonly orthanc: { first: number; second: number };
}> => {
  const files = await writeSlices(join(folder, 'metadata'), 'metadata', 400, 64);
  await send(archwire, [files]);
  await send(orthanc, [files]);
  const path = `/studies/${deterministicUid('metadata')}/series/${deterministicUid('metadata/series')}/metadata`;
  await settled(archwire);
  await idle(archwire);
  const measure = async (ask: () => Promise<Response>): Promise<{ first: number; second: number }> => {
    const first = await timed(ask);
    const later: number[] = [];
    for (let i = 0; i < 9; i += 1) later.push(await timed(ask));
    return { first, second: median(later) };
  };
  return {
    archwire: await measure(() =>
      archwire.fetch(`/dicomweb${path}`, { headers: { accept: 'application/dicom+json' } }),
    ),
    orthanc: await measure(() =>
      fetch(`${orthanc.url}/dicom-web${path}`, { headers: { accept: 'application/dicom+json' } }),
    ),
  };
};

/** Milliseconds from the acknowledgement of a panoramic until its made thumbnail is served; each of `count` on an idle server. */
export const measureThumbnail = async (
  folder: string,
  archwire: Archwire,
  count: number,
): Promise<number> => {
  const times: number[] = [];
  for (const [index, study] of treatmentHistory(900, count - 1).entries()) {
    const file = join(folder, `panoramic-${index}.dcm`);
    await writeFile(file, await panoramic(study));
    const uid = (part: string): string => deterministicUid(`${study.name}${part}`);
    const path = `/dicomweb/studies/${uid('')}/series/${uid('/panoramic')}/instances/${uid('/panoramic/1')}/thumbnail`;
    const before = await archwire.metric('archwire_derivatives_total{kind="thumbnail"}');
    const started = performance.now();
    await send(archwire, [[file]]);
    await waitFor(
      'thumbnail',
      async () =>
        (await archwire.metric('archwire_derivatives_total{kind="thumbnail"}')) > before &&
        (await archwire.fetch(path, { headers: { accept: 'image/jpeg' } })).ok,
    );
    times.push(performance.now() - started);
  }
  return median(times);
};
