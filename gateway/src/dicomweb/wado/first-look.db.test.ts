// Real: HTTP, PostgreSQL, the journal and the object store on disk, pixel threads, a generated CBCT.
import type { FirstLookIndex } from '@archwire/archive';
import { decodeHtj2k } from '@archwire/dicom';
import { cbct, cbctVolume, deterministicUid, treatmentHistory } from '@archwire/test-data';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleObject, storeBody } from '../testing/sample-object.ts';
import { type RunningDicomweb, startDicomweb } from '../testing/start-dicomweb.ts';

const SIZE = { matrix: 128, slices: 64, voxel: 0.75 };
const [study] = treatmentHistory(40, 0);
if (study === undefined) throw new Error('There is no test study.');
const uid = (part: string): string => deterministicUid(`${study.name}${part}`);

let server: RunningDicomweb;
const send = async (objects: readonly Buffer[]): Promise<void> => {
  const { body, contentType } = storeBody(objects);
  const answer = await fetch(`${server.url}/studies`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': contentType },
  });
  expect(answer.status).toBe(200);
};
beforeAll(async () => {
  server = await startDicomweb();
  await send([...cbct(study, SIZE), sampleObject()]);
});
afterAll(() => server.stop());

const url = (): string => `${server.url}/studies/${uid('')}/series/${uid('/cbct')}/first-look`;
const stored = async (): Promise<{ key: string | null; revision: number | null }[]> =>
  await server.database.owner(
    'select first_look_key as key, first_look_revision as revision from series where series_uid = $1',
    [uid('/cbct')],
  );

test('a volume comes whole at a quarter of its resolution, in a fraction of its bytes', async () => {
  const answer = await fetch(url());
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect([answer.status, answer.headers.get('Content-Type')]).toEqual([
    200,
    'application/vnd.archwire.first-look',
  ]);
  expect(bytes.length).toBeLessThan((SIZE.matrix ** 2 * SIZE.slices * 2) / 25);

  const start = 4 + bytes.readUInt32LE(0);
  const index: FirstLookIndex = JSON.parse(bytes.subarray(4, start).toString());
  expect(index).toMatchObject({ version: 1, rows: 32, columns: 32, reduction: 4 });
  expect(index.frames).toHaveLength(SIZE.slices / 2);
  expect(new Set(index.frames.map(({ sopInstanceUid }) => sopInstanceUid)).size).toBe(SIZE.slices / 2);
  const last = index.frames.at(-1);
  expect(start + (last?.offset ?? 0) + (last?.length ?? 0)).toBe(bytes.length);

  // The averages of squares of the volume that the slices were cut from.
  const volume = cbctVolume(study, SIZE);
  const twelfth = index.frames[12];
  if (twelfth === undefined) throw new Error('The index is too short.');
  const stream = bytes.subarray(start + twelfth.offset, start + twelfth.offset + twelfth.length);
  const geometry = {
    rows: 32,
    columns: 32,
    samplesPerPixel: 1,
    bitsAllocated: 16,
    bitsStored: 16,
    signed: true,
  };
  const seen = await decodeHtj2k(stream, geometry);
  const average = (row: number, column: number): number => {
    let sum = 0;
    for (let y = 0; y < 4; y += 1)
      for (let x = 0; x < 4; x += 1)
        sum += volume[(24 * SIZE.matrix + row * 4 + y) * SIZE.matrix + column * 4 + x] ?? 0;
    return Math.round(sum / 16);
  };
  for (const [row, column] of [
    [0, 0],
    [16, 16],
    [10, 21],
  ] as const)
    expect(seen.readInt16LE((row * 32 + column) * 2)).toBe(average(row, column));
});

test('it is built once, found by its version, and not for what an image more made of the series', async () => {
  const answer = await fetch(url());
  const before = await answer.bytes();
  const tag = answer.headers.get('ETag') ?? '';
  expect((await fetch(url(), { headers: { 'If-None-Match': tag } })).status).toBe(304);
  const range = await fetch(url(), { headers: { Range: 'bytes=4-23' } });
  expect([range.status, await range.bytes()]).toEqual([206, before.subarray(4, 24)]);
  const [{ key } = { key: null }] = await stored();
  expect(await server.store.read(key ?? '')).toEqual(Buffer.from(before));

  // An image of another size: the series is no volume any more, and what was built goes.
  const odd = { study: uid(''), series: uid('/cbct'), instance: 900, patientId: study.patient.PatientID };
  await send([sampleObject(odd)]);
  expect((await fetch(url())).status).toBe(404);
  expect(await server.store.head(key ?? '')).toBeUndefined();
  const [row] = await stored();
  expect((await fetch(url())).status).toBe(404);
  expect(await stored()).toEqual([row]);
});

test('a series that is no volume has none, and neither has one of another group', async () => {
  const single = `${server.url}/studies/1.2.3.1/series/1.2.3.1.1/first-look`;
  expect((await fetch(single)).status).toBe(404);
  expect((await fetch(`${server.url}/studies/1.2.3.1/series/1.2.3.9/first-look`)).status).toBe(404);
  server.as(server.other);
  expect((await fetch(url())).status).toBe(404);
  server.as(server.tenant);
});
