// Real: the whole server as a process of its own, its embedded PostgreSQL, DCMTK storescu, the derive jobs, HTTP.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Role } from '@archwire/contracts';
import { createApiClient } from '@archwire/contracts/api';
import { usersApi } from '@archwire/contracts/api/users';
import { patientsApi } from '@archwire/contracts/api/patients';
import { startArchwire, temporaryFolder, waitFor, type Archwire } from '@archwire/test-data/processes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { storescu } from './testing/dcmtk.ts';
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

const { call } = createApiClient(async (path, init) => await server.fetch(path, init));

it('an image that arrives has pictures at addresses that are cached, versioned and guarded', async () => {
  const file = join(folder, 'one.dcm');
  await writeFile(file, smallObject('pictured', 1).bytes);
  expect(await storescu(server, [file])).toEqual([file]);

  let patientId = '';
  await waitFor('the patient', async () => {
    const { patients } = await call(patientsApi.search, { body: { text: 'small ob' } });
    patientId = patients[0]?.patientId ?? '';
    return patients.length === 1;
  });
  const study = async () =>
    (await call(patientsApi.timeline, { params: { id: patientId }, query: {} })).studies[0];
  await waitFor('its picture', async () => (await study())?.thumbnails[0]?.picture !== null);
  const [image] = (await study())?.thumbnails ?? [];
  const version = image?.picture?.version ?? 'none';
  const address = `/api/v1/pictures/${image?.instanceId}/${version}`;

  const answer = await server.fetch(`${address}/thumbnail`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect([answer.status, bytes.length, [...bytes.subarray(0, 2)]]).toEqual([
    200,
    Number(answer.headers.get('content-length')),
    [0xff, 0xd8],
  ]);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'image/jpeg',
    'cache-control': 'private, max-age=86400, immutable',
    etag: `"${version}.thumbnail"`,
    vary: 'Accept, Authorization, Cookie',
    'x-content-type-options': 'nosniff',
  });
  const status = async (path: string, init: RequestInit = {}) => (await server.fetch(path, init)).status;
  expect(
    await status(`${address}/thumbnail`, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } }),
  ).toBe(304);
  expect(await status(`${address}/display`, { method: 'HEAD' })).toBe(200);
  for (const wrong of [
    `/api/v1/pictures/${image?.instanceId}/0000000000000000-1/thumbnail`,
    `/api/v1/pictures/999999/${version}/thumbnail`,
    `${address}/original`,
    `${address}/..%2fthumbnail`,
    '/api/v1/pictures/99999999999999999999999/x/thumbnail',
  ])
    expect([wrong, await status(wrong)]).toEqual([wrong, 404]);

  const keyOf = async (role: Role): Promise<string> =>
    (await call(usersApi.createApiKey, { body: { name: role, role } })).key;
  const statusAs = async (key: string | undefined, path: string) =>
    (await fetch(`${server.url}${path}`, key === undefined ? {} : { headers: { 'x-api-key': key } })).status;
  const billing = await keyOf('billing');
  expect([
    await statusAs(undefined, `${address}/thumbnail`),
    await statusAs(billing, `${address}/thumbnail`),
    await statusAs(await keyOf('referring-reader'), `${address}/thumbnail`),
    await statusAs(billing, `/api/v1/patients/${patientId}/timeline`),
    await statusAs(billing, `/api/v1/studies/${(await study())?.studyId}`),
  ]).toEqual([401, 403, 200, 403, 403]);
});
