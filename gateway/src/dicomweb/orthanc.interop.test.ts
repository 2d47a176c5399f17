// Real: Debian's Orthanc with its DICOMweb plugin as a client of ours; HTTP, PostgreSQL, the journal on disk.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOrthanc } from '@archwire/test-data/processes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleObject, sampleUid, storeBody } from './testing/sample-object.ts';
import { type RunningDicomweb, startDicomweb } from './testing/start-dicomweb.ts';

let server: RunningDicomweb;
let orthanc: Awaited<ReturnType<typeof startOrthanc>>;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archwire-orthanc-'));
  server = await startDicomweb();
  orthanc = await startOrthanc(folder);
  const added = await fetch(`${orthanc.url}/dicom-web/servers/archwire`, {
    method: 'PUT',
    body: JSON.stringify({ Url: `${server.url}/`, HasDelete: false }),
  });
  expect(added.status).toBe(200);
});
afterAll(async () => {
  await orthanc.stop();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const ask = async (path: string, body?: Buffer | object): Promise<unknown> => {
  const init =
    body === undefined ? {} : { method: 'POST', body: Buffer.isBuffer(body) ? body : JSON.stringify(body) };
  const response = await fetch(`${orthanc.url}${path}`, init);
  const text = await response.text();
  expect([path, response.status, response.ok ? '' : text]).toEqual([path, 200, '']);
  return JSON.parse(text);
};

const text = (value: unknown, key: string): string =>
  typeof value === 'object' && value !== null
    ? String(Object.entries(value).find(([name]) => name === key)?.[1])
    : '';

test('Orthanc stores a study here; the bytes are those that it sent', async () => {
  const objects = [1, 2, 3].map((instance) => sampleObject({ instance, seed: instance }));
  let study = '';
  for (const object of objects) study = text(await ask('/instances', object), 'ParentStudy');
  await ask('/dicom-web/servers/archwire/stow', { Resources: [study], Synchronous: true });
  for (const [at, object] of objects.entries()) {
    const uid = sampleUid({ instance: at + 1 });
    const response = await fetch(`${server.url}/studies/1.2.3.1/series/1.2.3.1.1/instances/${uid}`, {
      headers: { Accept: 'application/dicom' },
    });
    expect(Buffer.from(await response.arrayBuffer()).equals(object)).toBe(true);
  }
});

test('Orthanc searches here and retrieves what it does not have', async () => {
  const mine = { study: '1.2.6', series: '1.2.6.1', patientId: 'Q1' };
  const { body, contentType } = storeBody([1, 2].map((instance) => sampleObject({ ...mine, instance })));
  await fetch(`${server.url}/studies`, { method: 'POST', body, headers: { 'Content-Type': contentType } });
  const found = await ask('/dicom-web/servers/archwire/qido', {
    Uri: '/studies',
    Arguments: { PatientID: 'Q1' },
  });
  expect(JSON.stringify(found)).toContain('1.2.6');
  await ask('/dicom-web/servers/archwire/retrieve', { Resources: [{ Study: '1.2.6' }], Synchronous: true });
  const instances = await ask('/tools/find', { Level: 'Instance', Query: { StudyInstanceUID: '1.2.6' } });
  expect(instances).toHaveLength(2);
});
