import { startArchwire } from '@archwire/test-data/processes';
import { percentile } from '../measure/table.ts';
import { seededFolder } from '../studies/seeded-folder.ts';
import { SEED } from '../studies/seed.ts';
import { DimseClient, element, STUDY_ROOT_FIND } from './dimse-client.ts';

const C_FIND = 0x0020;
const ROUNDS = 300;
const WARM_UP = 20;

/** C-FIND STUDY by PatientID in a million studies, one after the other on one association. */
export const measurePatientId = async (): Promise<{
  readonly answers: number;
  readonly p50: number;
  readonly p95: number;
}> => {
  const server = await startArchwire({ dataDir: await seededFolder() });
  try {
    const client = await DimseClient.open(server, STUDY_ROOT_FIND);
    const took: number[] = [];
    let answers = 0;
    for (let n = 0; n < ROUNDS + WARM_UP; n += 1) {
      // The group that a local peer reaches has the first half of the patients.
      const patient = 1 + ((n * 7919) % (SEED.patients / 2));
      const timings = await client.request(
        C_FIND,
        Buffer.concat([
          element(0x0008, 0x0020, ''),
          element(0x0008, 0x0052, 'STUDY '),
          element(0x0010, 0x0010, ''),
          element(0x0010, 0x0020, `MRN-${String(patient).padStart(6, '0')}`),
          element(0x0020, 0x000d, ''),
        ]),
      );
      if (n < WARM_UP) continue;
      took.push(timings.allMs);
      answers += timings.answers;
    }
    await client.release();
    if (answers === 0) throw new Error('No Patient ID found a study: what was measured is no search.');
    return { answers: answers / ROUNDS, p50: percentile(took, 0.5), p95: percentile(took, 0.95) };
  } finally {
    await server.stop();
  }
};
