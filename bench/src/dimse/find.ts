import { join } from 'node:path';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { deterministicUid, writeObject } from '@archwire/test-data';
import type { Archwire, Peer } from '@archwire/test-data/processes';
import { median } from '../measure/table.ts';
import { idle, settled } from '../ingest/quiet.ts';
import { send } from '../ingest/send.ts';
import { DimseClient, element, STUDY_ROOT_FIND } from './dimse-client.ts';

const C_FIND = 0x0020;
const STUDIES = 5000;
const ROUNDS = 5;

export interface FindFigures {
  readonly peer: string;
  readonly answers: number;
  readonly firstMs: number;
  readonly allMs: number;
}

const writeStudies = async (folder: string): Promise<string[]> => {
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (let n = 0; n < STUDIES; n += 1) {
    const study = deterministicUid(`find/${n}`);
    const file = join(folder, `${n}.dcm`);
    const dataset = {
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
      SOPInstanceUID: deterministicUid(`find/${n}/1/1`),
      StudyInstanceUID: study,
      SeriesInstanceUID: deterministicUid(`find/${n}/1`),
      PatientID: `FIND${String(n).padStart(5, '0')}`,
      PatientName: `Find^Number${n}`,
      PatientBirthDate: '20000101',
      PatientSex: 'O',
      StudyDate: `2025${String(1 + (n % 12)).padStart(2, '0')}${String(1 + (n % 28)).padStart(2, '0')}`,
      StudyTime: '120000',
      AccessionNumber: `A${n}`,
      Modality: 'OT',
      SeriesNumber: 1,
      InstanceNumber: 1,
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: 8,
      Columns: 8,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PixelRepresentation: 0,
    };
    await writeFile(file, writeObject(dataset, new Uint8Array(64)));
    files.push(file);
  }
  return files;
};

/** Every study with what a workstation lists. */
const EVERYTHING = Buffer.concat([
  element(0x0008, 0x0020, ''),
  element(0x0008, 0x0030, ''),
  element(0x0008, 0x0050, ''),
  element(0x0008, 0x0052, 'STUDY '),
  element(0x0010, 0x0010, ''),
  element(0x0010, 0x0020, 'FIND* '),
  element(0x0020, 0x000d, ''),
]);

/** C-FIND at STUDY level with 5,000 answers, to each peer in turn; medians. */
export const measureFind = async (
  folder: string,
  archwire: Archwire,
  others: readonly Peer[],
): Promise<FindFigures[]> => {
  const input = join(folder, 'find');
  const files = await writeStudies(input);
  const peers = [archwire, ...others];
  for (const peer of peers) await send(peer, [files]);
  // Five thousand series are packed, and as many pictures made.
  await settled(archwire, 1200);
  await idle(archwire, 1200);
  await rm(input, { recursive: true, force: true });

  const took = new Map(peers.map(({ name }) => [name, { first: [0], all: [0], answers: 0 }]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const peer of round % 2 === 0 ? peers : peers.toReversed()) {
      const client = await DimseClient.open(peer, STUDY_ROOT_FIND);
      const { answers, firstMs, allMs } = await client.request(C_FIND, EVERYTHING);
      await client.release();
      const of = took.get(peer.name);
      if (of === undefined) continue;
      of.answers = answers;
      // The first round warms up.
      if (round === 0) [of.first, of.all] = [[], []];
      else {
        of.first.push(firstMs);
        of.all.push(allMs);
      }
    }
  }
  return [...took].map(([peer, { all, answers, first }]) => ({
    peer,
    answers,
    firstMs: median(first),
    allMs: median(all),
  }));
};
