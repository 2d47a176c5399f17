// Real: the whole server as a process of its own, PostgreSQL, DCMTK dcmsend and storescp; files of real devices where ARCHWIRE_SAMPLES names their folder.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@archwire/database/testing';
import {
  ADMINISTRATOR,
  endProcess,
  freePort,
  startArchwire,
  temporaryFolder,
  waitFor,
  type Archwire,
} from '@archwire/test-data/processes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { brokenObjects } from './testing/broken-objects.ts';
import { dataSetOf, dcmtk } from './testing/dcmtk.ts';
import { signedInFetch } from './testing/sign-in.ts';

const FOLDERS = [
  'dicom_robustness',
  'dicom_dental',
  'dicom_transfer_syntax',
  'dicom_objects',
  'dicom_charset',
];
const json = { headers: { accept: 'application/dicom+json' } };
/** C-STORE goes to the first group, STOW-RS to this one: the same objects meet in neither. */
const BY_STOW = { email: 'stow@archwire.local', password: ADMINISTRATOR.password };

let folder: string;
let database: TestDatabase;
let server: Archwire;
let stow: Archwire['fetch'];
let files: string[];
beforeAll(async () => {
  folder = await temporaryFolder();
  database = await createTestDatabase();
  server = await startArchwire({
    dataDir: join(folder, 'data'),
    env: { DATABASE_URL: database.ownerUrl, ARCHWIRE_SETTLE_IDLE_SECONDS: '1' },
  });
  const { tenantId } = await database.tenant('Stow');
  await database.owner(
    `insert into app_user (tenant_id, email, display_name, role, password_hash, must_change_password)
       select $1, $2, 'Stow', 'administrator', password_hash, false from app_user`,
    [tenantId, BY_STOW.email],
  );
  stow = await signedInFetch(server, BY_STOW);

  const generated = join(folder, 'generated');
  await mkdir(generated);
  for (const [name, bytes] of brokenObjects()) await writeFile(join(generated, name), bytes);
  const samples = process.env['ARCHWIRE_SAMPLES'];
  const homes = [generated, ...(samples === undefined ? [] : FOLDERS.map((name) => join(samples, name)))];
  files = homes.flatMap((home) =>
    readdirSync(home, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
});
afterAll(async () => {
  await server.stop();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const numbersIn = (value: unknown, tag: string): number[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
    name === tag &&
    typeof inner === 'object' &&
    inner !== null &&
    'Value' in inner &&
    Array.isArray(inner.Value)
      ? inner.Value.map(Number)
      : numbersIn(inner, tag),
  );
};
const urlIn = (answer: unknown): string | undefined =>
  /"(http[^"]+\/instances\/[^"]+)"/.exec(JSON.stringify(answer))?.[1];

/** What PS3.18 table 10.5.3-1 lets a server say; Processing Failure would be a fault of ours. */
const REASONS = new Set([0x0122, 0xa900, 0xc000, 0xc122]);

it('stores each file by STOW-RS and gives it back byte for byte with metadata and a picture, or says why not', async () => {
  const wrong: string[] = [];
  const firstOf = new Map<string, Buffer>();
  let refused = 0;
  for (const file of files) {
    const bytes = await readFile(file);
    const answer = await stow('/dicomweb/studies', {
      method: 'POST',
      headers: { ...json.headers, 'content-type': 'application/dicom' },
      body: Uint8Array.from(bytes),
    });
    const said: unknown = await answer.json();
    const url = urlIn(said);
    if (url === undefined) {
      refused += 1;
      const reasons = numbersIn(said, '00081197');
      if (answer.status !== 409 || reasons.length !== 1 || !reasons.every((reason) => REASONS.has(reason)))
        wrong.push(`${file}: refused with ${answer.status} ${JSON.stringify(said)}`);
      continue;
    }
    const path = new URL(url).pathname;
    const isFirst = !firstOf.has(path);
    if (isFirst) firstOf.set(path, bytes);
    const back = await stow(path, { headers: { accept: 'application/dicom; transfer-syntax=*' } });
    const same = Buffer.from(await back.arrayBuffer()).equals(firstOf.get(path) ?? bytes);
    if (back.status !== 200 || !same) wrong.push(`${file}: came back with ${back.status}, same: ${same}`);
    const metadata: unknown = await (await stow(`${path}/metadata`, json)).json();
    const uid = path.split('/').at(-1) ?? '';
    if (!Array.isArray(metadata) || !JSON.stringify(metadata[0]?.['00080018']).includes(`"${uid}"`))
      wrong.push(`${file}: metadata ${JSON.stringify(metadata).slice(0, 200)}`);
    const thumbnail = await stow(`${path}/thumbnail`, { headers: { accept: 'image/jpeg' } });
    const picture = Buffer.from(await thumbnail.arrayBuffer());
    if (thumbnail.status !== 200 || picture.readUInt16BE(0) !== 0xffd8)
      wrong.push(`${file}: thumbnail ${thumbnail.status}`);
  }
  expect(wrong).toEqual([]);
  expect(refused).toBeGreaterThan(0);
  expect(firstOf.size).toBeGreaterThan(refused);
}, 120_000);

interface Received {
  readonly uid: string;
  readonly dataSet: Buffer;
}

/** (0002,0003) of a file that storescp wrote. */
const sopInstanceUid = (written: Buffer): string => {
  const at = written.indexOf(Buffer.from([0x02, 0x00, 0x03, 0x00, 0x55, 0x49]));
  const length = written.readUInt16LE(at + 6);
  return written.toString('latin1', at + 8, at + 8 + length).replace(/[\0 ]+$/, '');
};

const dcmsend = async (file: string, port: number): Promise<string> =>
  (await dcmtk('dcmsend', ['-v', '-dn', '-nuc', '+f', '-aet', 'E2E', '127.0.0.1', String(port), file]))
    .output;
const isSuccess = (output: string): boolean => output.includes('Received C-STORE Response (Success)');

/** What DCMTK makes of each file on the wire, as its own bit-preserving receiver wrote it. */
const receivedByDcmtk = async (): Promise<Map<string, Received>> => {
  const home = join(folder, 'storescp');
  await mkdir(home);
  const port = await freePort();
  const storescp = spawn('storescp', ['+B', '+xa', '-uf', '-od', home, String(port)], { stdio: 'ignore' });
  const received = new Map<string, Received>();
  try {
    await waitFor('storescp', async () => (await dcmtk('echoscu', ['127.0.0.1', String(port)])).code === 0);
    for (const file of files) {
      if (!isSuccess(await dcmsend(file, port))) continue;
      for (const name of await readdir(home)) {
        const written = await readFile(join(home, name));
        received.set(file, { uid: sopInstanceUid(written), dataSet: dataSetOf(written) });
        await rm(join(home, name));
      }
    }
  } finally {
    await endProcess(storescp);
  }
  return received;
};

it('stores each file that DCMTK can send and gives back what was on the wire, or says why not', async () => {
  const answers = new Map<string, string>();
  const [received] = await Promise.all([
    receivedByDcmtk(),
    (async () => {
      for (const file of files) answers.set(file, await dcmsend(file, server.dimsePort));
    })(),
  ]);
  const wrong: string[] = [];
  const sent = new Map<string, Buffer[]>();
  // Of what storescp does not take, nobody knows the bytes on the wire; the same UID may have come in another syntax first.
  const unwitnessed = new Set<string>();
  for (const [file, answer] of answers) {
    if (isSuccess(answer) && !received.has(file)) unwitnessed.add(sopInstanceUid(await readFile(file)));
  }
  for (const [file, { uid, dataSet }] of received) {
    const answer = answers.get(file) ?? '';
    if (isSuccess(answer)) sent.set(uid, [...(sent.get(uid) ?? []), dataSet]);
    else if (!/Received C-STORE Response \((?!Unknown)/.test(answer) && !answer.includes('No Acceptable'))
      wrong.push(`${file}: ${answer.slice(-300)}`);
  }
  await waitFor('the index', async () => (await server.metric('archwire_ingest_unindexed_instances')) === 0);
  for (const [uid, dataSets] of sent) {
    if (unwitnessed.has(uid)) continue;
    const found: unknown = await (
      await server.fetch(`/dicomweb/instances?SOPInstanceUID=${encodeURIComponent(uid)}`, json)
    ).json();
    const url = Array.isArray(found) ? String(found[0]?.['00081190']?.Value?.[0]) : 'none';
    const back = await server.fetch(new URL(url, server.url).pathname, {
      headers: { accept: 'application/dicom; transfer-syntax=*' },
    });
    const stored = Buffer.from(await back.arrayBuffer());
    if (back.status !== 200 || !dataSets.some((dataSet) => dataSetOf(stored).equals(dataSet)))
      wrong.push(`${uid}: ${back.status}, ${stored.length} bytes`);
  }
  expect(wrong).toEqual([]);
  expect(sent.size).toBeGreaterThan(0);
}, 120_000);

it('is well afterwards: no job is left, the log has no error, and it answers C-ECHO', async () => {
  await waitFor('no job left', async () => {
    const { rows } = await database.db.knex.raw<{ rows: { jobs: string }[] }>(
      'select count(*) as jobs from bullmq.job',
    );
    return Number(rows[0]?.jobs) === 0;
  });
  await waitFor(
    'everything settled',
    async () => (await server.metric('archwire_archive_unsettled_instances')) === 0,
  );
  expect(
    server
      .output()
      .split('\n')
      .filter((line) => /"level":"(?:error|fatal)"/.test(line)),
  ).toEqual([]);
  expect((await dcmtk('echoscu', ['127.0.0.1', String(server.dimsePort)])).code).toBe(0);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
}, 90_000);
