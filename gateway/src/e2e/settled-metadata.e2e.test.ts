// Real: the whole server as a process of its own, its embedded PostgreSQL, DCMTK storescu, the object store on disk.
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startArchwire, temporaryFolder, waitFor, type Archwire } from '@archwire/test-data/processes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { storescu } from './testing/dcmtk.ts';
import { smallObject } from './testing/small-object.ts';

let folder: string;
let server: Archwire;
beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startArchwire({
    dataDir: join(folder, 'data'),
    env: { ARCHWIRE_SETTLE_IDLE_SECONDS: '1' },
  });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const built = async (): Promise<string[]> =>
  (await readdir(join(folder, 'data', 'store'), { recursive: true })).filter((name) =>
    name.includes('+metadata+'),
  );

it('builds the metadata of a series when it has settled, before anybody asks, and once', async () => {
  const objects = [1, 2, 3].map((number) => smallObject('settled', number));
  const files = objects.map((_, at) => join(folder, `${at}.dcm`));
  for (const [at, { bytes }] of objects.entries()) await writeFile(files[at] ?? '', bytes);
  expect(await storescu(server, files)).toEqual(files);
  await waitFor('metadata built', async () => (await built()).length > 0);
  const before = await built();
  const [first] = objects;
  const answer = await server.fetch(`/dicomweb/studies/${first?.study}/series/${first?.series}/metadata`);
  const metadata: unknown = await answer.json();
  expect(metadata).toMatchObject(
    objects.map(({ instance }) => ({ '00080018': { vr: 'UI', Value: [instance] } })),
  );
  expect(await built()).toEqual(before);
  expect(before).toHaveLength(1);
});
