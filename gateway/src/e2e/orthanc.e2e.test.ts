// Real: the whole server as a process of its own, Debian's Orthanc with its DICOMweb plugin, dicomweb-client.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@archwire/database/testing';
import {
  startArchwire,
  startOrthanc,
  temporaryFolder,
  waitFor,
  type Archwire,
} from '@archwire/test-data/processes';
import { api } from 'dicomweb-client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { FetchedXmlHttpRequest } from '../dicomweb/testing/xml-http-request.ts';
import { dataSetOf } from './testing/dcmtk.ts';
import { smallObject, type SmallObject } from './testing/small-object.ts';

let folder: string;
let database: TestDatabase;
let server: Archwire;
let orthanc: Awaited<ReturnType<typeof startOrthanc>>;
let key: string;

const ask = async (method: string, path: string, body: Buffer | object): Promise<unknown> => {
  const answer = await fetch(`${orthanc.url}${path}`, {
    method,
    body: Buffer.isBuffer(body) ? Uint8Array.from(body) : JSON.stringify(body),
  });
  const text = await answer.text();
  expect([path, answer.status, answer.ok ? '' : text]).toEqual([path, 200, '']);
  return text === '' ? null : JSON.parse(text);
};
const textOf = (value: unknown, name: string): string =>
  typeof value === 'object' && value !== null
    ? String(Object.entries(value).find(([found]) => found === name)?.[1])
    : '';

beforeAll(async () => {
  folder = await temporaryFolder();
  database = await createTestDatabase();
  server = await startArchwire({
    dataDir: join(folder, 'data'),
    env: { DATABASE_URL: database.ownerUrl },
  });
  orthanc = await startOrthanc(folder);
  const made = await server.fetch('/api/v1/api-keys', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Orthanc', role: 'device' }),
  });
  key = textOf(await made.json(), 'key');
  await ask('PUT', '/modalities/archwire', {
    AET: server.calledAe,
    Host: '127.0.0.1',
    Port: server.dimsePort,
  });
  await ask('PUT', '/dicom-web/servers/archwire', {
    Url: `${server.url}/dicomweb/`,
    HttpHeaders: { 'X-API-Key': key },
  });
});
afterAll(async () => {
  await orthanc.stop();
  await server.stop();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

/** Gives Orthanc three images of a study; answers its id there. */
const give = async (objects: readonly SmallObject[]): Promise<string> => {
  let study = '';
  for (const { bytes } of objects) study = textOf(await ask('POST', '/instances', bytes), 'ParentStudy');
  return study;
};
const threeOf = (name: string) => [1, 2, 3].map((number) => smallObject(name, number));

/** Its declared types leave out that every answer is a promise. */
const answerOf = async <T>(promised: T): Promise<T> => promised;

const arrived = async (objects: readonly SmallObject[]): Promise<void> => {
  vi.stubGlobal('XMLHttpRequest', FetchedXmlHttpRequest);
  // Reading needs more than the key of a device: a person's token.
  const reader = await server.fetch('/api/v1/api-keys', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Reader', role: 'administrator' }),
  });
  const headers = { Authorization: `Bearer ${textOf(await reader.json(), 'key')}` };
  const client = new api.DICOMwebClient({ url: `${server.url}/dicomweb`, singlepart: false, headers });
  const [first] = objects as [SmallObject];
  await waitFor(
    'the whole study',
    async () =>
      (await answerOf(client.searchForInstances({ studyInstanceUID: first.study }))).length ===
      objects.length,
  );
  for (const { study, series, instance, bytes } of objects) {
    const part: ArrayBuffer = await answerOf(
      client.retrieveInstance({
        studyInstanceUID: study,
        seriesInstanceUID: series,
        sopInstanceUID: instance,
      }),
    );
    expect(dataSetOf(Buffer.from(part)).equals(dataSetOf(bytes))).toBe(true);
  }
};

it('receives a study that Orthanc sends by C-STORE', async () => {
  const objects = threeOf('orthanc by C-STORE');
  const id = await give(objects);
  const sent = await ask('POST', '/modalities/archwire/store', { Resources: [id], Synchronous: true });
  expect([textOf(sent, 'InstancesCount'), textOf(sent, 'FailedInstancesCount')]).toEqual(['3', '0']);
  await arrived(objects);
});

it('receives a study that Orthanc sends by STOW-RS with an API key', async () => {
  const objects = threeOf('orthanc by STOW-RS');
  const id = await give(objects);
  await ask('POST', '/dicom-web/servers/archwire/stow', { Resources: [id], Synchronous: true });
  await arrived(objects);
});

it('lets Orthanc ask for nothing without its key, and shows it why', async () => {
  await ask('PUT', '/dicom-web/servers/stranger', { Url: `${server.url}/dicomweb/` });
  const id = await give(threeOf('orthanc without a key'));
  const answer = await fetch(`${orthanc.url}/dicom-web/servers/stranger/stow`, {
    method: 'POST',
    body: JSON.stringify({ Resources: [id], Synchronous: true }),
  });
  expect(answer.ok).toBe(false);
  const found: unknown = await (
    await server.fetch(`/dicomweb/studies?StudyInstanceUID=${smallObject('orthanc without a key', 1).study}`)
  ).json();
  expect(found).toEqual([]);
});
