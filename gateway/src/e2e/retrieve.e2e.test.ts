// Real: the whole server as a process of its own, PostgreSQL, HTTP; DCMTK's storescu, getscu, movescu and storescp.
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  endProcess,
  freePort,
  startArchwire,
  temporaryFolder,
  waitFor,
  type Archwire,
} from '@archwire/test-data/processes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataSetOf, dcmtk, storescu } from './testing/dcmtk.ts';
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

const register = async (device: object): Promise<void> => {
  const answer = await server.fetch('/api/v1/devices', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(device),
  });
  expect([answer.status, answer.ok ? '' : await answer.text()]).toEqual([answer.status, '']);
};
/** The data sets in a folder, to be compared whatever their names. */
const dataSetsIn = async (name: string): Promise<string[]> => {
  const files = await Promise.all(
    (await readdir(name)).map(async (file) => await readFile(join(name, file))),
  );
  return files.map((file) => dataSetOf(file).toString('base64')).toSorted();
};

it('a workstation gets what was stored, and has it sent to a registered archive, and to no other', async () => {
  const objects = [1, 2, 3].map((number) => smallObject('retrieve', number));
  const files = await Promise.all(
    objects.map(async ({ bytes }, number) => {
      const file = join(folder, `${number}.dcm`);
      await writeFile(file, bytes);
      return file;
    }),
  );
  const workstation = { name: 'Workstation', aeTitle: 'VIEWER', kind: 'workstation' };
  await register(workstation);
  expect((await storescu(server, files, 'VIEWER')).length).toBe(3);
  const sent = objects.map(({ bytes }) => dataSetOf(bytes).toString('base64')).toSorted();

  const [studyUid = ''] = objects.map(({ study }) => study);
  const ask = (tool: string, options: readonly string[]) =>
    dcmtk(tool, [
      '-d',
      '-S',
      '-aet',
      'VIEWER',
      '-aec',
      server.calledAe,
      '-k',
      'QueryRetrieveLevel=STUDY',
      '-k',
      `StudyInstanceUID=${studyUid}`,
      ...options,
      '127.0.0.1',
      String(server.dimsePort),
    ]);
  const got = join(folder, 'got');
  await mkdir(got);
  await waitFor('the index', async () => {
    await ask('getscu', ['+B', '-od', got]);
    return (await readdir(got)).length === 3;
  });
  expect(await dataSetsIn(got)).toEqual(sent);

  const moved = join(folder, 'moved');
  await mkdir(moved);
  const port = await freePort();
  const archive = spawn('storescp', ['+B', '-od', moved, String(port)], { stdio: 'ignore' });
  try {
    await waitFor('storescp', async () => (await dcmtk('echoscu', ['127.0.0.1', String(port)])).code === 0);
    expect((await ask('movescu', ['-aem', 'VNA'])).output).toContain('0xa801');
    await register({ name: 'Archive', aeTitle: 'VNA', kind: 'archive', host: '127.0.0.1', port });
    expect((await ask('movescu', ['-aem', 'VNA'])).output).toMatch(/DIMSE Status\s+: 0x0000/);
    expect(await dataSetsIn(moved)).toEqual(sent);
  } finally {
    await endProcess(archive);
  }
});
