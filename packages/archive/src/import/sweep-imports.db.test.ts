// Real: PostgreSQL, journal and object store on the disk of this machine.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildZip } from './testing/build-zip.ts';
import { startImports, type TestImports } from './testing/start-imports.ts';
import { testObject } from '../ingest/test-object.ts';

let test: TestImports;
beforeEach(async () => {
  test = await startImports();
});
afterEach(async () => await test.close());

/** Pieces that wait in the object store. */
const spooled = async (): Promise<string[]> =>
  (await readdir(join(test.folder, 'store'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.parentPath.includes('imports'))
    .map(({ name }) => name);
const stateOf = async (importId: string): Promise<string | undefined> =>
  (
    await test.database.owner<{ state: string }>('select state from import_session where id = $1', [importId])
  )[0]?.state;
/** What the sweep of a process that starts now does. */
const sweepUntil = async (what: string, isDone: () => Promise<boolean>): Promise<void> => {
  const running = test.imports.start();
  try {
    await expect.poll(isDone, { message: what, timeout: 60_000 }).toBe(true);
  } finally {
    await running.stop();
  }
  test.restart();
};
const zip = () => buildZip([{ name: 'a.dcm', data: testObject({ uid: '1.2.1' }).part10 }]);

it('an import that nobody came back to for a week is given up, and what arrived in part is thrown away', async () => {
  const left = await test.begin();
  await test.bring(left.id, 'disc.zip', zip());
  const recent = await test.begin();
  await test.bring(recent.id, 'other.zip', zip());
  expect((await spooled()).length).toBe(2);
  await test.database.owner(
    "update import_session set active_at = now() - interval '7 days 1 minute' where id = $1",
    [left.id],
  );
  await sweepUntil('the import to be given up', async () => (await spooled()).length === 1);
  expect([await stateOf(left.id), await stateOf(recent.id)]).toEqual(['abandoned', 'open']);
  await expect(test.bring(left.id, 'late.zip', zip())).rejects.toMatchObject({ kind: 'conflict' });
});

it('a file whose job was lost is opened after all', async () => {
  const { id } = await test.begin();
  await test.bring(id, 'disc.zip', zip());
  test.jobs.length = 0;
  await test.database.owner(
    "update import_file set updated_at = now() - interval '16 minutes' where import_id = $1",
    [id],
  );
  await sweepUntil('the job to be there again', async () => test.jobs.length > 0);
  await test.work();
  expect(Object.values(await test.report(id)).some((outcome) => outcome.startsWith('stored'))).toBe(true);
});

it('the report of an old import is forgotten, its images are not', async () => {
  const { id } = await test.begin();
  await test.bring(id, 'a.dcm', testObject({ uid: '1.2.1' }).part10);
  await test.imports.service.cancel(test.principal, id);
  await test.database.owner(
    "update import_session set finished_at = now() - interval '91 days' where id = $1",
    [id],
  );
  await sweepUntil('the report to be gone', async () => (await stateOf(id)) === undefined);
  const rows = await test.database.owner('select sop_uid from instance');
  expect(rows).toEqual([{ sop_uid: '1.2.1' }]);
});
