// Real: HTTP, PostgreSQL, the journal on disk, pixel threads; files of real devices where ARCHWIRE_SAMPLES names their folder.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readMultipart } from './testing/read-multipart.ts';
import { sampleObject, samplePixels } from './testing/sample-object.ts';
import { type RunningDicomweb, startDicomweb } from './testing/start-dicomweb.ts';

let server: RunningDicomweb;
beforeAll(async () => {
  server = await startDicomweb();
});
afterAll(async () => await server.stop());

const folder = process.env['ARCHWIRE_SAMPLES'];
const FOLDERS = [
  'dicom_transfer_syntax',
  'dicom_objects',
  'dicom_robustness',
  'dicom_dental',
  'dicom_charset',
];
const MAX_BYTES = 3_000_000;

const files = FOLDERS.filter(() => folder !== undefined).flatMap((name) =>
  readdirSync(join(folder ?? '', name), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(name, entry.name)),
);

interface Visit {
  readonly stored: number;
  readonly same: boolean;
  readonly statuses: readonly number[];
}

/** Stores an object and asks for everything that can be asked of it. */
const visit = async (bytes: Buffer): Promise<Visit | undefined> => {
  const answer = await fetch(`${server.url}/studies`, {
    method: 'POST',
    body: bytes,
    headers: { 'Content-Type': 'application/dicom' },
  });
  const json = JSON.parse(await answer.text());
  const url: unknown = json['00081199']?.Value?.[0]?.['00081190']?.Value?.[0];
  if (typeof url !== 'string') {
    expect([
      answer.status,
      Object.keys(json).some((key) => key === '00081198' || key === '0008119A'),
    ]).toEqual([409, true]);
    return undefined;
  }
  const back = await fetch(url, { headers: { Accept: 'application/dicom' } });
  const same = Buffer.from(await back.arrayBuffer()).equals(bytes);
  const statuses: number[] = [];
  for (const tail of [
    '/metadata',
    '/frames/1',
    '/rendered',
    '/thumbnail',
    '/bulkdata/7FE00010',
    '/../../metadata',
  ]) {
    const response = await fetch(url + tail);
    await response.arrayBuffer();
    statuses.push(response.status);
  }
  return { stored: answer.status, same, statuses };
};

test(
  'of every sample the bytes come back, and no question about it is a fault of ours',
  { timeout: 300_000 },
  async () => {
    let stored = 0;
    for (const file of files) {
      const bytes = readFileSync(join(folder ?? '', file));
      if (bytes.length > MAX_BYTES) continue;
      const visited = await visit(bytes);
      if (visited === undefined) continue;
      stored += 1;
      // A second sample may carry the UID of a first: then it is the first that comes back.
      expect([file, visited.same || visited.stored === 202]).toEqual([file, true]);
      expect([file, visited.statuses.filter((status) => status >= 500)]).toEqual([file, []]);
      expect([file, visited.statuses[0], visited.statuses[3], visited.statuses[5]]).toEqual([
        file,
        200,
        200,
        200,
      ]);
    }
    expect(stored).toBeGreaterThanOrEqual(files.length === 0 ? 0 : 100);
  },
);

test('of a generated object too', async () => {
  expect(await visit(sampleObject())).toEqual({
    stored: 200,
    same: true,
    statuses: [200, 200, 200, 200, 200, 200],
  });
  const parts = await readMultipart(
    await fetch(`${server.url}/studies/1.2.3.1/series/1.2.3.1.1/instances/1.2.3.1.1.1/frames/1`),
  );
  expect(parts.map(({ bytes }) => bytes)).toEqual([samplePixels({})]);
});
