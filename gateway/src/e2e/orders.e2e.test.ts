// Real: the whole server as a process of its own, PostgreSQL, HTTP; DCMTK's findscu and storescu, as a panoramic unit uses them.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIdentifier, readPart10, type DicomJsonAttribute } from '@archwire/dicom';
import { startArchwire, temporaryFolder, waitFor, type Archwire } from '@archwire/test-data/processes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { dcmtk, storescu } from './testing/dcmtk.ts';
import { smallObject } from './testing/small-object.ts';

let folder: string;
let server: Archwire;
beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startArchwire({ dataDir: join(folder, 'data') });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const call = async <T>(schema: z.ZodType<T>, method: string, path: string, body?: object): Promise<T> => {
  const answer = await server.fetch(`/api/v1${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return schema.parse(await answer.json());
};
const Order = z.object({
  id: z.string(),
  state: z.string(),
  accessionNumber: z.string(),
  studyInstanceUid: z.string(),
  studyIds: z.array(z.string()),
});

const textOf = (attribute: DicomJsonAttribute | undefined): string => {
  const [value] = attribute?.Value ?? [];
  return typeof value === 'string' ? value : '';
};

const STEP = 'ScheduledProcedureStepSequence[0].';
/** What a panoramic unit asks, and what it copies from the answers into its images. */
const worklist = async (): Promise<readonly { readonly patientId: string; readonly studyUid: string }[]> => {
  const out = await mkdtemp(join(folder, 'answers-'));
  const keys = ['PatientName', 'PatientID', 'StudyInstanceUID', 'AccessionNumber', `${STEP}Modality=PX`];
  await dcmtk('findscu', [
    '-W',
    '-X',
    '-od',
    out,
    '-aet',
    'PANO',
    '-aec',
    server.calledAe,
    ...keys.flatMap((key) => ['-k', key]),
    '127.0.0.1',
    String(server.dimsePort),
  ]);
  return await Promise.all(
    (await readdir(out)).map(async (name) => {
      const bytes = await readFile(join(out, name));
      const { dataSetOffset, TransferSyntaxUID } = readPart10(bytes);
      const { dataSet } = readIdentifier(bytes.subarray(dataSetOffset), TransferSyntaxUID);
      return {
        patientId: textOf(dataSet['00100020']),
        studyUid: textOf(dataSet['0020000D']),
      };
    }),
  );
};

it('an order is on the worklist from check-in, its images find it, and it leaves the worklist when it is done', async () => {
  await call(z.object({}), 'POST', '/devices', { name: 'Pano', aeTitle: 'PANO', kind: 'panoramic' });
  const { patientId } = await call(z.object({ patientId: z.string() }), 'POST', '/imaging/patients', {
    name: 'Small^Object',
    birthDate: '2010-01-01',
    recordNumber: 'R-1',
  });
  const made = await call(Order, 'POST', '/imaging-orders', {
    patientId,
    description: 'Panoramic',
    date: '2026-01-05',
    time: '10:00',
    steps: [{ modality: 'PX' }],
  });
  expect([made.state, await worklist()]).toEqual(['planned', []]);
  await call(Order, 'POST', `/imaging-orders/${made.id}/check-in`);
  const [item] = await worklist();
  expect(item).toEqual({ patientId: 'R-1', studyUid: made.studyInstanceUid });

  const file = join(folder, 'image.dcm');
  await writeFile(file, smallObject('by the worklist', 1, { patientId: item?.patientId ?? '' }).bytes);
  await dcmtk('dcmodify', ['-nb', '-m', `StudyInstanceUID=${item?.studyUid}`, '-m', 'Modality=PX', file]);
  expect(await storescu(server, [file], 'PANO')).toEqual([file]);
  const read = async () => await call(Order, 'GET', `/imaging-orders/${made.id}`);
  await waitFor('the study is linked', async () => (await read()).studyIds.length === 1);
  expect((await read()).state).toBe('in_progress');
  expect((await worklist()).length).toBe(1);
  await call(Order, 'POST', `/imaging-orders/${made.id}/complete`, {});
  expect([(await read()).state, await worklist()]).toEqual(['completed', []]);
});
