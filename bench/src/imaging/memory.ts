import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom, deterministicUid, writeObject } from '@archwire/test-data';
import { type Archwire, waitFor } from '@archwire/test-data/processes';
import { send } from '../ingest/send.ts';
import { residentMegabytes } from '../measure/process-usage.ts';

const STEPS = [100, 200, 500, 1000] as const;
const MADE = 'archwire_derivatives_total{kind="thumbnail"}';
const SIDE = 1024;

/** An image of soft shapes with a little grain, as sensors give them. */
const image = (number: number): Uint8Array => {
  const random = createRandom(number);
  const pixels = new Uint16Array(SIDE * SIDE);
  for (let i = 0; i < pixels.length; i += 1) {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    pixels[i] = 2000 + 1500 * Math.sin((x + number) / 90) * Math.cos(y / 70) + random.below(60);
  }
  return new Uint8Array(pixels.buffer);
};

export interface MemoryFigures {
  readonly images: number;
  /** Resident memory of the process that makes the pictures, all jobs done. */
  readonly residentMegabytes: number;
}

/** Resident memory after so many images of 1 MP, 12 bits, since the start of the server. */
export const measureMemory = async (
  folder: string,
  archwire: Archwire,
): Promise<readonly MemoryFigures[]> => {
  const figures: MemoryFigures[] = [];
  const input = join(folder, 'memory');
  const before = await archwire.metric(MADE);
  let sent = 0;
  for (const step of STEPS) {
    await mkdir(input, { recursive: true });
    const files: string[] = [];
    for (; sent < step; sent += 1) {
      const uid = (part: string): string => deterministicUid(`memory/${part}`);
      const file = join(input, `${sent}.dcm`);
      const dataset = {
        SOPClassUID: '1.2.840.10008.5.1.4.1.1.1.1',
        SOPInstanceUID: uid(String(sent)),
        StudyInstanceUID: uid('study'),
        SeriesInstanceUID: uid(`series/${Math.floor(sent / 50)}`),
        PatientID: 'memory',
        PatientName: 'Bench^Memory',
        Modality: 'IO',
        StudyDate: '20260101',
        SeriesNumber: 1 + Math.floor(sent / 50),
        InstanceNumber: sent + 1,
        SamplesPerPixel: 1,
        PhotometricInterpretation: 'MONOCHROME2',
        Rows: SIDE,
        Columns: SIDE,
        BitsAllocated: 16,
        BitsStored: 12,
        HighBit: 11,
        PixelRepresentation: 0,
      };
      await writeFile(file, writeObject(dataset, image(sent)));
      files.push(file);
    }
    await send(archwire, [files]);
    await waitFor(
      'pictures',
      async () =>
        (await archwire.metric(MADE)) >= before + step && (await archwire.metric('archwire_jobs_open')) === 0,
      { seconds: 300, everyMs: 200 },
    );
    await rm(input, { recursive: true, force: true });
    figures.push({ images: step, residentMegabytes: residentMegabytes(archwire.pid) });
  }
  return figures;
};
