// Real: the whole server as a process of its own on a small tmpfs that fills up, PostgreSQL elsewhere, DCMTK storescu.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@archwire/database/testing';
import { startArchwire, temporaryFolder, waitFor, type Archwire } from '@archwire/test-data/processes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataSetOf, dcmtk, storescu } from './testing/dcmtk.ts';
import { smallObject, type SmallObject } from './testing/small-object.ts';

const DISK_MB = 112;
/** Removed later: room for packs, derivatives and prepared segments beside a journal that cannot be let go of yet. */
const BALLAST = Buffer.alloc(72 << 20, 1);
/** Half a megabyte each. */
const SIDE = 512;
const BATCH = 10;

let folder: string;
let disk: string;
let database: TestDatabase;
let server: Archwire;

/** Mounting needs root; a machine of CI gives it through sudo. */
const asRoot = async (tool: string, args: readonly string[]): Promise<void> => {
  const { code, output } =
    process.getuid?.() === 0 ? await dcmtk(tool, args) : await dcmtk('sudo', ['-n', tool, ...args]);
  if (code !== 0) throw new Error(`${tool} failed: ${output}`);
};

beforeAll(async () => {
  folder = await temporaryFolder();
  disk = join(folder, 'disk');
  await mkdir(disk);
  await asRoot('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m,mode=0777`, 'tmpfs', disk]);
  await writeFile(join(disk, 'ballast'), BALLAST);
  database = await createTestDatabase();
  server = await startArchwire({
    dataDir: join(disk, 'data'),
    env: {
      DATABASE_URL: database.ownerUrl,
      ARCHWIRE_JOURNAL_SEGMENT_MB: '4',
      ARCHWIRE_DISK_HEADROOM_MB: '0',
      ARCHWIRE_SETTLE_IDLE_SECONDS: '1',
    },
  });
});
afterAll(async () => {
  await server.stop();
  await asRoot('umount', [disk]);
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

interface Sent extends SmallObject {
  readonly file: string;
}
const write = async (name: string): Promise<Sent[]> =>
  await Promise.all(
    Array.from({ length: BATCH }, async (_, at) => {
      const object = smallObject(name, at + 1, { side: SIDE });
      const file = join(folder, `${name}-${at + 1}.dcm`);
      await writeFile(file, object.bytes);
      return { ...object, file };
    }),
  );
/** Those of the objects that were acknowledged, and what `storescu` heard. */
const send = async (objects: readonly Sent[]): Promise<{ stored: Sent[]; refused: boolean }> => {
  const stored = await storescu(
    server,
    objects.map(({ file }) => file),
  );
  return {
    stored: objects.filter(({ file }) => stored.includes(file)),
    refused: stored.length < objects.length,
  };
};
const wrongOnes = async (objects: readonly Sent[]): Promise<string[]> => {
  const wrong: string[] = [];
  for (const { study, series, instance, bytes } of objects) {
    const answer = await server.fetch(`/dicomweb/studies/${study}/series/${series}/instances/${instance}`, {
      headers: { accept: 'application/dicom; transfer-syntax=*' },
    });
    const stored = Buffer.from(await answer.arrayBuffer());
    if (answer.status !== 200 || !dataSetOf(stored).equals(dataSetOf(bytes)))
      wrong.push(`${instance}: ${answer.status}`);
  }
  return wrong;
};

it('refuses with A700 when the disk is full, keeps what it acknowledged, and accepts again when there is room', async () => {
  const acknowledged: Sent[] = [];
  let full = false;
  for (let batch = 0; batch < 30 && !full; batch += 1) {
    const { stored, refused } = await send(await write(`full-${batch}`));
    acknowledged.push(...stored);
    full = refused;
  }
  expect(full).toBe(true);
  expect(await server.metric('archwire_dimse_store_failures_total{status="A700"}')).toBeGreaterThan(0);
  expect(acknowledged.length).toBeGreaterThan(BATCH);

  const echo = ['-aec', server.calledAe, '127.0.0.1', String(server.dimsePort)];
  expect((await dcmtk('echoscu', echo)).code).toBe(0);
  await waitFor(
    'every acknowledged object in the index',
    async () => (await server.metric('archwire_ingest_unindexed_instances')) === 0,
  );
  expect(await wrongOnes(acknowledged)).toEqual([]);
  const refused = await server.fetch('/dicomweb/studies', {
    method: 'POST',
    headers: { 'content-type': 'application/dicom', accept: 'application/dicom+json' },
    body: Uint8Array.from(smallObject('by STOW', 1, { side: 1024 }).bytes),
  });
  const body: unknown = await refused.json();
  const FailureReason = { vr: 'US', Value: [0xa700] };
  expect([refused.status, body]).toEqual([
    409,
    { '00081198': { vr: 'SQ', Value: [expect.objectContaining({ '00081197': FailureReason })] } },
  ]);

  await rm(join(disk, 'ballast'));
  const later = await write('after');
  await waitFor('room again', async () => {
    const { stored } = await send(later);
    return stored.length === later.length;
  });
  await waitFor(
    'everything settled',
    async () => (await server.metric('archwire_archive_unsettled_instances')) === 0,
    { seconds: 90 },
  );
  expect(await wrongOnes([...acknowledged, ...later])).toEqual([]);
  await waitFor('readiness', async () => (await fetch(`${server.url}/readyz`)).ok);
}, 180_000);
