// Real: the whole server as a process of its own, its embedded PostgreSQL, DCMTK storescu as four senders, kill -9.
import { globSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom, deterministicUid, writeObject } from '@archwire/test-data';
import { startArchwire, temporaryFolder, waitFor } from '@archwire/test-data/processes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataSetOf, storescu } from './testing/dcmtk.ts';

const KILLS = 10;
const SENDERS = 4;
const PER_SENDER = 60;

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Sent {
  readonly file: string;
  readonly study: string;
  readonly series: string;
  readonly instance: string;
}

/** Small objects that share segments, and every twentieth one large enough for a file of its own. */
const writeObjects = async (round: number, sender: number): Promise<Sent[]> => {
  const random = createRandom(round * 100 + sender);
  const sent: Sent[] = [];
  for (let i = 0; i < PER_SENDER; i += 1) {
    const side = i % 20 === 19 ? 900 : 100 + random.below(150);
    const [study, series, instance] = ['', '/s', `/s/${i}`].map((part) =>
      deterministicUid(`durability ${round} ${sender}${part}`),
    ) as [string, string, string];
    const file = join(folder, `${round}-${sender}-${i}.dcm`);
    const pixels = Uint8Array.from({ length: side * side * 2 }, () => random.below(256));
    await writeFile(
      file,
      writeObject(
        {
          SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
          SOPInstanceUID: instance,
          StudyInstanceUID: study,
          SeriesInstanceUID: series,
          PatientID: `D-${round}-${sender}`,
          PatientName: `Durable^${round}`,
          PatientBirthDate: '20100101',
          PatientSex: 'O',
          Modality: 'OT',
          InstanceNumber: i + 1,
          SamplesPerPixel: 1,
          PhotometricInterpretation: 'MONOCHROME2',
          Rows: side,
          Columns: side,
          BitsAllocated: 16,
          BitsStored: 16,
          HighBit: 15,
          PixelRepresentation: 0,
        },
        pixels,
      ),
    );
    sent.push({ file, study, series, instance });
  }
  return sent;
};

describe('an acknowledged image', () => {
  it('is there byte for byte after the server was killed ten times in the middle of four senders', async () => {
    // Small segments and a short idle time, so that kills fall on roll-overs and settles too.
    const options = {
      dataDir: join(folder, 'data'),
      env: { ARCHWIRE_JOURNAL_SEGMENT_MB: '4', ARCHWIRE_SETTLE_IDLE_SECONDS: '1' },
    };
    const acknowledged: Sent[] = [];
    const random = createRandom(4711);
    for (let round = 0; round < KILLS; round += 1) {
      const server = await startArchwire(options);
      const groups = await Promise.all(
        Array.from({ length: SENDERS }, (_, sender) => writeObjects(round, sender)),
      );
      const sending = groups.map(async (group) => {
        const files = await storescu(
          server,
          group.map(({ file }) => file),
        );
        acknowledged.push(...group.filter(({ file }) => files.includes(file)));
      });
      await sleep(random.between(100, 900) + (round % 3 === 2 ? 1800 : 0));
      await server.kill();
      await Promise.all(sending);
    }
    expect(acknowledged.length).toBeGreaterThan(KILLS * 5);

    const server = await startArchwire(options);
    try {
      const count = async (): Promise<number> => {
        const answer = await server.fetch(
          '/dicomweb/studies?limit=1000&includefield=NumberOfStudyRelatedInstances',
          { headers: { accept: 'application/dicom+json' } },
        );
        const studies: unknown = await answer.json();
        if (!Array.isArray(studies)) throw new Error(`QIDO answered ${answer.status}`);
        return studies.reduce<number>(
          (sum, study: Record<string, { Value?: number[] }>) => sum + (study['00201208']?.Value?.[0] ?? 0),
          0,
        );
      };
      await waitFor(
        'all acknowledged instances in the index',
        async () => (await count()) >= acknowledged.length,
      );

      const wrong: string[] = [];
      for (const { file, study, series, instance } of acknowledged) {
        const answer = await server.fetch(
          `/dicomweb/studies/${study}/series/${series}/instances/${instance}`,
          {
            headers: { accept: 'application/dicom; transfer-syntax=*' },
          },
        );
        const stored = Buffer.from(await answer.arrayBuffer());
        const original = await readFile(file);
        if (answer.status !== 200 || !dataSetOf(stored).equals(dataSetOf(original)))
          wrong.push(`${instance}: ${answer.status}`);
      }
      expect(wrong).toEqual([]);
      expect(globSync(join(folder, 'data/**/*.part'))).toEqual([]);

      // The counters say what is really there: every study's number equals its instances listed one by one.
      const studies: unknown = await (
        await server.fetch('/dicomweb/studies?limit=1000', { headers: { accept: 'application/dicom+json' } })
      ).json();
      if (!Array.isArray(studies)) throw new Error('QIDO gave no list');
      const counters: [number, number][] = [];
      for (const study of studies as Record<string, { Value?: (string | number)[] }>[]) {
        const uid = String(study['0020000D']?.Value?.[0]);
        const listed: unknown = await (
          await server.fetch(`/dicomweb/studies/${uid}/instances?limit=5000`, {
            headers: { accept: 'application/dicom+json' },
          })
        ).json();
        counters.push([Number(study['00201208']?.Value?.[0]), Array.isArray(listed) ? listed.length : -1]);
      }
      expect(counters.map(([counter]) => counter)).toEqual(counters.map(([, listed]) => listed));
    } finally {
      await server.stop();
    }
  }, 400_000);
});
