// Real: the whole server as a process of its own, PostgreSQL, jobs, DCMTK's storescu and dcmdump, Python's zipfile, HTTP.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createApiClient } from '@archwire/contracts/api';
import { exportsApi, type Export } from '@archwire/contracts/api/exports';
import { importsApi } from '@archwire/contracts/api/imports';
import { patientsApi } from '@archwire/contracts/api/patients';
import { SHARE_LIMITS, sharesApi } from '@archwire/contracts/api/shares';
import { createTestDatabase, type TestDatabase } from '@archwire/database/testing';
import { readDirectory, readInstanceHead, toDicomJson } from '@archwire/dicom';
import { cbct, intraoral, treatmentHistory } from '@archwire/test-data';
import { startArchwire, temporaryFolder, waitFor, type Archwire } from '@archwire/test-data/processes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { storescu } from './testing/dcmtk.ts';

let folder: string;
let database: TestDatabase;
let server: Archwire;
let patientId = '';
let studyIds: readonly string[] = [];
/** By SOP Instance UID. */
const sent = new Map<string, Buffer>();

const { call } = createApiClient(async (path, init) => {
  const answer = await server.fetch(path, init);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
});

beforeAll(async () => {
  folder = await temporaryFolder();
  database = await createTestDatabase();
  server = await startArchwire({ dataDir: join(folder, 'data'), env: { DATABASE_URL: database.ownerUrl } });
  const [first, second] = treatmentHistory(7, 3);
  if (first === undefined || second === undefined) throw new Error('There are no generated studies.');
  const objects = [
    await intraoral(first, { kind: 'periapical', teeth: [11] }, 1),
    ...cbct(first, { matrix: 16, slices: 3, voxel: 1 }),
    await intraoral(second, { kind: 'periapical', teeth: [21] }, 1),
  ];
  const files: string[] = [];
  for (const [index, bytes] of objects.entries()) {
    const file = join(folder, `${index}.dcm`);
    await writeFile(file, bytes);
    files.push(file);
    sent.set(readInstanceHead(bytes).header.SOPInstanceUID, bytes);
  }
  expect(await storescu(server, files)).toEqual(files);
  await waitFor('both studies and their pictures', async () => {
    const { patients } = await call(patientsApi.search, { body: { text: first.patient.PatientID } });
    patientId = patients[0]?.patientId ?? '';
    if (patientId === '') return false;
    const { studies } = await call(patientsApi.timeline, { params: { id: patientId }, query: {} });
    studyIds = studies.map(({ studyId }) => studyId);
    return (
      studies.length === 2 && studies.every(({ thumbnails }) => thumbnails.every((t) => t.picture !== null))
    );
  });
});
afterAll(async () => {
  await server.stop();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const finished = async (id: string): Promise<Export> => {
  let now: Export | undefined;
  await waitFor('the export', async () => {
    now = await call(exportsApi.get, { params: { id } });
    return now.state !== 'queued' && now.state !== 'running';
  });
  if (now?.state !== 'done') throw new Error(`The export is ${now?.state}.`);
  return now;
};
/** Unpacked by a program that is not ours. */
const unpacked = async (id: string): Promise<{ readonly zip: Buffer; readonly at: string }> => {
  const answer = await server.fetch(`/api/v1/exports/${id}/file`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip']);
  const zip = Buffer.from(await answer.arrayBuffer());
  const at = join(folder, id);
  await mkdir(at);
  await writeFile(`${at}.zip`, zip);
  execFileSync('python3', ['-m', 'zipfile', '-e', `${at}.zip`, at]);
  return { zip, at };
};
const filesIn = (at: string): readonly string[] =>
  readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(at.length + 1))
    .toSorted();

describe('an export', () => {
  it('of a patient is a disc: DCMTK reads its directory, a cut download goes on, and our import knows every object', async () => {
    const made = await call(exportsApi.create, {
      body: { patientId, format: 'dicom', identity: 'received' },
    });
    const done = await finished(made.id);
    const { zip, at } = await unpacked(made.id);
    expect(done).toMatchObject({ total: 5, done: 5, leftOut: {}, bytes: zip.length, patientId });
    const named = readDirectory(readFileSync(join(at, 'DICOMDIR'))).map((parts) => parts.join('/'));
    expect(named.toSorted()).toEqual(filesIn(at).filter((file) => file !== 'DICOMDIR'));
    expect(named.length).toBe(5);
    for (const file of named) {
      expect(file).toMatch(/^(?:[A-Z0-9_]{1,8}\/){3}[A-Z0-9_]{1,8}$/);
      const bytes = readFileSync(join(at, file));
      const before = sent.get(readInstanceHead(bytes).header.SOPInstanceUID) ?? Buffer.alloc(0);
      expect(toDicomJson(bytes)).toEqual(toDicomJson(before));
    }
    const dump = execFileSync('dcmdump', [join(at, 'DICOMDIR')]).toString();
    expect(dump.match(/DirectoryRecordType/g)?.length).toBe(1 + 2 + 3 + 5);

    const half = Math.floor(zip.length / 2);
    const rest = await server.fetch(`/api/v1/exports/${made.id}/file`, {
      headers: { range: `bytes=${half}-` },
    });
    expect(rest.status).toBe(206);
    expect(Buffer.from(await rest.arrayBuffer()).equals(zip.subarray(half))).toBe(true);

    const { id } = await call(importsApi.create, { body: { expectedFiles: 1, expectedBytes: zip.length } });
    const file = { key: 'disc-of-a-patient', path: 'disc.zip', size: zip.length };
    const { files } = await call(importsApi.declare, { params: { id }, body: { files: [file] } });
    const put = await server.fetch(`/api/v1/imports/${id}/files/${files[0]?.fileId}?offset=0`, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: Uint8Array.from(zip),
    });
    expect(put.status).toBeLessThan(300);
    await call(importsApi.finish, { params: { id } });
    await waitFor(
      'the import',
      async () => (await call(importsApi.get, { params: { id } })).state === 'done',
    );
    const { counts } = await call(importsApi.get, { params: { id } });
    expect(counts.outcomes).toMatchObject({ duplicate: 5 });
  });

  it('that is de-identified has nobody in any byte, one pseudonym for both studies, and new UIDs', async () => {
    const made = await call(exportsApi.create, {
      body: { patientId, format: 'dicom', identity: 'deidentified', options: { project: 'teeth' } },
    });
    expect(await finished(made.id)).toMatchObject({ done: 5, leftOut: {} });
    const { at } = await unpacked(made.id);
    const [one] = [...sent.values()].map((bytes) => toDicomJson(bytes));
    const name = z
      .object({ Alphabetic: z.string() })
      .parse(one?.['00100010']?.Value?.[0])
      .Alphabetic.split('^');
    const secrets = [...name, z.string().parse(one?.['00100020']?.Value?.[0]), ...sent.keys()];
    const who = new Set<unknown>();
    for (const file of filesIn(at)) {
      const bytes = readFileSync(join(at, file));
      const text = bytes.toString('latin1').toLowerCase();
      for (const secret of secrets.filter(({ length }) => length > 2))
        expect([file, text.includes(secret.toLowerCase())]).toEqual([file, false]);
      if (file !== 'DICOMDIR') who.add(toDicomJson(bytes)['00100020']?.Value?.[0]);
    }
    expect([...who]).toEqual([expect.stringMatching(/^ANON-[0-9A-Z]{10}$/)]);
  });

  it('that is de-identified has nothing where its device writes into pictures, and the rest as it was', async () => {
    const [bytes] = [...sent.values()];
    if (bytes === undefined) throw new Error('Nothing was sent.');
    const { dataSet } = readInstanceHead(bytes);
    const size = { rows: dataSet.uint16('x00280010') ?? 0, columns: dataSet.uint16('x00280011') ?? 0 };
    const region = await call(exportsApi.addCleanRegion, {
      body: {
        manufacturer: dataSet.string('x00080070') ?? '',
        model: (dataSet.string('x00081090') ?? '').toUpperCase(),
        ...size,
        left: 0,
        top: 0,
        width: size.columns,
        height: 2,
      },
    });
    const made = await call(exportsApi.create, {
      body: { patientId, format: 'dicom', identity: 'deidentified' },
    });
    await finished(made.id);
    const { at } = await unpacked(made.id);
    const blanked = filesIn(at)
      .filter((file) => file !== 'DICOMDIR')
      .map((file) => readFileSync(join(at, file)))
      .filter((one) => readInstanceHead(one).dataSet.uint16('x00280010') === size.rows);
    const pixelsOf = (one: Buffer): Buffer =>
      one.subarray(readInstanceHead(one).pixelData?.offset ?? one.length);
    const words = (dataSet.uint16('x00280100') ?? 8) / 8;
    const covered = size.columns * 2 * words;
    expect(blanked.length).toBeGreaterThan(0);
    expect(blanked.every((one) => pixelsOf(one).subarray(0, covered).equals(Buffer.alloc(covered)))).toBe(
      true,
    );
    expect(
      blanked.some((one) => pixelsOf(one).subarray(covered).equals(pixelsOf(bytes).subarray(covered))),
    ).toBe(true);
    // A JPEG is made of the picture as it is shown, so it leaves the house only where no words can be in it.
    const pictures = await call(exportsApi.create, {
      body: { patientId, format: 'jpeg', identity: 'deidentified' },
    });
    expect((await finished(pictures.id)).leftOut['burned-in']).toBe(blanked.length);
    await call(exportsApi.removeCleanRegion, { params: { id: region.id } });
    expect((await call(exportsApi.cleanRegions, {})).regions).toEqual([]);
  });

  it('as pictures has a folder for each series, and names of nobody unless they are wanted', async () => {
    const plain = await call(exportsApi.create, { body: { studyId: studyIds[1] ?? '', format: 'jpeg' } });
    await finished(plain.id);
    const { at } = await unpacked(plain.id);
    const files = filesIn(at);
    expect(files.every((file) => /^study-1\/series-\d+-[A-Z0-9]+\/\d{4}-[a-z-]+\.jpg$/.test(file))).toBe(
      true,
    );
    expect(files.length).toBeGreaterThan(0);
    expect(files.map((file) => readFileSync(join(at, file)).subarray(0, 2).toString('hex'))).toEqual(
      files.map(() => 'ffd8'),
    );
    await call(exportsApi.remove, { params: { id: plain.id } });
    expect((await server.fetch(`/api/v1/exports/${plain.id}/file`)).status).toBe(404);
  });

  it('expires: its file is thrown away, and nobody gets it meanwhile', async () => {
    const made = await call(exportsApi.create, { body: { studyId: studyIds[0] ?? '', format: 'dicom' } });
    await finished(made.id);
    await database.owner(`update export_job set expires_at = now() - interval '1 minute' where id = $1`, [
      made.id,
    ]);
    expect((await server.fetch(`/api/v1/exports/${made.id}/file`)).status).toBe(404);
  });
});

describe('a link', () => {
  const open = async (body: unknown) => {
    const answer = await fetch(`${server.url}/api/v1/shares/open`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const json: unknown = await answer.json();
    const cookie = answer.headers.get('set-cookie') ?? '';
    return { status: answer.status, json, cookie, robots: answer.headers.get('x-robots-tag') };
  };
  const reasonOf = (json: unknown): unknown =>
    z.looseObject({ details: z.looseObject({ reason: z.string() }).optional() }).parse(json).details?.reason;
  const pictureOf = (json: unknown): string => {
    const study = sharesApi.open.response?.parse(json);
    const image = study?.series[0]?.images[0];
    return `/api/v1/shared/${study?.shareId}/pictures/${image?.instanceId}/${image?.version}/preview`;
  };
  const status = async (path: string, cookie = ''): Promise<number> =>
    (await fetch(`${server.url}${path}`, { headers: { cookie: cookie.split(';')[0] ?? '' } })).status;
  const make = async (more: object = {}) =>
    await call(sharesApi.create, { body: { studyId: studyIds[0] ?? '', hours: 24, ...more } });

  it('shows one study to who has it, without a name, and nothing once it is closed', async () => {
    const { share, token } = await make({ download: 'jpeg' });
    const opened = await open({ token });
    expect([opened.status, opened.robots]).toEqual([200, 'noindex, nofollow, noarchive']);
    expect(opened.cookie).toContain(`Path=/api/v1/shared/${share.id}`);
    expect(opened.cookie).toContain('HttpOnly; SameSite=Strict');
    expect(JSON.stringify(opened.json)).not.toContain(patientId);
    const address = pictureOf(opened.json);
    expect(await status(address, opened.cookie)).toBe(200);
    expect(await status(address)).toBe(404);
    expect(await status(address, opened.cookie.replace(/\.[^.;]+;/, '.forged;'))).toBe(404);

    // The cookie of one link opens no other link, and no study but its own.
    const other = await call(sharesApi.create, { body: { studyId: studyIds[1] ?? '', hours: 1 } });
    const elsewhere = await open({ token: other.token });
    const foreign = pictureOf(elsewhere.json);
    expect(await status(foreign, opened.cookie)).toBe(404);
    expect(await status(foreign.replace(other.share.id, share.id), opened.cookie)).toBe(404);
    expect(await status(`/api/v1/studies/${studyIds[0]}`, opened.cookie)).toBe(401);

    await waitFor(
      'the file to take along',
      async () => (await status(`/api/v1/shared/${share.id}/file`, opened.cookie)) === 200,
    );
    expect(await status(`/api/v1/shared/${share.id}/file`, elsewhere.cookie)).toBe(404);

    await call(sharesApi.revoke, { params: { id: share.id } });
    expect(await status(address, opened.cookie)).toBe(404);
    expect(reasonOf((await open({ token })).json)).toBe('revoked');
    const { shares } = await call(sharesApi.list, { query: { studyId: studyIds[0] } });
    expect(shares.find(({ id }) => id === share.id)).toMatchObject({ state: 'revoked', openings: 1 });
    const trail = await database.owner<{ action: string; outcome: string }>(
      `select action, outcome from audit_log where entity_id = $1 order by seq`,
      [share.id],
    );
    expect(trail.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'imaging.share.created success',
      'imaging.share.opened success',
      'imaging.share.downloaded success',
      'imaging.share.revoked success',
      'imaging.share.opened failure',
    ]);
  });

  it('with a passcode locks itself before anybody has guessed it', async () => {
    const { share, token } = await make({ passcode: 'braces 4 ever' });
    expect(reasonOf((await open({ token })).json)).toBe('passcode-needed');
    const guesses = await Promise.all(
      Array.from(
        { length: SHARE_LIMITS.failures },
        async (_, n) => await open({ token, passcode: `guess ${n}` }),
      ),
    );
    expect(guesses.map(({ json }) => reasonOf(json))).toEqual(guesses.map(() => 'passcode-wrong'));
    expect(reasonOf((await open({ token, passcode: 'braces 4 ever' })).json)).toBe('locked');
    await database.owner('update share_link set failures = 0 where id = $1', [share.id]);
    expect((await open({ token, passcode: ' braces 4 ever ' })).status).toBe(200);
  });

  it('that is unknown, expired or of another group opens nothing', async () => {
    const { share, token } = await make();
    const [tenant = '', row = '', secret = ''] = token.split('.');
    for (const wrong of [
      'nonsense',
      `${tenant}.${row}.${'A'.repeat(43)}`,
      `${row}.${row}.${secret}`,
      `${tenant}.${tenant}.${secret}`,
    ])
      expect(reasonOf((await open({ token: wrong })).json)).toBe('unknown');
    await database.owner(`update share_link set expires_at = now() - interval '1 second' where id = $1`, [
      share.id,
    ]);
    expect(reasonOf((await open({ token })).json)).toBe('expired');
    const kept = await database.owner<{ text: string }>(
      'select l::text as text from share_link l where id = $1',
      [share.id],
    );
    expect(kept[0]?.text).not.toContain(secret);
  });
});
